from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac

from console.request import Role

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
