from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from apps.platform.domain.clock import now
from apps.platform.models.stores import Store


class BinaryOrderField(models.CharField):  # type: ignore[type-arg] # generic for mypy alone
    """Text ordered by its UTF-8 bytes (semantics.md rule 47), as SQLite does by itself."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            return {**parameters, "collation": "C"}
        return parameters


class KeyValueStore(Store):
    list_count = models.BigIntegerField(default=0)

    class Meta:
        db_table = "key_value_store"
        constraints = (models.UniqueConstraint(fields=["user_id", "name"], name="store_name"),)
        indexes = (models.Index(fields=["user_id", "created_at", "id"], name="store_user"),)


class Record(models.Model):
    """A record's row; its bytes are in a file named by `file` below the store's folder."""

    store_id = models.CharField(max_length=17)
    key = BinaryOrderField(max_length=256)
    file = models.CharField(max_length=17)
    size = models.BigIntegerField()
    content_type = models.TextField()
    content_encoding = models.CharField(max_length=40, default="")
    modified_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "record"
        constraints = (models.UniqueConstraint(fields=["store_id", "key"], name="record_key"),)
