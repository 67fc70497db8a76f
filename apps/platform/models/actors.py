from django.db import models

from apps.platform.domain.clock import now
from apps.platform.domain.ids import new_id
from apps.platform.models.users import User


class Actor(models.Model):
    id = models.CharField(primary_key=True, max_length=17, default=new_id)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    name = models.CharField(max_length=63)
    title = models.TextField(null=True)
    description = models.TextField(null=True)
    is_public = models.BooleanField(default=False)
    is_anonymously_runnable = models.BooleanField(default=False)
    is_deprecated = models.BooleanField(default=False)
    restart_on_error = models.BooleanField(default=False)
    categories = models.JSONField(default=list)
    default_run_options = models.JSONField(default=dict)  # build, timeoutSecs, memoryMbytes
    example_run_input = models.JSONField(null=True)
    tagged_builds = models.JSONField(default=dict)  # tag -> {buildId, buildNumber, finishedAt}
    extra = models.JSONField(default=dict)  # fields the API keeps but does not read
    deployment_key = models.CharField(max_length=40, default=new_id)
    total_builds = models.IntegerField(default=0)
    total_runs = models.IntegerField(default=0)
    total_metamorphs = models.IntegerField(default=0)  # how often a run became it
    last_run_started_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    modified_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "actor"
        constraints = (models.UniqueConstraint(fields=["user", "name"], name="actor_name"),)


class Version(models.Model):
    """A version of an Actor's source. Secret values inside `env_vars` are kept encrypted."""

    actor = models.ForeignKey(Actor, on_delete=models.CASCADE, related_name="versions")
    version_number = models.CharField(max_length=20)  # MAJOR.MINOR
    source_type = models.CharField(max_length=20)
    source_files = models.JSONField(null=True)  # [{name, format, content}]
    source_url = models.TextField(null=True)  # gitRepoUrl, tarballUrl or gitHubGistUrl
    env_vars = models.JSONField(default=list)  # [{name, value, isSecret?}] exactly as sent
    apply_env_vars_to_build = models.BooleanField(default=False)
    build_tag = models.CharField(max_length=64, null=True)
    last_build_no = models.IntegerField(default=0)

    class Meta:
        db_table = "version"
        constraints = (
            models.UniqueConstraint(fields=["actor", "version_number"], name="version_number"),
        )
