"""Datasets, key-value stores and request queues (semantics.md rules 150, 159, 165, 206, 211)."""

from datetime import datetime
from typing import Any

from console.api.models.base import Count, Id, Model


class Storage(Model, frozen=True):
    id: Id
    name: str | None = None
    title: str | None = None
    user_id: Id | None = None
    username: str | None = None
    act_id: Id | None = None
    act_run_id: Id | None = None
    created_at: datetime | None = None
    modified_at: datetime | None = None
    accessed_at: datetime | None = None
    general_access: str | None = None
    expire_at: datetime | None = None
    url_signing_secret_key: str | None = None
    stats: dict[str, float] | None = None

    @property
    def size(self) -> float | None:
        """Bytes stored, where the API tells."""
        stats = self.stats or {}
        return stats.get("storageBytes", stats.get("s3StorageBytes"))


class Dataset(Storage, frozen=True):
    item_count: Count = 0
    clean_item_count: Count = 0
    fields: list[str] | None = None


class FieldStatistics(Model, frozen=True):
    """`empty_count`: items that have no such field, `null_count`: those that have null there."""

    null_count: Count = 0
    empty_count: Count = 0


class DatasetStatistics(Model, frozen=True):
    field_statistics: dict[str, FieldStatistics] = {}


class KeyValueStore(Storage, frozen=True):
    """`schema` is that of the Actor's definition, where the API tells it."""

    schema: dict[str, Any] | None = None


class RequestQueue(Storage, frozen=True):
    total_request_count: Count = 0
    handled_request_count: Count = 0
    pending_request_count: Count = 0
    had_multiple_clients: bool | None = None


class RecordKey(Model, frozen=True):
    key: str
    size: Count = 0
    record_public_url: str | None = None


class KeyPage(Model, frozen=True):
    """Keys in the binary order of their UTF-8 (rules 47-50)."""

    items: list[RecordKey] = []
    count: Count = 0
    limit: Count = 0
    is_truncated: bool = False
    exclusive_start_key: str | None = None
    next_exclusive_start_key: str | None = None


class QueueRequest(Model, frozen=True):
    id: Id
    unique_key: str = ""
    url: str = ""
    method: str = "GET"
    retry_count: int = 0
    loaded_url: str | None = None
    payload: str | None = None
    no_retry: bool | None = None
    error_messages: list[str] | None = None
    headers: dict[str, Any] | None = None
    user_data: dict[str, Any] | None = None
    handled_at: datetime | None = None
    lock_expires_at: datetime | None = None


class RequestPage(Model, frozen=True):
    """`next_cursor` where the API has one; without it the last id leads on (rule 51)."""

    next_cursor: str | None = None
    items: list[QueueRequest] = []
    count: Count = 0
    limit: Count = 0
    exclusive_start_id: str | None = None


class AddedRequest(Model, frozen=True):
    request_id: str = ""
    unique_key: str = ""
    was_already_present: bool = False


class BatchAnswer(Model, frozen=True):
    """What became of requests that were added or deleted at once (rules 224, 226)."""

    processed_requests: list[AddedRequest] = []
    unprocessed_requests: list[dict[str, Any]] = []


class Unlocked(Model, frozen=True):
    unlocked_count: Count = 0
