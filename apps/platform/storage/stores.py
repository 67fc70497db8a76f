"""Creation and deletion of storages of all three kinds."""

from functools import partial
from typing import Any

from django.db import IntegrityError, transaction

from apps.platform.models import Dataset, KeyValueStore, RequestQueue
from apps.platform.models.stores import Store
from apps.platform.storage import datasets, queues, records

KINDS: dict[str, type[Store]] = {
    "dataset": Dataset,
    "keyValueStore": KeyValueStore,
    "requestQueue": RequestQueue,
}


def create(kind: str, user_id: str, **fields: Any) -> Any:
    """A new row of `kind` (dataset, keyValueStore, requestQueue) in the caller's transaction."""
    return KINDS[kind]._default_manager.create(user_id=user_id, **fields)


def get_or_create(kind: str, user_id: str, name: str, **fields: Any) -> tuple[Any, bool]:
    """(row, whether it is new); two callers at once get the same row."""
    found = KINDS[kind]._default_manager.filter(user_id=user_id, name=name).first()
    if found:
        return found, False
    try:
        with transaction.atomic("platform"):
            return create(kind, user_id, name=name, **fields), True
    except IntegrityError:
        return KINDS[kind]._default_manager.get(user_id=user_id, name=name), False


def delete(row: Store) -> None:
    """The row and all its bytes; rows first, so that nothing points at missing bytes."""
    store_id = row.id
    with transaction.atomic("platform"):
        row.delete()
        if isinstance(row, Dataset):
            datasets.clear(store_id)
        elif isinstance(row, RequestQueue):
            queues.clear(store_id)
        else:
            records.clear_rows(store_id)
    if isinstance(row, KeyValueStore):
        transaction.on_commit(partial(records.clear_files, store_id), using="platform")
