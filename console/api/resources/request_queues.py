"""Request queues: /v2/request-queues (endpoints 75-90)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from console.api.calls import JSON, Call, params, path
from console.api.models.base import Page
from console.api.models.storages import (
    BatchAnswer,
    QueueRequest,
    RequestPage,
    RequestQueue,
    Unlocked,
)
from console.api.reading import data, nothing

MOST_AT_ONCE: Final = 25


def list_queues(
    *, offset: int = 0, limit: int = 100, desc: bool = True, unnamed: bool | None = None
) -> Call[Page[RequestQueue]]:
    return Call(
        "GET",
        "/v2/request-queues",
        data(Page[RequestQueue]),
        params(offset=offset, limit=limit, desc=desc, unnamed=unnamed),
    )


def create_queue(name: str | None = None) -> Call[RequestQueue]:
    """The queue of that name, made if there is none; without a name always a new one."""
    return Call("POST", "/v2/request-queues", data(RequestQueue), params(name=name))


def get_queue(queue_id: str) -> Call[RequestQueue]:
    return Call("GET", path("/v2/request-queues/{}", queue_id), data(RequestQueue))


def rename_queue(queue_id: str, name: str) -> Call[RequestQueue]:
    return Call(
        "PUT",
        path("/v2/request-queues/{}", queue_id),
        data(RequestQueue),
        body=msgspec.json.encode({"name": name}),
        content_type=JSON,
    )


def delete_queue(queue_id: str) -> Call[None]:
    return Call("DELETE", path("/v2/request-queues/{}", queue_id), nothing)


def list_requests(
    queue_id: str,
    *,
    limit: int = 100,
    exclusive_start_id: str | None = None,
    cursor: str | None = None,
    state: str | None = None,
) -> Call[RequestPage]:
    """`state` is pending, locked or handled; older APIs do not know it, nor the cursor."""
    return Call(
        "GET",
        path("/v2/request-queues/{}/requests", queue_id),
        data(RequestPage),
        params(limit=limit, exclusive_start_id=exclusive_start_id, cursor=cursor, filter=state),
    )


def add_requests(
    queue_id: str, requests: Sequence[Mapping[str, Any]], *, forefront: bool = False
) -> Call[BatchAnswer]:
    """At most `MOST_AT_ONCE`; those whose unique key is there already stay as they are."""
    return Call(
        "POST",
        path("/v2/request-queues/{}/requests/batch", queue_id),
        data(BatchAnswer),
        params(forefront=forefront or None),
        body=msgspec.json.encode(requests),
        content_type=JSON,
    )


def update_request(queue_id: str, request_id: str, body: bytes) -> Call[None]:
    """Puts the whole request in the place of the one that is there (rule 212)."""
    return Call(
        "PUT",
        path("/v2/request-queues/{}/requests/{}", queue_id, request_id),
        nothing,
        body=body,
        content_type=JSON,
    )


def delete_request(queue_id: str, request_id: str) -> Call[None]:
    url = path("/v2/request-queues/{}/requests/{}", queue_id, request_id)
    return Call("DELETE", url, nothing)


def delete_requests(queue_id: str, ids: Sequence[str]) -> Call[BatchAnswer]:
    """At most `MOST_AT_ONCE` (rule 226)."""
    return Call(
        "DELETE",
        path("/v2/request-queues/{}/requests/batch", queue_id),
        data(BatchAnswer),
        body=msgspec.json.encode([{"id": each} for each in ids]),
        content_type=JSON,
    )


def unlock_requests(queue_id: str, *, client_key: str | None = None) -> Call[Unlocked]:
    """Frees what the client of that key holds; of newer APIs."""
    url = path("/v2/request-queues/{}/requests/unlock", queue_id)
    return Call("POST", url, data(Unlocked), params(client_key=client_key))


def unlock_request(
    queue_id: str, request_id: str, *, client_key: str | None = None, forefront: bool = False
) -> Call[None]:
    """Of a lock that the client of that key holds; 409 where another does (rule 223)."""
    url = path("/v2/request-queues/{}/requests/{}/lock", queue_id, request_id)
    return Call("DELETE", url, nothing, params(client_key=client_key, forefront=forefront or None))


def get_head(queue_id: str, *, limit: int = 100) -> Call[RequestPage]:
    """The requests that are next, in the order in which they are given out; none that is locked."""
    url = path("/v2/request-queues/{}/head", queue_id)
    return Call("GET", url, data(RequestPage), params(limit=limit))


def get_request(queue_id: str, request_id: str) -> Call[QueueRequest]:
    return Call(
        "GET",
        path("/v2/request-queues/{}/requests/{}", queue_id, request_id),
        data(QueueRequest),
    )


def get_request_text(queue_id: str, request_id: str) -> Call[tuple[QueueRequest, bytes]]:
    """The request, and its JSON as the API tells it, with what the model does not know."""
    return Call(
        "GET",
        path("/v2/request-queues/{}/requests/{}", queue_id, request_id),
        lambda answer: (_request(answer), bytes(_raw(answer))),
    )


_request = data(QueueRequest)
_raw = data(msgspec.Raw)
