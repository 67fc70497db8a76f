from django.db import models

from apps.platform.domain.ids import new_id
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
    web_key = models.CharField(max_length=17, default=new_id, db_index=True)  # of its address
    web_address = models.CharField(max_length=80, default="")  # host:port while it runs
    web_ready = models.BooleanField(default=False)  # whether somebody answers there
    pricing_info = models.JSONField(null=True)  # as it was when the run started
    charged = models.JSONField(default=dict)  # event -> count
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


class Charge(models.Model):
    """That a run has charged under this key, so that it does so once."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE)
    key = models.CharField(max_length=255)

    class Meta:
        db_table = "charge"
        constraints = (models.UniqueConstraint(fields=["run", "key"], name="charge_key"),)
