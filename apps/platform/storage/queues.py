"""Request queues: ordered rows with locks. Raw SQL on the hot paths (feasibility.md section 7).

Every change first locks the queue's row, so that there is one writer per queue.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Q

from apps.platform.domain.ids import request_id
from apps.platform.models import QueueRequest, RequestQueue
from apps.platform.storage import queue_rows, reading

encode = msgspec.json.encode
decode = msgspec.json.Decoder(dict[str, Any]).decode


@dataclass(frozen=True, slots=True)
class Added:
    """What became of an added or updated request (semantics.md rule 208)."""

    id: str
    unique_key: str
    was_present: bool
    was_handled: bool


def touch(queue: RequestQueue, client_key: str) -> None:
    """Notes who asks; a call without a key counts as a new client (rules 214, 215)."""
    if queue.had_multiple_clients or (client_key and queue.client_key == client_key):
        return
    rows = RequestQueue.objects.filter(id=queue.id)
    first = not queue.client_key and rows.filter(client_key="").update(client_key=client_key or "-")
    if not first and (not client_key or rows.exclude(client_key=client_key).exists()):
        rows.update(had_multiple_clients=True)
        queue.had_multiple_clients = True


def add(queue_id: str, requests: list[dict[str, Any]], *, forefront: bool) -> list[Added]:
    """Adds what is not there yet, by unique key; all in one transaction (rules 208-210)."""
    keys = [request_id(each["uniqueKey"]) for each in requests]
    results: list[Added] = []
    fresh: list[queue_rows.Row] = []
    with transaction.atomic("platform"):
        queue_rows.lock(queue_id)
        found = QueueRequest.objects.filter(queue_id=queue_id, request_id__in=keys)
        handled = {key: place is None for key, place in found.values_list("request_id", "place")}
        wanted = len({key for key in keys if key not in handled})
        place = queue_rows.next_place(queue_id, forefront=forefront, number=wanted) if wanted else 0
        for key, request in zip(keys, requests, strict=True):
            results.append(
                Added(key, request["uniqueKey"], key in handled, handled.get(key, False))
            )
            if key in handled:
                continue
            handled[key] = bool(request.get("handledAt"))
            body = encode({**request, "id": key})
            fresh.append((queue_id, key, None if handled[key] else place + len(fresh), body))
        if fresh:
            queue_rows.insert(fresh)
            done = sum(1 for row in fresh if row[2] is None)
            size = sum(len(row[3]) for row in fresh)
            queue_rows.count(queue_id, total=len(fresh), handled=done, writes=len(fresh), size=size)
    return results


def get(queue_id: str, key: str) -> dict[str, Any] | None:
    """The request, counted as read."""
    found = find(queue_id, key)
    if found:
        queue_rows.note_reads(queue_id, 1)
    return found


def find(queue_id: str, key: str) -> dict[str, Any] | None:
    rows = queue_rows.rows(
        "SELECT body FROM queue_request WHERE queue_id = %s AND request_id = %s", [queue_id, key]
    )
    return decode(bytes(rows[0][0])) if rows else None


def update(queue_id: str, request: dict[str, Any], *, forefront: bool) -> Added:
    """Replaces a request, or adds it. `handledAt` takes it from the head (rule 212), else it goes
    to the end or the front."""
    key, handled, body = request["id"], bool(request.get("handledAt")), encode(request)
    with transaction.atomic("platform"):
        queue_rows.lock(queue_id)
        rows = queue_rows.rows(
            "SELECT place, length(body) FROM queue_request WHERE queue_id = %s AND request_id = %s",
            [queue_id, key],
        )
        old_place, size = rows[0] if rows else (None, 0)
        was_handled = bool(rows) and old_place is None
        place = None
        if not handled:
            place = queue_rows.next_place(queue_id, forefront=forefront, number=1)
        if rows:
            queue_rows.execute(
                "UPDATE queue_request SET place = %s, body = %s, "
                "locked_until = CASE WHEN %s THEN 0 ELSE locked_until END "
                "WHERE queue_id = %s AND request_id = %s",
                [place, body, handled, queue_id, key],
            )
        else:
            queue_rows.insert([(queue_id, key, place, body)])
        queue_rows.count(
            queue_id,
            total=0 if rows else 1,
            handled=int(handled) - int(was_handled),
            writes=1,
            size=len(body) - size,
        )
    return Added(key, request["uniqueKey"], bool(rows), was_handled)


def delete(queue_id: str, keys: Iterable[str]) -> list[str]:
    """Deletes those that exist; returns their ids."""
    gone: list[queue_rows.Row] = []
    with transaction.atomic("platform"):
        queue_rows.lock(queue_id)
        for key in keys:
            gone += queue_rows.rows(
                "DELETE FROM queue_request WHERE queue_id = %s AND request_id = %s "
                "RETURNING request_id, place, length(body)",
                [queue_id, key],
            )
        if gone:
            handled = sum(1 for _, place, _ in gone if place is None)
            size = sum(size for _, _, size in gone)
            queue_rows.count(
                queue_id, total=-len(gone), handled=-handled, deletes=len(gone), size=-size
            )
    return [key for key, _, _ in gone]


def head(queue_id: str, limit: int) -> list[dict[str, Any]]:
    """The first pending requests that nobody holds (rule 216)."""
    rows = queue_rows.rows(
        "SELECT body FROM queue_request WHERE queue_id = %s AND place IS NOT NULL "
        "AND locked_until <= %s ORDER BY place LIMIT %s",
        [queue_id, queue_rows.milliseconds(), limit],
    )
    if rows:
        reading.note(RequestQueue.objects.filter(id=queue_id), head_read_count=len(rows))
    return [decode(bytes(body)) for (body,) in rows]


def listed(
    queue_id: str, *, after: str, limit: int, states: frozenset[str]
) -> tuple[list[dict[str, Any]], bool]:
    """(requests by id after `after`, whether there are more); `states` of pending, locked and
    handled; none: all."""
    moment = queue_rows.milliseconds()
    free, held = Q(locked_until__lte=moment), Q(locked_until__gt=moment)
    meaning = {
        "pending": Q(place__isnull=False) & free,
        "locked": Q(place__isnull=False) & held,
        "handled": Q(place__isnull=True),
    }
    wanted = Q()
    for state in states:
        wanted |= meaning[state]
    found = QueueRequest.objects.filter(wanted, queue_id=queue_id, request_id__gt=after)
    bodies = list(found.order_by("request_id").values_list("body", flat=True)[: limit + 1])
    more = len(bodies) > limit
    bodies = bodies[:limit]
    if bodies:
        queue_rows.note_reads(queue_id, len(bodies))
    return [decode(bytes(body)) for body in bodies], more


def clear(queue_id: str) -> None:
    QueueRequest.objects.filter(queue_id=queue_id).delete()
