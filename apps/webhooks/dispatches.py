"""Lists of dispatches, and one with every attempt."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpResponse

from apps.webhooks import payload
from apps.webhooks.previews import MADE_UP, Preview, Source, preview, whole
from apps.webhooks.shown import (
    REPLAY,
    next_try,
    said,
    sent,
    tabs_of_list,
    tabs_of_webhook,
)
from console.api.errors import Refused
from console.api.models.base import Page
from console.api.models.webhooks import Dispatch, Webhook
from console.api.resources.webhooks import (
    get_dispatch,
    get_webhook,
    list_dispatches,
    list_webhook_dispatches,
)
from console.request import ConsoleRequest, needs
from console.templatetags.fmt import plain_address
from console.ui.listing import page_params, pager
from console.ui.responses import render_page

SEARCHED = 1000
STATUSES = [("", "All"), ("ACTIVE", "Active"), ("SUCCEEDED", "Succeeded"), ("FAILED", "Failed")]


class Filters(forms.Form):
    status = forms.ChoiceField(choices=STATUSES, required=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The API filters nothing: with a status, the newest 1,000 are looked through."""

    status: str
    offset: int
    limit: int

    @property
    def bounds(self) -> tuple[int, int]:
        return (0, SEARCHED) if self.status else (self.offset, self.limit)

    def of(self, listed: Page[Dispatch]) -> tuple[Sequence[Dispatch], int]:
        if not self.status:
            return listed.items, listed.total
        found = [each for each in listed.items if each.status == self.status]
        return found[self.offset : self.offset + self.limit], len(found)


def wanted(request: ConsoleRequest) -> Wanted:
    filters = Filters(request.GET)
    params = page_params(request.GET)
    status = filters.cleaned_data["status"] if filters.is_valid() else ""
    return Wanted(status, params.offset, params.limit)


@needs("read")
def everything(request: ConsoleRequest) -> HttpResponse:
    asked = wanted(request)
    offset, limit = asked.bounds
    listed = request.api.run(list_dispatches(offset=offset, limit=limit))
    context = {"tabs": tabs_of_list("Dispatches")}
    return rows_page(request, "webhooks/all_dispatches.html", asked, listed, context)


@needs("read")
def of_webhook(request: ConsoleRequest, webhook_id: str) -> HttpResponse:
    asked = wanted(request)
    offset, limit = asked.bounds
    found, listed = request.api.gather(
        get_webhook(webhook_id), list_webhook_dispatches(webhook_id, offset=offset, limit=limit)
    )
    context = {
        "webhook": found,
        "address": plain_address(found.request_url),
        "tabs": tabs_of_webhook(found, "Dispatches"),
    }
    return rows_page(request, "webhooks/dispatches.html", asked, listed, context)


def rows_page(
    request: ConsoleRequest,
    template: str,
    asked: Wanted,
    listed: Page[Dispatch],
    context: dict[str, Any],
) -> HttpResponse:
    items, total = asked.of(listed)
    shown = {
        "rows": sent(items),
        "status": asked.status,
        "statuses": STATUSES,
        "searched": SEARCHED,
        "pager": pager(request, params=page_params(request.GET), total=total, shown=len(items)),
    }
    return render_page(request, template, {**context, **shown}, partial="rows")


@needs("read")
def detail(request: ConsoleRequest, dispatch_id: str) -> HttpResponse:
    """Asks again by itself while the dispatch is active."""
    found = request.api.run(get_dispatch(dispatch_id))
    webhook = webhook_of(request, found)
    may_see = request.may("webhooks.edit")
    context = {
        "dispatch": found,
        "event": said(found.event_type),
        "webhook": webhook,
        "address": plain_address(webhook.request_url) if webhook else "",
        "attempts": list(enumerate(found.calls, start=1)),
        "is_replay": bool(webhook and (webhook.description or "").startswith(REPLAY)),
        "is_told": any(call.request_body is not None for call in found.calls),
        "next_try": next_try(found),
        "made": made_again(request, found, webhook) if webhook and may_see else None,
        "fixed": payload.FIXED_HEADERS,
    }
    return render_page(request, "webhooks/dispatch.html", context, partial="attempts")


def webhook_of(request: ConsoleRequest, dispatch: Dispatch) -> Webhook | None:
    """None when the webhook has been deleted since."""
    if not dispatch.webhook_id:
        return None
    try:
        return request.api.run(get_webhook(dispatch.webhook_id))
    except Refused as refused:
        if refused.status != HTTPStatus.NOT_FOUND:
            raise
        return None


def made_again(request: ConsoleRequest, dispatch: Dispatch, webhook: Webhook) -> Preview | None:
    """What the webhook's present template makes of the run as it is now; None when it is gone."""
    source = source_of(request, dispatch)
    if source is None:
        return None
    return preview(
        source,
        dispatch.event_type,
        template=webhook.payload_template or "",
        headers=webhook.headers_template or "",
        interpolate=bool(webhook.should_interpolate_strings),
        at=dispatch.created_at,
    )


def source_of(request: ConsoleRequest, dispatch: Dispatch) -> Source | None:
    data = dispatch.event_data
    if data is None or not (data.actor_run_id or data.actor_build_id):
        return Source("run", MADE_UP, is_made_up=True) if dispatch.event_type == "TEST" else None
    try:
        if data.actor_run_id:
            return whole(request, "run", data.actor_run_id)
        return whole(request, "build", data.actor_build_id or "")
    except Refused:
        return None
