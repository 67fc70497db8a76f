"""Datasets: append-only chunks of compressed lines, one item a line, bytes as they came in."""

from collections.abc import Iterator
from itertools import islice

import msgspec
import zstandard
from django.db import connections, transaction
from django.db.models import F

from apps.platform.domain.clock import now
from apps.platform.domain.errors import not_found
from apps.platform.domain.items import is_clean
from apps.platform.models import Dataset, DatasetChunk
from apps.platform.storage import reading

LEVEL = 3
CHUNK_BYTES = 1 << 20
TAIL_BYTES = 64 << 10
READ_CHUNKS = 8
MOST_FIELDS = 500
LONGEST_FIELD = 200  # characters
SAMPLE = 10

_compress = zstandard.ZstdCompressor(level=LEVEL).compress
_keys = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode

Packed = tuple[int, int, bytes]  # number of lines, bytes of them, the same compressed


def append(dataset_id: str, items: list[bytes]) -> None:
    """Stores all `items` (one JSON object each) or none; durable when it returns.

    A raw line break in JSON is only white space, so that a blank keeps the item's meaning.
    Raises ApiError 404 when the dataset was deleted meanwhile.
    """
    lines = [item.replace(b"\n", b" ").replace(b"\r", b" ") for item in items]
    size = sum(map(len, lines)) + len(lines)
    clean = sum(map(is_clean, lines))
    # compressing takes long: what cannot join the last chunk is done before anyone is locked out
    packed = list(_packed(lines)) if size > TAIL_BYTES else []
    with transaction.atomic("platform"):
        row = (
            Dataset.objects.select_for_update()
            .filter(id=dataset_id)
            .only("item_count", "fields")
            .first()
        )
        if row is None:
            raise not_found("Dataset")
        grown = (
            _insert(dataset_id, row.item_count, packed)
            if packed
            else _join(dataset_id, row.item_count, lines, size)
        )
        moment = now()
        Dataset.objects.filter(id=dataset_id).update(
            item_count=F("item_count") + len(lines),
            clean_item_count=F("clean_item_count") + clean,
            write_count=F("write_count") + 1,
            inflated_bytes=F("inflated_bytes") + size,
            storage_bytes=F("storage_bytes") + grown,
            fields=_seen(row.fields, lines),
            modified_at=moment,
            accessed_at=moment,
        )


def _packed(lines: list[bytes]) -> Iterator[Packed]:
    group: list[bytes] = []
    size = 0
    for line in lines:
        if group and size + len(line) > CHUNK_BYTES:
            yield _pack(group)
            group, size = [], 0
        group.append(line)
        size += len(line) + 1
    if group:
        yield _pack(group)


def _pack(lines: list[bytes]) -> Packed:
    text = b"\n".join(lines)
    return len(lines), len(text), _compress(text)


def _join(dataset_id: str, start: int, lines: list[bytes], size: int) -> int:
    """A few lines go into the last chunk while that is small; bytes by which storage grew."""
    tail = _query(
        "SELECT start, count, CASE WHEN size + %s <= %s THEN data END FROM dataset_chunk "
        "WHERE dataset_id = %s ORDER BY start DESC LIMIT 1",
        [size, TAIL_BYTES, dataset_id],
    )
    if not tail or not tail[0][2]:
        return _insert(dataset_id, start, _packed(lines))
    at, _, data = tail[0]
    number, length, joined = _pack([*zstandard.decompress(data).split(b"\n"), *lines])
    with connections["platform"].cursor() as cursor:
        cursor.execute(
            "UPDATE dataset_chunk SET count = %s, size = %s, data = %s "
            "WHERE dataset_id = %s AND start = %s",
            [number, length, joined, dataset_id, at],
        )
    return len(joined) - len(data)


def _insert(dataset_id: str, start: int, chunks: Iterator[Packed] | list[Packed]) -> int:
    grown = 0
    with connections["platform"].cursor() as cursor:
        for number, length, data in chunks:
            cursor.execute(
                "INSERT INTO dataset_chunk (dataset_id, start, count, size, data) "
                "VALUES (%s, %s, %s, %s, %s)",
                [dataset_id, start, number, length, data],
            )
            start += number
            grown += len(data)
    return grown


def _seen(known: list[str], lines: list[bytes]) -> list[str]:
    """Names of top-level fields; the first and last lines of a push tell enough of large ones."""
    names = dict.fromkeys(known)
    for line in dict.fromkeys(lines[:SAMPLE] + lines[-SAMPLE:]):
        names.update(dict.fromkeys(name[:LONGEST_FIELD] for name in _keys(line)))
    return list(islice(names, MOST_FIELDS))


Block = tuple[bytes, int]


def blocks(dataset_id: str, low: int, high: int, *, desc: bool = False) -> Iterator[Block]:
    """Items `low` to `high` as (lines joined by a line break, number of lines); constant memory.

    Raises ApiError 404 when they go while they are read, so that no answer ends early unnoticed.
    """
    left = high - low
    chunks = _descending(dataset_id, low, high) if desc else _ascending(dataset_id, low, high)
    for start, number, data in chunks if left > 0 else ():
        text = zstandard.decompress(data)
        first, last = max(low - start, 0), min(high - start, number)
        if desc or last - first < number:
            lines = text.split(b"\n")[first:last]
            text = b"\n".join(reversed(lines) if desc else lines)
        yield text, last - first
        left -= last - first
    if left > 0:
        raise not_found("Dataset")


def read(dataset_id: str, low: int, high: int) -> Iterator[bytes]:
    """The items from `low` to `high`, one by one."""
    for text, _ in blocks(dataset_id, low, high):
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
    while at > low and (
        rows := _query(
            "SELECT start, count, data FROM dataset_chunk WHERE dataset_id = %s AND start < %s "
            "ORDER BY start DESC LIMIT %s",
            [dataset_id, at, READ_CHUNKS],
        )
    ):
        for row in rows:
            yield row
            at = row[0]
            if at <= low:
                return


def _query(sql: str, values: list[str | int]) -> list[Chunk]:
    """Short reads in slices: no transaction stays open while a slow client takes its time."""
    with connections["platform"].cursor() as cursor:
        cursor.execute(sql, values)
        return [(start, number, bytes(data or b"")) for start, number, data in cursor.fetchall()]


def note_read(dataset_id: str) -> None:
    reading.note(Dataset.objects.filter(id=dataset_id), read_count=1)


def clear(dataset_id: str) -> None:
    DatasetChunk.objects.filter(dataset_id=dataset_id).delete()
