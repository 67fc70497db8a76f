"""Webhooks: /v2/webhooks and /v2/webhook-dispatches (endpoints 16, 39, 91-99)."""

from typing import Any

import msgspec

from console.api.calls import JSON, Call, params, path
from console.api.models.base import Page
from console.api.models.webhooks import Dispatch, Webhook, WebhookSummary
from console.api.reading import data, nothing


def list_webhooks(
    *, offset: int = 0, limit: int = 100, desc: bool = True
) -> Call[Page[WebhookSummary]]:
    return _listed("/v2/webhooks", offset=offset, limit=limit, desc=desc)


def list_actor_webhooks(
    actor_id: str, *, offset: int = 0, limit: int = 100, desc: bool = True
) -> Call[Page[WebhookSummary]]:
    address = path("/v2/acts/{}/webhooks", actor_id)
    return _listed(address, offset=offset, limit=limit, desc=desc)


def list_task_webhooks(
    task_id: str, *, offset: int = 0, limit: int = 100, desc: bool = True
) -> Call[Page[WebhookSummary]]:
    address = path("/v2/actor-tasks/{}/webhooks", task_id)
    return _listed(address, offset=offset, limit=limit, desc=desc)


def _listed(address: str, **bounds: int | bool) -> Call[Page[WebhookSummary]]:
    return Call("GET", address, data(Page[WebhookSummary]), params(**bounds))


def get_webhook(webhook_id: str) -> Call[Webhook]:
    return Call("GET", path("/v2/webhooks/{}", webhook_id), data(Webhook))


def create_webhook(fields: dict[str, Any]) -> Call[Webhook]:
    """`fields` in the API's spelling; `idempotencyKey` makes a second call find the first one's
    webhook (rule 230)."""
    body = msgspec.json.encode(fields)
    return Call("POST", "/v2/webhooks", data(Webhook), body=body, content_type=JSON)


def update_webhook(webhook_id: str, changes: dict[str, Any]) -> Call[Webhook]:
    """Properties left out keep their value (rule 241)."""
    address = path("/v2/webhooks/{}", webhook_id)
    body = msgspec.json.encode(changes)
    return Call("PUT", address, data(Webhook), body=body, content_type=JSON)


def delete_webhook(webhook_id: str) -> Call[None]:
    return Call("DELETE", path("/v2/webhooks/{}", webhook_id), nothing)


def send_test(webhook_id: str) -> Call[Dispatch]:
    """Sends made-up data of the event TEST and tells the dispatch of it (rule 242)."""
    return Call("POST", path("/v2/webhooks/{}/test", webhook_id), data(Dispatch))


def list_webhook_dispatches(
    webhook_id: str, *, offset: int = 0, limit: int = 100, desc: bool = True
) -> Call[Page[Dispatch]]:
    address = path("/v2/webhooks/{}/dispatches", webhook_id)
    bounds = params(offset=offset, limit=limit, desc=desc)
    return Call("GET", address, data(Page[Dispatch]), bounds)


def list_dispatches(
    *, offset: int = 0, limit: int = 100, desc: bool = True
) -> Call[Page[Dispatch]]:
    bounds = params(offset=offset, limit=limit, desc=desc)
    return Call("GET", "/v2/webhook-dispatches", data(Page[Dispatch]), bounds)


def get_dispatch(dispatch_id: str) -> Call[Dispatch]:
    return Call("GET", path("/v2/webhook-dispatches/{}", dispatch_id), data(Dispatch))
