"""Sending a dispatch again with nothing but what every API v2 has.

The API has no such call. So a copy of the webhook, whose templates are the finished texts, is sent
as a test. The copy watches the creation of a run that exists already, so it never fires by itself.
Each webhook has at most one copy, found again by its idempotency key (rule 230).
"""

import json
from typing import Any, NamedTuple

from apps.webhooks.dispatches import made_again, webhook_of
from apps.webhooks.shown import REPLAY
from console.api.models.webhooks import Dispatch, Webhook
from console.api.resources.runs import list_actor_runs
from console.api.resources.webhooks import create_webhook, send_test, update_webhook
from console.request import ConsoleRequest

MARK = "X-Callboard-Replay-Of"
LONGEST_BODY = 100_000  # characters that a template may have


class Replayed(NamedTuple):
    dispatch: Dispatch


class Body(NamedTuple):
    text: str
    headers: dict[str, str]


# the sender writes these itself and takes them from no template
OF_THE_CONNECTION = {"connection", "accept-encoding", "content-length", "transfer-encoding"}


def replay(request: ConsoleRequest, first: Dispatch, *, same: bool) -> Replayed | str:
    """The new dispatch, or a sentence that says why there is none."""
    webhook = webhook_of(request, first)
    if webhook is None:
        return "The webhook has been deleted, so its address is not known any more."
    body = as_sent(first) if same else as_now(request, first, webhook)
    if isinstance(body, str):
        return body
    if len(body.text) > LONGEST_BODY:
        return "The payload is too long to be sent as a template."
    run_id = watched_run(request, first)
    if not run_id:
        return "No run is left that a copy of the webhook could be tied to."
    fields = copy_of(webhook, first, body, run_id)
    key = {"idempotencyKey": f"callboard-replay-{webhook.id}"}
    copy = request.api.run(create_webhook({**fields, **key}))
    request.api.run(update_webhook(copy.id, fields))
    return Replayed(request.api.run(send_test(copy.id)))


def as_sent(first: Dispatch) -> Body | str:
    told = next((call for call in first.calls if call.request_body is not None), None)
    if told is None or told.request_body is None:
        return "This API does not tell what was sent."
    headers = (told.request_headers or {}).items()
    kept = {name: value for name, value in headers if name.lower() not in OF_THE_CONNECTION}
    return Body(told.request_body, kept)


def as_now(request: ConsoleRequest, first: Dispatch, webhook: Webhook) -> Body | str:
    made = made_again(request, first, webhook)
    if made is None:
        return "The run or build is gone, so its payload cannot be made again."
    if made.errors:
        return f"The webhook's template cannot be used. {' '.join(made.errors.values())}"
    return Body(made.plain, made.headers)


def watched_run(request: ConsoleRequest, first: Dispatch) -> str:
    data = first.event_data
    if data is None or data.actor_run_id or not data.actor_id:
        return (data and data.actor_run_id) or ""
    runs = request.api.run(list_actor_runs(data.actor_id, limit=1)).items
    return runs[0].id if runs else ""


def copy_of(webhook: Webhook, first: Dispatch, body: Body, run_id: str) -> dict[str, Any]:
    return {
        "requestUrl": webhook.request_url,
        "eventTypes": ["ACTOR.RUN.CREATED"],
        "condition": {"actorRunId": run_id},
        "payloadTemplate": body.text,
        "headersTemplate": json.dumps({**body.headers, MARK: first.id}),
        "shouldInterpolateStrings": False,
        "description": f"{REPLAY}{first.id} of webhook {webhook.id}, sent by the Console",
        "ignoreSslErrors": webhook.ignore_ssl_errors,
        "doNotRetry": True,
    }
