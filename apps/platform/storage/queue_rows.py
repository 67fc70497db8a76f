"""Rows of request queues, as the modules above share them. Raw SQL: these are the hot paths."""

from typing import Any

from django.db import connections

from apps.platform.domain.clock import now
from apps.platform.domain.errors import not_found
from apps.platform.models import RequestQueue
from apps.platform.storage import reading

Row = tuple[Any, ...]


def milliseconds() -> int:
    return int(now().timestamp() * 1000)


def lock(queue_id: str) -> None:
    """ApiError 404 when the queue was deleted meanwhile. SQLite has one writer anyway."""
    found = RequestQueue.objects.select_for_update().filter(id=queue_id)
    if not found.values_list("id").first():
        raise not_found("Request queue")


def next_place(queue_id: str, *, forefront: bool, number: int) -> int:
    """The first of `number` places before or behind all others; no clock can disorder them."""
    side = (
        "SELECT MIN(place) FROM queue_request WHERE queue_id = %s AND place IS NOT NULL"
        if forefront
        else "SELECT MAX(place) FROM queue_request WHERE queue_id = %s AND place IS NOT NULL"
    )
    last = int(rows(side, [queue_id])[0][0] or 0)
    return last - number if forefront else last + 1


def insert(made: list[Row]) -> None:
    """Rows of queue, id, place and body."""
    with connections["platform"].cursor() as cursor:
        cursor.executemany(
            "INSERT INTO queue_request (queue_id, request_id, place, body, locked_until, locked_by)"
            " VALUES (%s, %s, %s, %s, 0, '')",
            made,
        )


def note_reads(queue_id: str, number: int) -> None:
    reading.note(RequestQueue.objects.filter(id=queue_id), read_count=number)


def count(
    queue_id: str,
    *,
    total: int = 0,
    handled: int = 0,
    writes: int = 0,
    deletes: int = 0,
    heads: int = 0,
    size: int = 0,
) -> None:
    moment = connections["platform"].ops.adapt_datetimefield_value(now())
    execute(
        "UPDATE request_queue SET total_count = total_count + %s, "
        "handled_count = handled_count + %s, write_count = write_count + %s, "
        "delete_count = delete_count + %s, head_read_count = head_read_count + %s, "
        "storage_bytes = storage_bytes + %s, modified_at = %s, accessed_at = %s WHERE id = %s",
        [total, handled, writes, deletes, heads, size, moment, moment, queue_id],
    )


def rows(sql: str, values: list[Any]) -> list[Row]:
    with connections["platform"].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def execute(sql: str, values: list[Any]) -> None:
    with connections["platform"].cursor() as cursor:
        cursor.execute(sql, values)
