from django.db import models

from apps.platform.models.actors import Actor
from apps.platform.models.work import Work


class Run(Work):
    actor = models.ForeignKey(Actor, on_delete=models.DO_NOTHING, db_constraint=False)
    task_id = models.CharField(max_length=17, default="")
    parent_run_id = models.CharField(max_length=17, default="", db_index=True)
    build_id = models.CharField(max_length=17, default="")
    build_number = models.CharField(max_length=30, default="")
    is_status_message_terminal = models.BooleanField(null=True)
    input_key = models.CharField(max_length=40, default="INPUT")
    dataset_id = models.CharField(max_length=17, default="")
    key_value_store_id = models.CharField(max_length=17, default="")
    request_queue_id = models.CharField(max_length=17, default="")
    container_url = models.TextField(default="")
    general_access = models.CharField(max_length=40, default="FOLLOW_USER_SETTING")
    metamorphs = models.JSONField(default=list)
    seconds_before = models.FloatField(default=0)  # ran before it was resurrected: no time limit

    class Meta:
        db_table = "run"
        indexes = (
            models.Index(fields=["user_id", "started_at", "id"], name="run_user"),
            models.Index(fields=["user_id", "status", "started_at", "id"], name="run_user_status"),
            models.Index(fields=["actor", "started_at", "id"], name="run_actor"),
            models.Index(fields=["actor", "status", "started_at", "id"], name="run_actor_status"),
            models.Index(fields=["task_id", "started_at", "id"], name="run_task"),
            models.Index(fields=["status", "lease_until"], name="run_work"),
        )
