"""Request queues (endpoints 75-90; semantics.md rules 204-228)."""

import base64
import binascii
from functools import partial
from typing import Any

from starlette.responses import Response

from apps.platform.api import storages
from apps.platform.api.queue_bodies import batch_of, request_of
from apps.platform.domain.clock import iso, now
from apps.platform.domain.errors import ApiError, invalid_value, not_found
from apps.platform.domain.ids import request_id
from apps.platform.http import envelope
from apps.platform.http.mounts import MountedRoute
from apps.platform.http.request import ApiRequest
from apps.platform.models import RequestQueue
from apps.platform.storage import queue_locks, queues

MOST_LISTED = 10_000
MOST_HEAD = 1000
MOST_LOCKED = 25
LONGEST_LOCK = 7 * 86_400
LONGEST_KEY = 32
STATES = frozenset({"pending", "locked", "handled"})
SHOWN = ("id", "retryCount", "uniqueKey", "url", "method", "lockExpiresAt")


def _shape(row: RequestQueue) -> dict[str, Any]:
    return {
        "totalRequestCount": row.total_count,
        "handledRequestCount": row.handled_count,
        "pendingRequestCount": row.total_count - row.handled_count,
        "hadMultipleClients": row.had_multiple_clients,
        "stats": {
            "readCount": row.read_count,
            "writeCount": row.write_count,
            "deleteCount": row.delete_count,
            "headItemReadCount": row.head_read_count,
            "storageBytes": row.storage_bytes,
        },
    }


KIND = storages.Kind("requestQueue", "request queue", "request-queues", "request-queues", _shape)
find = partial(storages.find, KIND)


def _client(request: ApiRequest, row: RequestQueue) -> str:
    """The caller's key, noted in the queue (rules 213-215)."""
    key = request.query.text("clientKey") or ""
    if len(key) > LONGEST_KEY:
        raise invalid_value(f"clientKey must have 1 to {LONGEST_KEY} characters")
    queues.touch(row, key)
    return key


def _holder(request: ApiRequest, key: str) -> str:
    """A lock belongs to a client of one account or run."""
    identity = request.require_identity()
    return f"{identity.run_id or identity.user_id}:{key}"


def _told(added: queues.Added) -> dict[str, Any]:
    return {
        "requestId": added.id,
        "wasAlreadyPresent": added.was_present,
        "wasAlreadyHandled": added.was_handled,
    }


def add(request: ApiRequest, row: RequestQueue) -> Response:
    wanted = request_of(request.json_object())
    _client(request, row)
    added = queues.add(row.id, [wanted], forefront=request.query.boolean("forefront"))
    return envelope.data(_told(added[0]), 201)


def add_batch(request: ApiRequest, row: RequestQueue) -> Response:
    """What is wrong comes back as unprocessed, the rest is added (rules 224, 225)."""
    good, bad = batch_of(request.json())
    _client(request, row)
    added = queues.add(row.id, good, forefront=request.query.boolean("forefront"))
    processed = [{**_told(each), "uniqueKey": each.unique_key} for each in added]
    return envelope.data({"processedRequests": processed, "unprocessedRequests": bad}, 201)


def get(request: ApiRequest, row: RequestQueue) -> Response:
    found = queues.get(row.id, request.params["requestId"])
    if found is None:
        raise not_found("Request")
    return envelope.data(found)


def update(request: ApiRequest, row: RequestQueue) -> Response:
    """Replaces the request (rule 212); its unique key never changes."""
    key, body = request.params["requestId"], request.json_object()
    if body.get("uniqueKey") is None and (known := queues.find(row.id, key)):
        body["uniqueKey"] = known["uniqueKey"]
    wanted = {**request_of(body), "id": key}
    if request_id(wanted["uniqueKey"]) != key:
        raise invalid_value("the id in the path does not belong to this uniqueKey")
    _client(request, row)
    done = queues.update(row.id, wanted, forefront=request.query.boolean("forefront"))
    return envelope.data(_told(done))


def delete(request: ApiRequest, row: RequestQueue) -> Response:
    _client(request, row)
    if not queues.delete(row.id, [request.params["requestId"]]):
        raise not_found("Request")
    return envelope.empty()


def delete_batch(request: ApiRequest, row: RequestQueue) -> Response:
    """By id or unique key (rule 226)."""
    items = request.json()
    if not isinstance(items, list) or not 1 <= len(items) <= MOST_LOCKED:
        raise invalid_value(f"send an array of 1 to {MOST_LOCKED} requests")
    _client(request, row)
    wanted: dict[str, dict[str, Any]] = {}
    unprocessed = []
    for item in items:
        key = _id_of(item)
        if key:
            wanted[key] = item
        else:
            unprocessed.append(item)
    gone = set(queues.delete(row.id, wanted))
    processed = [item for key, item in wanted.items() if key in gone]
    unprocessed += [item for key, item in wanted.items() if key not in gone]
    return envelope.data({"processedRequests": processed, "unprocessedRequests": unprocessed})


def _id_of(item: Any) -> str:
    if not isinstance(item, dict):
        return ""
    if isinstance(item.get("id"), str):
        return str(item["id"])
    return request_id(item["uniqueKey"]) if isinstance(item.get("uniqueKey"), str) else ""


def head(request: ApiRequest, row: RequestQueue) -> Response:
    limit = request.query.integer("limit", 100, maximum=MOST_HEAD) or 100
    _client(request, row)
    items = [_shown(each) for each in queues.head(row.id, limit)]
    return envelope.data(_head(row, limit, items))


def _head(row: RequestQueue, limit: int, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "limit": limit,
        "queueModifiedAt": iso(row.modified_at),
        "hadMultipleClients": row.had_multiple_clients,
        "items": items,
    }


def _shown(request: dict[str, Any]) -> dict[str, Any]:
    return {name: request[name] for name in SHOWN if name in request}


def lock_head(request: ApiRequest, row: RequestQueue) -> Response:
    """Rules 218-220."""
    secs = _lock_secs(request)
    limit = request.query.integer("limit", MOST_LOCKED, maximum=MOST_LOCKED) or MOST_LOCKED
    key = _client(request, row)
    found = queue_locks.lock_head(row.id, limit=limit, lock_secs=secs, holder=_holder(request, key))
    items = [{**_shown(each), "lockExpiresAt": _moment(each["lockExpiresAt"])} for each in found]
    return envelope.data(
        {
            **_head(row, limit, items),
            "lockSecs": secs,
            "clientKey": key,
            "queueHasLockedRequests": queue_locks.has_locked(row.id),
        },
        201,
    )


def _lock_secs(request: ApiRequest) -> int:
    secs = request.query.integer("lockSecs", minimum=1, maximum=LONGEST_LOCK)
    if secs is None:
        raise invalid_value("lockSecs is required")
    return secs


def _moment(milliseconds: int) -> str:
    return iso(type(now()).fromtimestamp(milliseconds / 1000, tz=now().tzinfo))


def prolong(request: ApiRequest, row: RequestQueue) -> Response:
    """Rules 221, 222."""
    secs = _lock_secs(request)
    key = _client(request, row)
    until = queue_locks.prolong(
        row.id,
        request.params["requestId"],
        lock_secs=secs,
        holder=_holder(request, key),
        forefront=request.query.boolean("forefront"),
    )
    if until is None:
        raise _not_held(request, row)
    return envelope.data({"lockExpiresAt": _moment(until)})


def unlock(request: ApiRequest, row: RequestQueue) -> Response:
    """Rule 223."""
    key = _client(request, row)
    free = queue_locks.unlock(
        row.id,
        request.params["requestId"],
        holder=_holder(request, key),
        forefront=request.query.boolean("forefront"),
    )
    if not free:
        raise _not_held(request, row)
    return envelope.empty()


def _not_held(request: ApiRequest, row: RequestQueue) -> ApiError:
    if queues.find(row.id, request.params["requestId"]) is None:
        return not_found("Request")
    return ApiError(409, "request-lock-not-owned", "The lock belongs to another client or is over")


def unlock_all(request: ApiRequest, row: RequestQueue) -> Response:
    """What the client, or the run that calls, holds."""
    key = _client(request, row)
    run_id = request.require_identity().run_id
    freed = queue_locks.unlock_all(row.id, holder=_holder(request, key), run_id=run_id)
    return envelope.data({"unlockedCount": freed})


def list_requests(request: ApiRequest, row: RequestQueue) -> Response:
    """Rules 51, 227, and the cursor and filter of today's clients."""
    query = request.query
    limit = query.integer("limit", MOST_LISTED, maximum=MOST_LISTED) or MOST_LISTED
    start = query.text("exclusiveStartId")
    cursor = query.text("cursor")
    states = frozenset(query.names("filter"))
    if states - STATES:
        raise invalid_value(f"filter must be of {', '.join(sorted(STATES))}")
    _client(request, row)
    after = _cursor(cursor) if cursor else start or ""
    page, more = queues.listed(row.id, after=after, limit=limit, states=states)
    answer: dict[str, Any] = {"items": page, "limit": limit}
    if not states:
        answer["count"] = len(page)
    if start is not None:
        answer["exclusiveStartId"] = start
    if cursor:
        answer["cursor"] = cursor
    if more:
        answer["nextCursor"] = base64.urlsafe_b64encode(page[-1]["id"].encode()).decode()
    return envelope.data(answer)


def _cursor(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text.encode()).decode()
    except (binascii.Error, ValueError):
        raise invalid_value("cursor is not one that this API gave out") from None


ROUTES = storages.routes(KIND)
MOUNTED = [
    *storages.mounted(KIND),
    MountedRoute("GET", "/requests", list_requests, auth="id"),
    MountedRoute("POST", "/requests", add, rate=200),
    MountedRoute("POST", "/requests/batch", add_batch, rate=200),
    MountedRoute("DELETE", "/requests/batch", delete_batch, rate=200),
    MountedRoute("POST", "/requests/unlock", unlock_all, rate=200),
    MountedRoute("GET", "/requests/{requestId}", get, auth="id", rate=200),
    MountedRoute("PUT", "/requests/{requestId}", update, rate=200),
    MountedRoute("DELETE", "/requests/{requestId}", delete, rate=200),
    MountedRoute("PUT", "/requests/{requestId}/lock", prolong, rate=200),
    MountedRoute("DELETE", "/requests/{requestId}/lock", unlock, rate=200),
    MountedRoute("GET", "/head", head, auth="id"),
    MountedRoute("POST", "/head/lock", lock_head, rate=200),
]
