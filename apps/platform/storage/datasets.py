"""Datasets: append-only chunks of compressed lines, one item a line, bytes as they came in."""

from collections.abc import Iterator
from itertools import islice

import msgspec
import zstandard
from django.db import connections, transaction
from django.db.models import F

from apps.platform.domain.clock import now
from apps.platform.domain.errors import not_found
from apps.platform.models import Dataset, DatasetChunk

LEVEL = 3
CHUNK_BYTES = 1 << 20
TAIL_BYTES = 64 << 10
READ_CHUNKS = 8
MOST_FIELDS = 500
SAMPLE = 10

_compress = zstandard.ZstdCompressor(level=LEVEL).compress
_keys = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def append(dataset_id: str, items: list[bytes]) -> None:
    """Stores all `items` (one JSON object each) or none; durable when it returns.

    A raw line break in JSON is only white space, so that a blank keeps the item's meaning.
    Raises ApiError 404 when the dataset was deleted meanwhile.
    """
    lines = [item.replace(b"\n", b" ").replace(b"\r", b" ") for item in items]
    clean = sum(1 for line in lines if is_clean(line))
    with transaction.atomic("platform"):
        row = Dataset.objects.select_for_update().filter(id=dataset_id).first()
        if row is None:
            raise not_found("Dataset")
        start, pending = _open_tail(row, lines)
        added = sum(map(len, lines)) + len(lines)
        stored = 0
        for group in _groups(pending):
            text = b"\n".join(group)
            data = _compress(text)
            stored += len(data)
            DatasetChunk.objects.create(
                dataset_id=dataset_id, start=start, count=len(group), size=len(text), data=data
            )
            start += len(group)
        moment = now()
        Dataset.objects.filter(id=dataset_id).update(
            item_count=F("item_count") + len(lines),
            clean_item_count=F("clean_item_count") + clean,
            write_count=F("write_count") + 1,
            inflated_bytes=F("inflated_bytes") + added,
            storage_bytes=F("storage_bytes") + stored,
            fields=_seen(row.fields, lines),
            modified_at=moment,
            accessed_at=moment,
        )


def is_clean(line: bytes) -> bool:
    """Whether something is left without hidden fields (semantics.md rules 174, 175)."""
    if b'"#' not in line:
        return line.strip(b" {}") != b""
    return any(not key.startswith("#") for key in _keys(line))


def _open_tail(row: Dataset, lines: list[bytes]) -> tuple[int, list[bytes]]:
    """A small last chunk is taken out and written again together with the new lines."""
    tail = DatasetChunk.objects.filter(dataset_id=row.id).order_by("-start").first()
    size = sum(map(len, lines))
    if tail is None or tail.size + size > TAIL_BYTES:
        return row.item_count, lines
    start = tail.start
    kept = zstandard.decompress(bytes(tail.data)).split(b"\n")
    Dataset.objects.filter(id=row.id).update(storage_bytes=F("storage_bytes") - len(tail.data))
    tail.delete()
    return start, kept + lines


def _groups(lines: list[bytes]) -> Iterator[list[bytes]]:
    group: list[bytes] = []
    size = 0
    for line in lines:
        if group and size + len(line) > CHUNK_BYTES:
            yield group
            group, size = [], 0
        group.append(line)
        size += len(line) + 1
    if group:
        yield group


def _seen(known: list[str], lines: list[bytes]) -> list[str]:
    """Names of top-level fields; the first and last lines of a push tell enough of large ones."""
    names = dict.fromkeys(known)
    for line in dict.fromkeys(lines[:SAMPLE] + lines[-SAMPLE:]):
        names.update(dict.fromkeys(_keys(line)))
    return list(islice(names, MOST_FIELDS))


def count(dataset_id: str) -> int:
    return Dataset.objects.values_list("item_count", flat=True).get(id=dataset_id)


Block = tuple[bytes, int]


def blocks(dataset_id: str, *, offset: int, limit: int, desc: bool) -> Iterator[Block]:
    """(lines joined by a line break, number of lines) of a page, in order; constant memory."""
    total = count(dataset_id)
    low, high = (
        (offset, min(offset + limit, total))
        if not desc
        else (
            max(total - offset - limit, 0),
            total - offset,
        )
    )
    if low >= high:
        return
    chunks = _descending(dataset_id, low, high) if desc else _ascending(dataset_id, low, high)
    for start, number, data in chunks:
        text = zstandard.decompress(data)
        first, last = max(low - start, 0), min(high - start, number)
        if desc or last - first < number:
            lines = text.split(b"\n")[first:last]
            text = b"\n".join(reversed(lines) if desc else lines)
        yield text, last - first


def read(dataset_id: str, *, offset: int, limit: int, desc: bool) -> Iterator[bytes]:
    """The items of a page, one by one."""
    for text, _ in blocks(dataset_id, offset=offset, limit=limit, desc=desc):
        yield from text.split(b"\n")


Chunk = tuple[int, int, bytes]


def _ascending(dataset_id: str, low: int, high: int) -> Iterator[Chunk]:
    first = _query(
        "SELECT start, count, data FROM dataset_chunk WHERE dataset_id = %s AND start <= %s "
        "ORDER BY start DESC LIMIT 1",
        [dataset_id, low],
    )
    yield from first
    at = first[0][0] if first else -1
    while rows := _query(
        "SELECT start, count, data FROM dataset_chunk WHERE dataset_id = %s AND start > %s "
        "AND start < %s ORDER BY start LIMIT %s",
        [dataset_id, at, high, READ_CHUNKS],
    ):
        yield from rows
        at = rows[-1][0]


def _descending(dataset_id: str, low: int, high: int) -> Iterator[Chunk]:
    at = high
    while rows := _query(
        "SELECT start, count, data FROM dataset_chunk WHERE dataset_id = %s AND start < %s "
        "ORDER BY start DESC LIMIT %s",
        [dataset_id, at, READ_CHUNKS],
    ):
        yield from rows
        at = rows[-1][0]
        if at <= low:
            return


def _query(sql: str, values: list[str | int]) -> list[Chunk]:
    """Short reads in slices: no transaction stays open while a slow client takes its time."""
    with connections["platform"].cursor() as cursor:
        cursor.execute(sql, values)
        return [(start, number, bytes(data)) for start, number, data in cursor.fetchall()]


def clear(dataset_id: str) -> None:
    DatasetChunk.objects.filter(dataset_id=dataset_id).delete()
