from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from console.api.calls import Call
from console.api.errors import Refused
from console.api.models.storages import QueueRequest, RequestPage, RequestQueue
from console.api.resources.request_queues import (
    create_queue,
    delete_queue,
    get_head,
    get_queue,
    get_request_text,
    list_queues,
    list_requests,
    rename_queue,
)
from console.request import ConsoleRequest, needs
from console.ui import general_access, json_text
from console.ui.listing import page_params
from console.ui.query import with_params, without
from console.ui.responses import render_page
from console.ui.storages import (
    actions,
    create_storage,
    delete_storage,
    rename_storage,
    storage_list,
)
from console.ui.tabs import Tab

LIMITS = (50, 100, 500, 1000)
LONGEST_ID = 64
LONGEST_CURSOR = 512
NEXT = "next"
STATES = ((NEXT, "Next"), ("pending", "Pending"), ("locked", "Locked"), ("handled", "Handled"))
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


@needs("read")
def queues(request: ConsoleRequest) -> HttpResponse:
    return storage_list(
        request,
        template="request_queues/list.html",
        current="request_queues:list",
        list_call=list_queues,
    )


@needs("read")
def queue(request: ConsoleRequest, queue_id: str) -> HttpResponse:
    wanted = request.GET.get("dialog")
    return queue_page(
        request, queue_id, {"add_open": wanted == "add", "unlock_open": wanted == "unlock"}
    )


def queue_page(
    request: ConsoleRequest, queue_id: str, more: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in dict(STATES) else ""
    limit = page_params(request.GET, limits=LIMITS, limit=100).limit
    after = request.GET.get("after", "")[:LONGEST_ID] or None
    cursor = request.GET.get("cursor", "")[:LONGEST_CURSOR] or None
    plain = partial(list_requests, queue_id, limit=limit, exclusive_start_id=after, cursor=cursor)
    head = get_head(queue_id, limit=limit)
    found, page, filters = asked(request, get_queue(queue_id), plain, head, state)
    context = {
        "queue": found,
        "requests": [(each, state_of(each, state)) for each in page.items if fits(each, state)],
        "state": state,
        "state_name": dict(STATES).get(state, ""),
        "filters": filters and all(fits(each, state) for each in page.items),
        "looked_at": len(page.items),
        "among": counted(found, state),
        "states": state_tabs(request, state),
        "after": after or cursor,
        "first_url": with_params(request, after=None, cursor=None, dialog=None),
        "next_url": None if state == NEXT else next_url(request, page, limit),
        "add_kept": without(request, "dialog"),
        "methods": METHODS,
        **actions(request, "request_queues", found),
        **more,
    }
    template = "request_queues/detail.html"
    return render_page(request, template, context, partial="requests", status=status)


def asked(
    request: ConsoleRequest,
    get: Call[RequestQueue],
    plain: Callable[..., Call[RequestPage]],
    head: Call[RequestPage],
    state: str,
) -> tuple[RequestQueue, RequestPage, bool]:
    """The queue, a page of requests, and whether the API took the state for what it is."""
    if state == NEXT:
        return *request.api.gather(get, head), True
    if not state:
        return *request.api.gather(get, plain()), True
    try:
        return *request.api.gather(get, plain(state=state)), True
    except Refused as error:
        if error.status != HTTPStatus.BAD_REQUEST:
            raise
    return *request.api.gather(get, plain()), False


def counted(found: RequestQueue, state: str) -> int | None:
    """How many requests are in that state; None where the API does not tell."""
    totals = {
        "": found.total_request_count,
        "pending": found.pending_request_count,
        "handled": found.handled_request_count,
    }
    return totals.get(state)


def fits(queued: QueueRequest, state: str) -> bool:
    """Whether the request may be in that state: of locks not every answer tells."""
    return not state or (queued.handled_at is not None) == (state == "handled")


def state_tabs(request: ConsoleRequest, state: str) -> list[Tab]:
    places = {"after": None, "cursor": None, "dialog": None}
    return [Tab("All", with_params(request, state=None, **places), not state)] + [
        Tab(label, with_params(request, state=name, **places), state == name)
        for name, label in STATES
    ]


def next_url(request: ConsoleRequest, page: RequestPage, limit: int) -> str | None:
    if page.next_cursor:
        return with_params(request, cursor=page.next_cursor, after=None, dialog=None)
    if len(page.items) >= limit:
        return with_params(request, after=page.items[-1].id, cursor=None, dialog=None)
    return None


def state_of(queued: QueueRequest, state: str = "") -> tuple[str, str]:
    """A word and its tone. The API tells locks only in some answers; `state` is what was asked."""
    if queued.handled_at is not None:
        return ("Handled, with errors", "warn") if queued.error_messages else ("Handled", "")
    if queued.lock_expires_at is not None or state == "locked":
        return "Locked", "accent"
    return ("Pending, tried", "warn") if queued.retry_count else ("Pending", "accent")


@needs("read")
def queued(request: ConsoleRequest, queue_id: str, request_id: str) -> HttpResponse:
    found, content = request.api.run(get_request_text(queue_id, request_id))
    context = {
        "queue_id": queue_id,
        "queued": found,
        "state": state_of(found),
        "unlock_open": request.GET.get("dialog") == "unlock",
        "text": json_text.coloured(json_text.indented(content)[: json_text.LONGEST]),
    }
    return render_page(request, "request_queues/request.html", context)


@needs("storages.edit")
def access(request: ConsoleRequest, queue_id: str) -> HttpResponse:
    return general_access.change(
        request,
        kind="request-queues",
        its_id=queue_id,
        permission="storages.edit",
        then=reverse("request_queues:detail", args=[queue_id]),
    )


@needs("storages.edit")
def create(request: ConsoleRequest) -> HttpResponse:
    return create_storage(request, call=create_queue, page="request_queues:detail")


@needs("storages.edit")
def rename(request: ConsoleRequest, queue_id: str) -> HttpResponse:
    return rename_storage(
        request,
        call=lambda name: rename_queue(queue_id, name),
        then=reverse("request_queues:detail", args=[queue_id]),
    )


@needs("storages.edit")
def delete(request: ConsoleRequest, queue_id: str) -> HttpResponse:
    return delete_storage(
        request,
        call=delete_queue(queue_id),
        noun="request queue",
        then=reverse("request_queues:list"),
    )
