from django.db import models

from apps.platform.domain.clock import now
from apps.platform.domain.ids import new_id
from apps.platform.models.actors import Actor
from apps.platform.models.users import User


class Task(models.Model):
    """An Actor with input and options of its own. It outlives its Actor, which may be someone
    else's. The input may hold secrets, whatever the schema says of them: it is kept sealed."""

    id = models.CharField(primary_key=True, max_length=17, default=new_id)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    actor = models.ForeignKey(Actor, on_delete=models.DO_NOTHING, db_constraint=False)
    name = models.CharField(max_length=63)
    title = models.TextField(null=True)
    description = models.TextField(null=True)
    options = models.JSONField(default=dict)  # build, timeoutSecs, memoryMbytes, maxItems
    sealed_input = models.TextField(default="")  # a JSON object, encrypted; "": none
    total_runs = models.IntegerField(default=0)
    last_run_started_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    modified_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "task"
        constraints = (models.UniqueConstraint(fields=["user", "name"], name="task_name"),)
        indexes = (models.Index(fields=["user", "created_at", "id"], name="task_user"),)
