from django.db import models

from apps.platform.models.stores import Store


class Dataset(Store):
    item_count = models.BigIntegerField(default=0)
    clean_item_count = models.BigIntegerField(default=0)
    inflated_bytes = models.BigIntegerField(default=0)
    fields = models.JSONField(default=list)  # names seen, in order of appearance

    class Meta:
        db_table = "dataset"
        constraints = (models.UniqueConstraint(fields=["user_id", "name"], name="dataset_name"),)
        indexes = (models.Index(fields=["user_id", "created_at", "id"], name="dataset_user"),)


class DatasetChunk(models.Model):
    """Items `start` to `start + count` as zstd of their bytes, one a line."""

    dataset_id = models.CharField(max_length=17)
    start = models.BigIntegerField()
    count = models.IntegerField()
    size = models.IntegerField()  # bytes before compression
    data = models.BinaryField()

    class Meta:
        db_table = "dataset_chunk"
        constraints = (
            models.UniqueConstraint(fields=["dataset_id", "start"], name="dataset_chunk_start"),
        )
