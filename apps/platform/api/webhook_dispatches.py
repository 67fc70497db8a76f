"""Dispatches of webhooks (endpoints 97-99, semantics.md rules 243, 244)."""

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Substr
from starlette.responses import Response

from apps.platform.api import access
from apps.platform.api.refs import missing
from apps.platform.domain.clock import iso, iso_or_none
from apps.platform.http import envelope
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route
from apps.platform.models import Webhook, WebhookCall, WebhookDispatch

SHORT_BODY = 1000  # characters of a response in lists; the dispatch itself has all that was kept
CALL = ("dispatch_id", "started_at", "finished_at", "error_message", "response_status")


def shape(dispatch: WebhookDispatch, calls: list[dict[str, Any]]) -> dict[str, Any]:
    webhook = dispatch.webhook
    condition = {
        "actorId": webhook.actor_id,
        "actorTaskId": webhook.task_id,
        "actorRunId": webhook.run_id,
    }
    return {
        "id": dispatch.id,
        "userId": dispatch.user_id,
        "webhookId": dispatch.webhook_id,
        "createdAt": iso(dispatch.created_at),
        "finishedAt": iso_or_none(dispatch.finished_at),
        "nextAttemptAt": iso_or_none(dispatch.next_at),
        "status": dispatch.status,
        "eventType": dispatch.event_type,
        "eventData": dispatch.event_data,
        "webhook": {
            "actionType": "HTTP_REQUEST",
            "requestUrl": webhook.request_url,
            "isAdHoc": webhook.is_ad_hoc,
            "condition": {name: value for name, value in condition.items() if value},
        },
        "calls": calls,
    }


def _calls(dispatches: list[WebhookDispatch], most: int | None) -> dict[str, list[dict[str, Any]]]:
    """Attempts by dispatch, oldest first; responses cut at `most` characters."""
    body = Substr("response_body", 1, most) if most else "response_body"
    sent = () if most else ("request_headers", "request_body")  # lists leave out what was sent
    found = WebhookCall.objects.filter(dispatch__in=[each.id for each in dispatches])
    made: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for call in found.order_by("id").values_list(*CALL, body, *sent):
        made[call[0]].append(
            {
                "startedAt": iso(call[1]),
                "finishedAt": iso_or_none(call[2]),
                "errorMessage": call[3],
                "responseStatus": call[4],
                "responseBody": call[5],
                **dict(zip(("requestHeaders", "requestBody"), call[6:], strict=False)),
            }
        )
    return made


def list_dispatches(request: ApiRequest) -> Response:
    identity = access.refuse_run_token(request, "list of webhook dispatches")
    return _list(request, WebhookDispatch.objects.filter(user_id=identity.user_id))


def list_of_webhook(request: ApiRequest) -> Response:
    identity = access.refuse_run_token(request, "webhook")
    webhook_id = request.params["webhookId"]
    if not Webhook.objects.filter(id=webhook_id, user_id=identity.user_id).exists():
        raise missing("Webhook", webhook_id)
    return _list(request, WebhookDispatch.objects.filter(webhook_id=webhook_id))


def _list(request: ApiRequest, rows: QuerySet[WebhookDispatch]) -> Response:
    page = request.query.page()
    mark = "-" if page.desc else ""
    ordered = rows.defer("resource").select_related("webhook")
    ordered = ordered.order_by(f"{mark}created_at", f"{mark}id")
    found = list(ordered[page.offset : page.offset + page.limit])
    calls = _calls(found, SHORT_BODY)
    items = [shape(each, calls.get(each.id, [])) for each in found]
    return envelope.listing(items, rows.count(), page)


def get_dispatch(request: ApiRequest) -> Response:
    identity = access.refuse_run_token(request, "webhook dispatch")
    dispatch_id = request.params["dispatchId"]
    found = WebhookDispatch.objects.select_related("webhook").filter(
        id=dispatch_id, user_id=identity.user_id
    )
    dispatch = found.first()
    if dispatch is None:
        raise missing("Webhook dispatch", dispatch_id)
    calls = _calls([dispatch], None)
    return envelope.data(shape(dispatch, calls.get(dispatch.id, [])))


ROUTES = [
    Route("GET", "/v2/webhook-dispatches", list_dispatches),
    Route("GET", "/v2/webhook-dispatches/{dispatchId}", get_dispatch),
]
