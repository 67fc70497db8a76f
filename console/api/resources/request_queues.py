"""Request queues: /v2/request-queues (endpoints 75-79, 80, 83)."""

import msgspec

from console.api.calls import JSON, Call, params, path
from console.api.models.base import Page
from console.api.models.storages import QueueRequest, RequestPage, RequestQueue
from console.api.reading import data, nothing


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
    queue_id: str, *, limit: int = 100, exclusive_start_id: str | None = None
) -> Call[RequestPage]:
    return Call(
        "GET",
        path("/v2/request-queues/{}/requests", queue_id),
        data(RequestPage),
        params(limit=limit, exclusive_start_id=exclusive_start_id),
    )


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
