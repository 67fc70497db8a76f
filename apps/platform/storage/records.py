"""Records of key-value stores: a file each, named by a row that is committed after its bytes."""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.db.models import F

from apps.platform.domain.clock import now
from apps.platform.domain.errors import not_found
from apps.platform.domain.ids import new_id
from apps.platform.models import KeyValueStore, Record
from apps.platform.storage import blobs


def put(
    store_id: str,
    key: str,
    content: IO[bytes] | bytes,
    *,
    content_type: str,
    content_encoding: str = "",
) -> None:
    """Stores or replaces a record; durable when it returns. ApiError 404: the store is gone."""
    file = new_id()
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    size = blobs.write(path_of(store_id, file), source)
    try:
        values = {
            "file": file,
            "size": size,
            "content_type": content_type,
            "content_encoding": content_encoding,
            "modified_at": now(),
        }
        old = _commit(store_id, key, size, values)
    except BaseException:
        path_of(store_id, file).unlink(missing_ok=True)
        raise
    if old:
        path_of(store_id, old).unlink(missing_ok=True)


def first(
    store: KeyValueStore, key: str, content: bytes, *, content_type: str, later: list[Path]
) -> Record:
    """The record with which a store begins: both are rows that the caller has yet to save, and
    the bytes, in `later`, have to be synced before the commit."""
    file = new_id()
    size = blobs.write(path_of(store.id, file), io.BytesIO(content), later=later)
    store.write_count, store.storage_bytes = 1, size
    return Record(store_id=store.id, key=key, file=file, size=size, content_type=content_type)


def _commit(store_id: str, key: str, size: int, values: dict[str, Any]) -> str:
    """The file that the new one replaces, or ''."""
    with transaction.atomic("platform"):
        old = Record.objects.select_for_update().filter(store_id=store_id, key=key).first()
        found = KeyValueStore.objects.filter(id=store_id).update(
            write_count=F("write_count") + 1,
            storage_bytes=F("storage_bytes") + size - (old.size if old else 0),
            modified_at=values["modified_at"],
            accessed_at=values["modified_at"],
        )
        if not found:
            raise not_found("Key-value store")
        Record.objects.update_or_create(store_id=store_id, key=key, defaults=values)
    return old.file if old else ""


def get(store_id: str, key: str) -> Record | None:
    return Record.objects.filter(store_id=store_id, key=key).first()


def open_file(record: Record) -> IO[bytes]:
    """The record's bytes as stored; ApiError 404 when it was replaced or deleted meanwhile."""
    try:
        return path_of(record.store_id, record.file).open("rb")
    except FileNotFoundError:
        fresh = get(record.store_id, record.key)
        if fresh is None or fresh.file == record.file:
            raise not_found("Record") from None
        return path_of(fresh.store_id, fresh.file).open("rb")


def read(record: Record) -> bytes:
    with open_file(record) as file:
        return file.read()


def keys(store_id: str, *, after: str = "", prefix: str = "", most: int) -> list[tuple[str, int]]:
    """(key, size) in UTF-8 binary order, after `after` (semantics.md rules 47, 48)."""
    found = Record.objects.filter(store_id=store_id)
    if after:
        found = found.filter(key__gt=after)
    if prefix:
        found = found.filter(key__gte=prefix, key__lt=prefix + "\U0010ffff")
    return list(found.order_by("key").values_list("key", "size")[:most])


def delete(store_id: str, key: str) -> None:
    """Nothing happens when the record is not there."""
    with transaction.atomic("platform"):
        old = Record.objects.select_for_update().filter(store_id=store_id, key=key).first()
        if old is None:
            return
        file = old.file
        old.delete()
        KeyValueStore.objects.filter(id=store_id).update(
            delete_count=F("delete_count") + 1,
            storage_bytes=F("storage_bytes") - old.size,
            modified_at=now(),
        )
    path_of(store_id, file).unlink(missing_ok=True)


def parts(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while part := file.read(1 << 18):
            yield part


def path_of(store_id: str, file: str) -> Path:
    return blobs.folder("records", store_id, file)


def clear_rows(store_id: str) -> None:
    Record.objects.filter(store_id=store_id).delete()


def clear_files(store_id: str) -> None:
    shutil.rmtree(blobs.folder("records", store_id), ignore_errors=True)
