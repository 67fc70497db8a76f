from django.db import models

from apps.platform.domain.clock import now
from apps.platform.domain.ids import new_id


class Work(models.Model):
    """What a runner executes: the row is the record, a Redis message only its doorbell.

    A runner claims the row by compare-and-set: it writes `owner`, `lease_until` and raises
    `fence`; every later write of that runner names its fence and is refused when stale.
    """

    id = models.CharField(primary_key=True, max_length=17, default=new_id)
    user_id = models.CharField(max_length=17)
    status = models.CharField(max_length=12, default="READY")
    created_at = models.DateTimeField(default=now)
    started_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)
    meta = models.JSONField(default=dict)  # origin, clientIp, userAgent
    options = models.JSONField(default=dict)
    stats = models.JSONField(default=dict)
    usage = models.JSONField(default=dict)  # service -> quantity; dollars are computed on reading
    status_message = models.TextField(null=True)
    exit_code = models.IntegerField(null=True)
    owner = models.CharField(max_length=80, default="")
    fence = models.IntegerField(default=0)
    attempt = models.IntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    asked = models.CharField(max_length=12, default="")  # "", abort, graceful, reboot, metamorph
    asked_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
