from django.http import HttpResponse
from django.urls import reverse

from console.api.models.storages import QueueRequest
from console.api.resources.request_queues import (
    create_queue,
    delete_queue,
    get_queue,
    get_request_text,
    list_queues,
    list_requests,
    rename_queue,
)
from console.request import ConsoleRequest, needs
from console.ui import json_text
from console.ui.listing import page_params
from console.ui.query import with_params
from console.ui.responses import render_page
from console.ui.storages import (
    actions,
    create_storage,
    delete_storage,
    rename_storage,
    storage_list,
)

LIMITS = (50, 100, 500, 1000)
LONGEST_ID = 64


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
    limit = page_params(request.GET, limits=LIMITS, limit=100).limit
    after = request.GET.get("after", "")[:LONGEST_ID] or None
    found, page = request.api.gather(
        get_queue(queue_id), list_requests(queue_id, limit=limit, exclusive_start_id=after)
    )
    last = page.items[-1].id if len(page.items) >= limit else None
    context = {
        "queue": found,
        "requests": [(each, state_of(each)) for each in page.items],
        "after": after,
        "first_url": with_params(request, after=None),
        "next_url": with_params(request, after=last) if last else None,
        **actions(request, "request_queues", queue_id),
    }
    return render_page(request, "request_queues/detail.html", context, partial="requests")


def state_of(queued: QueueRequest) -> tuple[str, str]:
    """A word and its tone. The API tells locks only in some answers."""
    if queued.handled_at is not None:
        return ("Handled, with errors", "warn") if queued.error_messages else ("Handled", "")
    if queued.lock_expires_at is not None:
        return "Locked", "accent"
    return ("Pending, tried", "warn") if queued.retry_count else ("Pending", "accent")


@needs("read")
def queued(request: ConsoleRequest, queue_id: str, request_id: str) -> HttpResponse:
    found, content = request.api.run(get_request_text(queue_id, request_id))
    context = {
        "queue_id": queue_id,
        "queued": found,
        "state": state_of(found),
        "text": json_text.coloured(json_text.indented(content)[: json_text.LONGEST]),
    }
    return render_page(request, "request_queues/request.html", context)


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
