from django.db import models

from apps.platform.domain.clock import now
from apps.platform.domain.ids import new_id


class Store(models.Model):
    """What datasets, key-value stores and request queues have in common."""

    id = models.CharField(primary_key=True, max_length=17, default=new_id)
    user_id = models.CharField(max_length=17)
    name = models.CharField(max_length=63, null=True)
    title = models.TextField(null=True)
    act_id = models.CharField(max_length=17, null=True)
    act_run_id = models.CharField(max_length=17, null=True)
    general_access = models.CharField(max_length=40, default="FOLLOW_USER_SETTING")
    read_count = models.BigIntegerField(default=0)
    write_count = models.BigIntegerField(default=0)
    delete_count = models.BigIntegerField(default=0)
    storage_bytes = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    modified_at = models.DateTimeField(default=now)
    accessed_at = models.DateTimeField(default=now)

    class Meta:
        abstract = True
