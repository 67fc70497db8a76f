from django.db import models

from apps.platform.models.actors import Actor
from apps.platform.models.work import Work


class Build(Work):
    """One build. `folder` names the runnable folder below the builds' root, `env` the shared
    dependency environment, `command` the argv that starts the Actor."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="builds")
    build_number = models.CharField(max_length=30)  # MAJOR.MINOR.n
    version_number = models.CharField(max_length=20)
    tag = models.CharField(max_length=64, default="")
    use_cache = models.BooleanField(default=False)
    beta_packages = models.BooleanField(default=False)
    input_schema = models.JSONField(null=True)
    readme = models.TextField(null=True)
    actor_definition = models.JSONField(null=True)
    runtime = models.CharField(max_length=20, default="")  # python or node
    command = models.JSONField(default=list)
    env = models.CharField(max_length=80, default="")
    variables = models.JSONField(default=dict)  # of the Dockerfile's ENV

    class Meta:
        db_table = "build"
        constraints = (models.UniqueConstraint(fields=["actor", "build_number"], name="build_no"),)
        indexes = (
            models.Index(fields=["user_id", "started_at", "id"], name="build_user"),
            models.Index(fields=["actor", "started_at", "id"], name="build_actor"),
            models.Index(fields=["status", "lease_until"], name="build_work"),
        )
