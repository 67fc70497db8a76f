from datetime import datetime

from django.db import models

from apps.platform.domain.clock import now
from apps.platform.domain.ids import new_id
from apps.platform.models.users import User


class Schedule(models.Model):
    """`next_run_at` is what the scheduler goes by; null when disabled. Inputs are kept sealed."""

    id = models.CharField(primary_key=True, max_length=17, default=new_id)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    name = models.CharField(max_length=63)
    title = models.TextField(null=True)
    description = models.TextField(null=True)
    cron_expression = models.CharField(max_length=200)
    timezone = models.CharField(max_length=60, default="UTC")
    is_enabled = models.BooleanField(default=True)
    is_exclusive = models.BooleanField(default=False)
    actions = models.JSONField(default=list)  # [{id, type, target, content_type, sealed, options}]
    notifications = models.JSONField(default=dict)
    next_run_at = models.DateTimeField(null=True)
    last_run_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    modified_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "schedule"
        constraints = (models.UniqueConstraint(fields=["user", "name"], name="schedule_name"),)
        indexes = (
            models.Index(fields=["user", "created_at", "id"], name="schedule_user"),
            models.Index(fields=["next_run_at"], name="schedule_next"),
        )


class Firing(models.Model):
    """One (schedule, time, action): it is there once, so it happens once. WAITING until a
    scheduler settled it; from then on a line of the schedule's log."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="firings")
    scheduled_at = models.DateTimeField()
    action_id = models.CharField(max_length=17, default="")  # "": about no action
    state = models.CharField(max_length=8, default="WAITING")  # STARTED FAILED SKIPPED MISSED
    run_id = models.CharField(max_length=17, default="")
    level = models.CharField(max_length=5, default="INFO")  # or WARN, ERROR
    message = models.TextField(default="")
    created_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "firing"
        constraints = (
            models.UniqueConstraint(
                fields=["schedule", "scheduled_at", "action_id"], name="firing_once"
            ),
        )
        indexes = (models.Index(fields=["state", "scheduled_at"], name="firing_waiting"),)

    def settle(self, moment: datetime, state: str, level: str, message: str) -> "Firing":
        """Written by the caller."""
        self.state, self.level, self.message, self.created_at = state, level, message, moment
        return self
