from django.db import models

from apps.platform.models.stores import Store


class RequestQueue(Store):
    total_count = models.BigIntegerField(default=0)
    handled_count = models.BigIntegerField(default=0)
    head_read_count = models.BigIntegerField(default=0)
    had_multiple_clients = models.BooleanField(default=False)
    client_key = models.CharField(max_length=32, default="")

    class Meta:
        db_table = "request_queue"
        constraints = (models.UniqueConstraint(fields=["user_id", "name"], name="queue_name"),)
        indexes = (models.Index(fields=["user_id", "created_at", "id"], name="queue_user"),)


class QueueRequest(models.Model):
    """One request. `place` orders the pending ones, lowest first; null once handled.
    `locked_until` is in milliseconds since 1970, 0 when free."""

    queue_id = models.CharField(max_length=17)
    request_id = models.CharField(max_length=15)
    place = models.BigIntegerField(null=True)
    locked_until = models.BigIntegerField(default=0)
    locked_by = models.CharField(max_length=64, default="")  # run or user, and client
    body = models.BinaryField()  # the request as JSON, the id included

    class Meta:
        db_table = "queue_request"
        constraints = (
            models.UniqueConstraint(fields=["queue_id", "request_id"], name="queue_request_id"),
        )
        indexes = (
            models.Index(
                fields=["queue_id", "place"],
                name="queue_head",
                condition=models.Q(place__isnull=False),
            ),
        )
