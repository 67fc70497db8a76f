from django.db import models

from apps.platform.domain.clock import now
from apps.platform.domain.ids import new_id


class Webhook(models.Model):
    """What is called at which events. Of its condition's three ids those that are set must fit."""

    id = models.CharField(primary_key=True, max_length=17, default=new_id)
    user_id = models.CharField(max_length=17)
    event_types = models.JSONField(default=list)
    actor_id = models.CharField(max_length=17, default="", db_index=True)
    task_id = models.CharField(max_length=17, default="", db_index=True)
    run_id = models.CharField(max_length=17, default="", db_index=True)
    request_url = models.TextField()
    payload_template = models.TextField(null=True)
    headers_template = models.TextField(null=True)
    description = models.TextField(null=True)
    should_interpolate_strings = models.BooleanField(default=False)
    ignore_ssl_errors = models.BooleanField(default=False)
    do_not_retry = models.BooleanField(default=False)
    is_ad_hoc = models.BooleanField(default=False)  # called once for each of its event types
    idempotency_key = models.CharField(max_length=300, null=True)
    total_dispatches = models.IntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    modified_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "webhook"
        constraints = (
            models.UniqueConstraint(fields=["user_id", "idempotency_key"], name="webhook_key"),
        )
        indexes = (models.Index(fields=["user_id", "created_at", "id"], name="webhook_user"),)


class WebhookDispatch(models.Model):
    """One event for one webhook: the outbox, written with the change that it tells of.

    `next_at` is when it is to be tried, null once it ended. A sender claims it as a runner claims
    a run: owner, lease, and a fence that every later write names."""

    id = models.CharField(primary_key=True, max_length=17, default=new_id)
    user_id = models.CharField(max_length=17)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="dispatches")
    status = models.CharField(max_length=12, default="ACTIVE")
    event_type = models.CharField(max_length=40)
    event_data = models.JSONField(default=dict)
    resource = models.JSONField(null=True)  # the run or build as it was then
    receiver = models.CharField(max_length=300)  # host and port
    attempt = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True, default=now)
    owner = models.CharField(max_length=80, default="")
    fence = models.IntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhook_dispatch"
        indexes = (
            models.Index(fields=["user_id", "created_at", "id"], name="dispatch_user"),
            models.Index(fields=["webhook", "created_at", "id"], name="dispatch_webhook"),
            models.Index(
                fields=["next_at"], name="dispatch_due", condition=models.Q(next_at__isnull=False)
            ),
        )


class WebhookCall(models.Model):
    """One attempt, written before it is sent: without `finished_at` nobody knows how it ended."""

    dispatch = models.ForeignKey(WebhookDispatch, on_delete=models.CASCADE, related_name="calls")
    attempt = models.IntegerField()
    started_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)
    error_message = models.TextField(null=True)
    response_status = models.IntegerField(null=True)
    response_body = models.TextField(null=True)
    request_headers = models.JSONField(null=True)  # as sent, by name; null when nothing was sent
    request_body = models.TextField(null=True)  # its first 64 KiB

    class Meta:
        db_table = "webhook_call"
