"""Requests are added, edited and deleted, and locks released."""

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

from apps.request_queues.views import METHODS, queue_page
from console.api.errors import Refused
from console.api.models.storages import QueueRequest
from console.api.resources.request_queues import (
    MOST_AT_ONCE,
    add_requests,
    delete_request,
    delete_requests,
    get_request_text,
    unlock_request,
    unlock_requests,
    update_request,
)
from console.request import ConsoleRequest, needs
from console.ui import json_text
from console.ui.actions import act, deleted, go
from console.ui.editing import conflict, text_form
from console.ui.query import with_params
from console.ui.responses import tell

T = TypeVar("T")

MOST_URLS: Final = 500
MOST_DELETED: Final = 1000
LONGEST_KEY: Final = 32  # of a client


class NotAdded(Exception):
    """A sentence for the person who adds requests."""


@needs("storages.edit")
def add(request: ConsoleRequest, queue_id: str) -> HttpResponse:
    """POST `urls`, one a line, `method`, and for one of them `uniqueKey`, `payload`; `headers` and
    `userData` as JSON are for all of them, and so is `forefront`."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        wanted = posted_requests(request)
    except NotAdded as problem:
        context = {"add_open": True, "problem": str(problem), "typed": request.POST.dict()}
        return queue_page(request, queue_id, context, status=HTTPStatus.BAD_REQUEST)
    forefront = request.POST.get("forefront") == "1"
    answers = request.api.gather(
        *[add_requests(queue_id, part, forefront=forefront) for part in parts(wanted)]
    )
    added = [each for answer in answers for each in answer.processed_requests]
    refused = sum(len(answer.unprocessed_requests) for answer in answers)
    known = sum(each.was_already_present for each in added)
    said = [f"Added {len(added) - known:,}."]
    said += [f"{known:,} were there already."] * bool(known)
    said += [f"The API took {refused:,} not; add them again."] * bool(refused)
    tell(request, " ".join(said), tone="warning" if refused else "success")
    return go(request, page_of(queue_id))


def posted_requests(request: ConsoleRequest) -> list[dict[str, Any]]:
    urls = [line.strip() for line in request.POST.get("urls", "").splitlines() if line.strip()]
    if not 1 <= len(urls) <= MOST_URLS:
        raise NotAdded(f"Write 1 to {MOST_URLS} addresses, one a line.")
    if strange := next((url for url in urls if not is_address(url)), None):
        raise NotAdded(f"This is no address: {strange[:100]}. It begins with https:// or the like.")
    method = request.POST.get("method", "GET")
    shared: dict[str, Any] = {"method": method if method in METHODS else "GET"}
    for name in ("headers", "userData"):
        if value := posted_object(request, name):
            shared[name] = value
    key = request.POST.get("uniqueKey", "").strip()
    payload = request.POST.get("payload", "")
    if len(urls) > 1 and (key or payload):
        raise NotAdded("A unique key and a payload are for one address alone.")
    one = {name: text for name, text in (("uniqueKey", key), ("payload", payload)) if text}
    return [{"uniqueKey": url, "url": url, **shared, **one} for url in urls]


def is_address(url: str) -> bool:
    try:
        parts_of_it = urlsplit(url)
    except ValueError:
        return False
    return bool(parts_of_it.scheme and parts_of_it.netloc)


def posted_object(request: ConsoleRequest, name: str) -> dict[str, Any]:
    text = request.POST.get(name, "").strip()
    return parsed(text, name) if text else {}


def parsed(text: str, name: str) -> dict[str, Any]:
    """Raises NotAdded for anything but one JSON object."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise NotAdded(f"{name} is no JSON: {problem}.") from None
    if not isinstance(value, dict):
        raise NotAdded(f"{name} must be a JSON object.")
    return value


def parts(values: Sequence[T]) -> list[Sequence[T]]:
    return [values[n : n + MOST_AT_ONCE] for n in range(0, len(values), MOST_AT_ONCE)]


@needs("storages.edit")
def edit(request: ConsoleRequest, queue_id: str, request_id: str) -> HttpResponse:
    """The whole request as JSON. Without `handledAt` it is pending again."""
    found, content = request.api.run(get_request_text(queue_id, request_id))
    theirs = {"request": json.loads(content)}
    if request.method != "POST":
        text = json_text.indented(content)
        return form(request, queue_id, found, theirs, text=text, problem="")
    text = request.POST.get("text", "")
    try:
        mine = {"request": parsed(text, "The request")}
    except NotAdded as problem:
        return form(request, queue_id, found, theirs, text=text, problem=str(problem))
    edit_url = reverse("request_queues:edit", args=[queue_id, request_id])
    if both := conflict(request, name="The request", mine=mine, theirs=theirs, edit_url=edit_url):
        return both
    try:
        request.api.run(update_request(queue_id, request_id, text.encode()))
    except Refused as refused:
        if refused.status != HTTPStatus.BAD_REQUEST:
            raise
        return form(request, queue_id, found, theirs, text=text, problem=refused.sentence)
    tell(request, "Saved the request.")
    return go(request, reverse("request_queues:request", args=[queue_id, request_id]))


def form(
    request: ConsoleRequest,
    queue_id: str,
    found: QueueRequest,
    theirs: dict[str, Any],
    *,
    text: str,
    problem: str,
) -> HttpResponse:
    context = {"queue_id": queue_id, "queued": found}
    template = "request_queues/edit.html"
    return text_form(request, template, theirs, text=text, problem=problem, context=context)


@needs("storages.edit")
def delete_one(request: ConsoleRequest, queue_id: str, request_id: str) -> HttpResponse:
    return act(
        request,
        perform=lambda: deleted(request.api, delete_request(queue_id, request_id)),
        then=lambda _: page_of(queue_id),
        said=lambda was_there: "Deleted the request." if was_there else "The request was gone.",
    )


@needs("storages.edit")
def delete_selected(request: ConsoleRequest, queue_id: str) -> HttpResponse:
    """POST `request` for each id; those that are gone already are no error."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    page = with_params(request, page_of(queue_id), dialog=None)
    ids = list(dict.fromkeys(request.POST.getlist("request")))[:MOST_DELETED]
    if not ids:
        tell(request, "Select requests first.", tone="warning")
        return go(request, page)
    answers = request.api.gather(*[delete_requests(queue_id, part) for part in parts(ids)])
    gone = sum(len(answer.processed_requests) for answer in answers)
    left = len(ids) - gone
    tell(request, f"Deleted {gone:,}." + (f" {left:,} were gone already." if left else ""))
    return go(request, page)


@needs("storages.edit")
def unlock(request: ConsoleRequest, queue_id: str) -> HttpResponse:
    """POST `clientKey`: locks belong to clients, and each can only release its own."""
    key = request.POST.get("clientKey", "").strip()[:LONGEST_KEY] or None
    return act(
        request,
        perform=lambda: request.api.run(unlock_requests(queue_id, client_key=key)),
        then=lambda _: page_of(queue_id),
        said=lambda done: (
            f"Unlocked {done.unlocked_count:,}."
            if done.unlocked_count
            else "That client holds no locks here. Those of others end by themselves."
        ),
        tone="info",
    )


@needs("storages.edit")
def unlock_one(request: ConsoleRequest, queue_id: str, request_id: str) -> HttpResponse:
    """POST `clientKey`, and `forefront` to put it before those that wait."""
    key = request.POST.get("clientKey", "").strip()[:LONGEST_KEY] or None
    front = request.POST.get("forefront") == "1"
    call = unlock_request(queue_id, request_id, client_key=key, forefront=front)
    return act(
        request,
        perform=lambda: request.api.run(call),
        then=lambda _: reverse("request_queues:request", args=[queue_id, request_id]),
        said=lambda _: "Unlocked.",
    )


def page_of(queue_id: str) -> str:
    return reverse("request_queues:detail", args=[queue_id])
