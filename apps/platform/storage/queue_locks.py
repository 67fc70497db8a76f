"""Locks of requests: who works on what, and until when (semantics.md rules 218-223)."""

from typing import Any

import msgspec
from django.db import transaction
from django.db.models import Q

from apps.platform.models import QueueRequest
from apps.platform.storage import queue_rows

decode = msgspec.json.Decoder(dict[str, Any]).decode


def lock_head(queue_id: str, *, limit: int, lock_secs: int, holder: str) -> list[dict[str, Any]]:
    """Locks and returns the first free requests, each with `lockExpiresAt` in ms (rule 218)."""
    with transaction.atomic("platform"):
        queue_rows.lock(queue_id)
        moment = queue_rows.milliseconds()
        until = moment + lock_secs * 1000
        rows = queue_rows.rows(
            "UPDATE queue_request SET locked_until = %s, locked_by = %s WHERE id IN ("
            "SELECT id FROM queue_request WHERE queue_id = %s AND place IS NOT NULL "
            "AND locked_until <= %s ORDER BY place LIMIT %s) RETURNING place, body",
            [until, holder, queue_id, moment, limit],
        )
        if rows:
            queue_rows.count(queue_id, writes=len(rows), heads=len(rows))
    ordered = sorted(rows, key=lambda row: int(row[0]))
    return [{**decode(bytes(body)), "lockExpiresAt": until} for _, body in ordered]


def has_locked(queue_id: str) -> bool:
    return QueueRequest.objects.filter(
        queue_id=queue_id, place__isnull=False, locked_until__gt=queue_rows.milliseconds()
    ).exists()


def prolong(queue_id: str, key: str, *, lock_secs: int, holder: str, forefront: bool) -> int | None:
    """The new end of the lock in ms; None when another holds it or it is gone (rule 221)."""
    with transaction.atomic("platform"):
        queue_rows.lock(queue_id)
        moment = queue_rows.milliseconds()
        place = _place_if_held(queue_id, key, holder, moment)
        if place is None:
            return None
        if forefront:
            place = queue_rows.next_place(queue_id, forefront=True, number=1)
        until = moment + lock_secs * 1000
        queue_rows.execute(
            "UPDATE queue_request SET locked_until = %s, locked_by = %s, place = %s "
            "WHERE queue_id = %s AND request_id = %s",
            [until, holder, place, queue_id, key],
        )
        queue_rows.count(queue_id, writes=1)
    return until


def unlock(queue_id: str, key: str, *, holder: str, forefront: bool) -> bool:
    """Whether the request is free now (rule 223)."""
    with transaction.atomic("platform"):
        queue_rows.lock(queue_id)
        place = _place_if_held(queue_id, key, holder, queue_rows.milliseconds())
        if place is None:
            return False
        if forefront:
            place = queue_rows.next_place(queue_id, forefront=True, number=1)
        queue_rows.execute(
            "UPDATE queue_request SET locked_until = 0, place = %s "
            "WHERE queue_id = %s AND request_id = %s",
            [place, queue_id, key],
        )
    return True


def unlock_all(queue_id: str, *, holder: str, run_id: str) -> int:
    """Frees all that `holder` or the run holds; how many."""
    mine = Q(locked_by=holder)
    if run_id:
        mine |= Q(locked_by__startswith=f"{run_id}:")
    held = QueueRequest.objects.filter(
        mine, queue_id=queue_id, locked_until__gt=queue_rows.milliseconds()
    )
    return held.update(locked_until=0)


def _place_if_held(queue_id: str, key: str, holder: str, moment: int) -> int | None:
    """The place of a pending request unless somebody else holds it."""
    rows = queue_rows.rows(
        "SELECT place FROM queue_request WHERE queue_id = %s AND request_id = %s "
        "AND place IS NOT NULL AND (locked_until <= %s OR locked_by = %s)",
        [queue_id, key, moment, holder],
    )
    return int(rows[0][0]) if rows else None
