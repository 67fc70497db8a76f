from django.db import models

from apps.platform.domain.clock import now
from apps.platform.domain.ids import new_id


class User(models.Model):
    """An account of the Platform. `general_access` is the default for its runs and storages:
    ANYONE_WITH_ID_CAN_READ as the reference has it, or RESTRICTED (design.md section 7)."""

    id = models.CharField(primary_key=True, max_length=17, default=new_id)
    username = models.CharField(max_length=63, unique=True)
    email = models.CharField(max_length=254, default="")
    profile = models.JSONField(default=dict)
    general_access = models.CharField(max_length=40, default="ANYONE_WITH_ID_CAN_READ")
    proxy_password = models.CharField(max_length=40, default=new_id)
    signing_secret = models.CharField(max_length=40, default=new_id)
    limits = models.JSONField(default=dict)  # only what differs from domain.limits
    created_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "user"


class Token(models.Model):
    """An API token, looked up by the SHA-256 of its text. `run_id` scopes it to one run."""

    digest = models.CharField(primary_key=True, max_length=64)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    run_id = models.CharField(max_length=17, default="", db_index=True)
    sealed = models.TextField(default="")  # encrypted, for the command that prints it again
    created_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "token"
