"""Request queues: ordered rows with locks. Raw SQL on the hot paths (feasibility.md section 7)."""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db import connections, transaction
from django.db.models import F

from apps.platform.domain.clock import now
from apps.platform.domain.ids import request_id
from apps.platform.models import QueueRequest, RequestQueue

encode = msgspec.json.encode
decode = msgspec.json.decode


@dataclass(frozen=True, slots=True)
class Added:
    """What became of an added or updated request (semantics.md rule 208)."""

    id: str
    unique_key: str
    was_present: bool
    was_handled: bool


def milliseconds() -> int:
    return int(now().timestamp() * 1000)


def touch(queue: RequestQueue, client_key: str) -> None:
    """Notes who asks; a call without a key counts as a new client (rules 214, 215)."""
    if queue.had_multiple_clients or (client_key and queue.client_key == client_key):
        return
    if queue.client_key == "":
        queue.client_key = client_key or "-"
    else:
        queue.had_multiple_clients = True
    queue.save(update_fields=["client_key", "had_multiple_clients"])


def add(queue_id: str, requests: list[dict[str, Any]], *, forefront: bool) -> list[Added]:
    """Adds what is not there yet, by unique key; all in one transaction (rules 208-210)."""
    keyed = {request_id(each["uniqueKey"]): each for each in reversed(requests)}
    with transaction.atomic("platform"):
        _lock(queue_id)
        known = {
            found.request_id: found.place is None
            for found in QueueRequest.objects.filter(
                queue_id=queue_id, request_id__in=list(keyed)
            ).only("request_id", "place")
        }
        place = _next_place(forefront=forefront)
        fresh: list[QueueRequest] = []
        results: list[Added] = []
        made: set[str] = set()
        for request in requests:
            key = request_id(request["uniqueKey"])
            present = key in known or key in made
            results.append(Added(key, request["uniqueKey"], present, known.get(key, False)))
            if present:
                continue
            made.add(key)
            handled = bool(request.get("handledAt"))
            fresh.append(
                QueueRequest(
                    queue_id=queue_id,
                    request_id=key,
                    place=None if handled else place + len(fresh),
                    body=encode({**request, "id": key}),
                )
            )
        QueueRequest.objects.bulk_create(fresh)
        if fresh:
            handled_count = sum(1 for each in fresh if each.place is None)
            _count(queue_id, total=len(fresh), handled=handled_count, writes=len(fresh))
    return results


def get(queue_id: str, key: str) -> dict[str, Any] | None:
    found = QueueRequest.objects.filter(queue_id=queue_id, request_id=key).only("body").first()
    RequestQueue.objects.filter(id=queue_id).update(read_count=F("read_count") + 1)
    return decode(bytes(found.body)) if found else None


def update(queue_id: str, request: dict[str, Any], *, forefront: bool) -> Added:
    """Replaces a request, or adds it; `handledAt` takes it from the head (rule 212)."""
    key = request["id"]
    with transaction.atomic("platform"):
        _lock(queue_id)
        found = QueueRequest.objects.filter(queue_id=queue_id, request_id=key).first()
        handled = bool(request.get("handledAt"))
        was_handled = found is not None and found.place is None
        if found is None:
            found = QueueRequest(queue_id=queue_id, request_id=key)
        present = found.pk is not None
        if handled:
            found.place, found.locked_until = None, 0
        elif found.place is None or forefront:
            found.place = _next_place(forefront=forefront)
        found.body = encode(request)
        found.save()
        _count(
            queue_id,
            total=0 if present else 1,
            handled=int(handled) - int(was_handled),
            writes=1,
        )
    return Added(key, request["uniqueKey"], present, was_handled)


def delete(queue_id: str, keys: Iterable[str]) -> list[str]:
    """Deletes those that exist; returns their ids."""
    gone = []
    with transaction.atomic("platform"):
        _lock(queue_id)
        for found in QueueRequest.objects.filter(queue_id=queue_id, request_id__in=list(keys)):
            gone.append(found.request_id)
            _count(queue_id, total=-1, handled=-1 if found.place is None else 0, deletes=1)
            found.delete()
    return gone


def head(queue_id: str, limit: int) -> list[dict[str, Any]]:
    """The first pending requests that nobody holds (rule 216)."""
    rows = _rows(
        "SELECT body FROM queue_request WHERE queue_id = %s AND place IS NOT NULL "
        "AND locked_until <= %s ORDER BY place LIMIT %s",
        [queue_id, milliseconds(), limit],
    )
    RequestQueue.objects.filter(id=queue_id).update(
        head_read_count=F("head_read_count") + len(rows)
    )
    return [decode(bytes(body)) for (body,) in rows]


def lock_head(queue_id: str, *, limit: int, lock_secs: int, holder: str) -> list[dict[str, Any]]:
    """Locks and returns the first free requests, each with `lockExpiresAt` in ms (rule 218)."""
    moment = milliseconds()
    until = moment + lock_secs * 1000
    skip = " FOR UPDATE SKIP LOCKED" if connections["platform"].vendor == "postgresql" else ""
    with transaction.atomic("platform"):
        rows = _rows(
            "UPDATE queue_request SET locked_until = %s, locked_by = %s WHERE id IN ("  # noqa: S608 - the only inserted text is a constant
            "SELECT id FROM queue_request WHERE queue_id = %s AND place IS NOT NULL "
            f"AND locked_until <= %s ORDER BY place LIMIT %s{skip}) RETURNING place, body",
            [until, holder, queue_id, moment, limit],
        )
        _count(queue_id, writes=len(rows), heads=len(rows))
    ordered = sorted(rows, key=lambda row: int(row[0]))
    return [{**decode(bytes(body)), "lockExpiresAt": until} for _, body in ordered]


def has_locked(queue_id: str) -> bool:
    return QueueRequest.objects.filter(
        queue_id=queue_id, place__isnull=False, locked_until__gt=milliseconds()
    ).exists()


def prolong(queue_id: str, key: str, *, lock_secs: int, holder: str, forefront: bool) -> int | None:
    """The new end of the lock in ms; None when `holder` does not hold it (rule 221)."""
    moment = milliseconds()
    until = moment + lock_secs * 1000
    with transaction.atomic("platform"):
        found = _held(queue_id, key, holder, moment)
        if found is None:
            return None
        found.locked_until = until
        found.locked_by = holder
        if forefront:
            found.place = _next_place(forefront=True)
        found.save(update_fields=["locked_until", "locked_by", "place"])
        _count(queue_id, writes=1)
    return until


def unlock(queue_id: str, key: str, *, holder: str, forefront: bool) -> bool:
    """Whether the request is free now (rule 223)."""
    with transaction.atomic("platform"):
        found = _held(queue_id, key, holder, milliseconds())
        if found is None:
            return False
        found.locked_until = 0
        if forefront and found.place is not None:
            found.place = _next_place(forefront=True)
        found.save(update_fields=["locked_until", "place"])
    return True


def unlock_all(queue_id: str, holder: str) -> int:
    """Frees all that `holder` holds; how many."""
    return QueueRequest.objects.filter(
        queue_id=queue_id, locked_by=holder, locked_until__gt=milliseconds()
    ).update(locked_until=0)


def listed(
    queue_id: str, *, after: str, limit: int, states: frozenset[str]
) -> list[dict[str, Any]]:
    """Requests by id after `after`; `states` of pending, locked, handled; empty: all."""
    found = QueueRequest.objects.filter(queue_id=queue_id, request_id__gt=after)
    moment = milliseconds()
    if states and "handled" not in states:
        found = found.filter(place__isnull=False)
        if states == {"locked"}:
            found = found.filter(locked_until__gt=moment)
        elif "locked" not in states:
            found = found.filter(locked_until__lte=moment)
    bodies = list(found.order_by("request_id").values_list("body", flat=True)[:limit])
    RequestQueue.objects.filter(id=queue_id).update(read_count=F("read_count") + len(bodies))
    return [decode(bytes(body)) for body in bodies]


def clear(queue_id: str) -> None:
    QueueRequest.objects.filter(queue_id=queue_id).delete()


def _held(queue_id: str, key: str, holder: str, moment: int) -> QueueRequest | None:
    """The request unless somebody else holds it or it is gone."""
    found = (
        QueueRequest.objects.select_for_update()
        .filter(queue_id=queue_id, request_id=key, place__isnull=False)
        .first()
    )
    if found is None or (found.locked_until > moment and found.locked_by != holder):
        return None
    return found


def _lock(queue_id: str) -> None:
    """One writer per queue; SQLite has one writer anyway."""
    RequestQueue.objects.select_for_update().filter(id=queue_id).values_list("id").first()


def _next_place(*, forefront: bool) -> int:
    return -time.time_ns() if forefront else time.time_ns()


def _count(
    queue_id: str,
    *,
    total: int = 0,
    handled: int = 0,
    writes: int = 0,
    deletes: int = 0,
    heads: int = 0,
) -> None:
    RequestQueue.objects.filter(id=queue_id).update(
        total_count=F("total_count") + total,
        handled_count=F("handled_count") + handled,
        write_count=F("write_count") + writes,
        delete_count=F("delete_count") + deletes,
        head_read_count=F("head_read_count") + heads,
        modified_at=now(),
    )


def _rows(sql: str, values: list[str | int]) -> list[tuple[Any, ...]]:
    with connections["platform"].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
