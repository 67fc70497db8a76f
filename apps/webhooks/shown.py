"""Webhooks and dispatches as rows; secrets in addresses stay out of lists."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.urls import reverse

from apps.webhooks.forms import event_word
from apps.webhooks.scopes import Scope, scope_of
from console.api.models.webhooks import Attempt, Dispatch, WebhookSummary
from console.templatetags.fmt import plain_address
from console.ui.tabs import Tab

MOST_ATTEMPTS = 12
REPLAY = "Replay of dispatch "  # how a copy that sends again begins its description


class Row(NamedTuple):
    webhook: WebhookSummary
    scope: Scope
    events: str
    address: str


class Sent(NamedTuple):
    """A row of a list of dispatches."""

    dispatch: Dispatch
    event: str
    last: Attempt | None
    address: str

    @property
    def is_active(self) -> bool:
        return self.dispatch.status == "ACTIVE"


def rows(items: Sequence[WebhookSummary], names: dict[str, str]) -> list[Row]:
    return [
        Row(
            each,
            scope_of(each.condition, names),
            words(each.event_types),
            plain_address(each.request_url),
        )
        for each in items
    ]


def words(events: list[str]) -> str:
    """Run: succeeded, failed. Build: failed."""
    found = []
    for noun in ("Run", "Build"):
        its_events = [event for event in events if f".{noun.upper()}." in event]
        if its_events:
            said = ", ".join(event_word(event).lower() for event in its_events)
            found.append(f"{noun} {said}")
    return "; ".join(found) or ", ".join(events)


def sent(items: Sequence[Dispatch], addresses: Mapping[str, str] | None = None) -> list[Sent]:
    """`addresses` by webhook, for dispatches that do not tell their own."""
    return [
        Sent(
            each,
            said(each.event_type),
            each.calls[-1] if each.calls else None,
            address_of(each, addresses or {}),
        )
        for each in items
    ]


def address_of(dispatch: Dispatch, addresses: Mapping[str, str]) -> str:
    """Without what may be a secret, or ""."""
    told = dispatch.webhook.request_url if dispatch.webhook else ""
    url = told or addresses.get(dispatch.webhook_id or "", "")
    return plain_address(url) if url else ""


def said(event: str) -> str:
    return "Test" if event == "TEST" else words([event])


def next_try(dispatch: Dispatch) -> datetime | None:
    """About when an active dispatch is tried again: a minute after the first failure, then twice
    as long each time."""
    ended = [call.finished_at for call in dispatch.calls if call.finished_at]
    if dispatch.status != "ACTIVE" or not ended or len(dispatch.calls) >= MOST_ATTEMPTS:
        return None
    return max(ended) + timedelta(minutes=2 ** (len(dispatch.calls) - 1))


def tabs_of_list(current: str) -> list[Tab]:
    pages = (("Webhooks", "webhooks:list"), ("Dispatches", "webhooks:all_dispatches"))
    return [Tab(label, reverse(name), label == current) for label, name in pages]


def tabs_of_webhook(webhook: WebhookSummary, current: str) -> list[Tab]:
    pages = (("Settings", "webhooks:detail"), ("Dispatches", "webhooks:dispatches"))
    count = webhook.stats.total_dispatches if webhook.stats else None
    return [
        Tab(
            label,
            reverse(name, args=[webhook.id]),
            label == current,
            count if label == "Dispatches" else None,
        )
        for label, name in pages
    ]
