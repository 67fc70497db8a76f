from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.utils.crypto import salted_hmac

from apps.team import sealing
from console.roles import Role

THEMES = ("system", "light", "dark")
DENSITIES = ("compact", "roomy")


class User(AbstractUser):
    """A person who signs in to the Console. Raising `session_epoch` ends all their sessions."""

    time_zone = models.CharField(max_length=64, blank=True)
    theme = models.CharField(max_length=8, default="system", choices=[(t, t) for t in THEMES])
    density = models.CharField(max_length=8, default="compact", choices=[(d, d) for d in DENSITIES])
    workspace = models.ForeignKey(
        "team.Workspace", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    session_epoch = models.PositiveIntegerField(default=0)

    def get_session_auth_hash(self) -> str:
        """Of the password and the epoch: a session ends when either changes."""
        value = f"{self.password}:{self.session_epoch}"
        return salted_hmac("apps.team.session", value, algorithm="sha256").hexdigest()


class Workspace(models.Model):
    """An API and the token for it. `sealed_token` opens for this row alone (`sealing`)."""

    name = models.CharField(max_length=100, unique=True)
    api_url = models.URLField(max_length=500)
    sealed_token = models.TextField(blank=True)
    last_four = models.CharField(max_length=4, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    @transaction.atomic
    def connect(self, *, api_url: str, token: str = "") -> None:
        """Sets the address and, if given, the token; saves.

        Another address without a token clears it: a credential never travels to a place for which
        it was not given.
        """
        moved = api_url != self.api_url
        self.api_url = api_url
        if self._state.adding:
            self.save()
        if token:
            self.sealed_token = sealing.seal(self.pk, token)
            self.last_four = token[-4:]
        elif moved:
            self.sealed_token = self.last_four = ""
        self.save()


class Membership(models.Model):
    """Who sits in which workspace, and with which role."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    role = models.PositiveSmallIntegerField(choices=[(role.value, role.word) for role in Role])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "workspace"], name="one_role_per_workspace")
        ]


class SignInLink(models.Model):
    """A link that signs in once. Only the hash of its secret is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()


class AuditEntry(models.Model):
    """What somebody changed. `username` stays when the person is gone."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    username = models.CharField(max_length=150)
    at = models.DateTimeField(auto_now_add=True)
    action = models.CharField(max_length=40)
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        indexes = [models.Index(fields=["workspace", "action", "-id"], name="audit_recent")]
