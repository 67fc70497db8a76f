"""Webhooks as the API shows and takes them (semantics.md rules 229-240)."""

from typing import Any

from apps.platform.api import fields
from apps.platform.api.actors import find_actor
from apps.platform.api.finding import find_task
from apps.platform.domain import signatures, templates
from apps.platform.domain.clock import iso, iso_or_none
from apps.platform.domain.destinations import Refused
from apps.platform.domain.errors import ApiError, insufficient_permissions, invalid_value
from apps.platform.engine import outbound, outbox
from apps.platform.http.request import ApiRequest
from apps.platform.models import Run, User, Webhook

EVENTS = (*outbox.RUN_EVENTS, *outbox.BUILD_EVENTS, outbox.TEST)
CONDITION = {"actorId": "actor_id", "actorTaskId": "task_id", "actorRunId": "run_id"}
FLAGS = {
    "ignoreSslErrors": "ignore_ssl_errors",
    "doNotRetry": "do_not_retry",
    "shouldInterpolateStrings": "should_interpolate_strings",
    "isAdHoc": "is_ad_hoc",
}
TEXTS = {
    "payloadTemplate": ("payload_template", templates.LONGEST),
    "headersTemplate": ("headers_template", templates.LONGEST),
    "description": ("description", 10_000),
}


def short(webhook: Webhook) -> dict[str, Any]:
    """`last_status` and `last_finished` are annotated by the query."""
    last = getattr(webhook, "last_status", None)
    finished = getattr(webhook, "last_finished", None)
    return {
        "id": webhook.id,
        "createdAt": iso(webhook.created_at),
        "modifiedAt": iso(webhook.modified_at),
        "userId": webhook.user_id,
        "isAdHoc": webhook.is_ad_hoc,
        "shouldInterpolateStrings": webhook.should_interpolate_strings,
        "eventTypes": webhook.event_types,
        "condition": condition_of(webhook),
        "ignoreSslErrors": webhook.ignore_ssl_errors,
        "doNotRetry": webhook.do_not_retry,
        "requestUrl": webhook.request_url,
        "lastDispatch": {"status": last, "finishedAt": iso_or_none(finished)} if last else None,
        "stats": {"totalDispatches": webhook.total_dispatches},
    }


def full(webhook: Webhook) -> dict[str, Any]:
    """With the templates and the secret that the signature headers are made with."""
    account = User.objects.values_list("signing_secret", flat=True).get(id=webhook.user_id)
    return short(webhook) | {
        "payloadTemplate": webhook.payload_template,
        "headersTemplate": webhook.headers_template,
        "description": webhook.description,
        "idempotencyKey": webhook.idempotency_key,
        "signingSecret": signatures.secret_of(account, webhook.id),
    }


def condition_of(webhook: Webhook) -> dict[str, str]:
    named = {name: getattr(webhook, column) for name, column in CONDITION.items()}
    return {name: value for name, value in named.items() if value}


def fill(webhook: Webhook, body: dict[str, Any]) -> Webhook:
    """Writes what `body` names, but for the condition, into the row; ApiError 400 with the reason
    for whatever could never work."""
    if body.get("eventTypes") is not None or not webhook.event_types:
        webhook.event_types = _events(body)
    if body.get("requestUrl") is not None or not webhook.request_url:
        webhook.request_url = _url(body)
    for name, column in FLAGS.items():
        if body.get(name) is not None:
            setattr(webhook, column, fields.boolean(body, name))
    for name, (column, most) in TEXTS.items():
        if name in body:
            setattr(webhook, column, fields.text_or_null(body, name, most=most))
    if body.get("idempotencyKey"):
        webhook.idempotency_key = fields.text(body, "idempotencyKey", most=300)
    _check_templates(webhook)
    return webhook


def _events(body: dict[str, Any]) -> list[str]:
    found = fields.texts(body, "eventTypes")
    unknown = [event for event in found if event not in EVENTS]
    if unknown:
        raise invalid_value(
            f"eventTypes: {unknown[0][:60]} is none of the events {', '.join(EVENTS)}"
        )
    if not set(found) - {outbox.TEST}:
        raise invalid_value("eventTypes must name at least one event of runs or builds")
    return list(dict.fromkeys(found))


def _url(body: dict[str, Any]) -> str:
    url = fields.text(body, "requestUrl", most=2000).strip()
    try:
        outbound.check_url(url)
    except Refused as reason:
        raise invalid_value(f"requestUrl: {reason}") from None
    return url


def _check_templates(webhook: Webhook) -> None:
    strings = webhook.should_interpolate_strings
    for name, (column, _) in list(TEXTS.items())[:2]:
        text = getattr(webhook, column)
        if not text or not text.strip():
            setattr(webhook, column, None)
            continue
        try:
            parts = templates.parse(text, strings=strings)
            if name == "headersTemplate":
                templates.headers_of(templates.render(parts, {}))
        except templates.BadTemplate as problem:
            raise invalid_value(f"{name}: {problem}") from None


def set_condition(request: ApiRequest, webhook: Webhook, condition: Any) -> None:
    """An Actor, a task or a run that the caller may know; an empty condition keeps what is there.

    ApiError 400 when nothing could ever fulfil it, 403 when a run names another run."""
    if not isinstance(condition, dict):
        raise invalid_value("condition must be an object")
    given = {name: condition[name] for name in CONDITION if condition.get(name)}
    for name in given:
        fields.text(given, name, most=200)
    if given:
        _resolve(request, given)
        for name, column in CONDITION.items():
            setattr(webhook, column, given.get(name, ""))
    if not condition_of(webhook):
        raise invalid_value("condition must name an actorId, an actorTaskId or an actorRunId")
    _check_events(webhook)


def _resolve(request: ApiRequest, given: dict[str, str]) -> None:
    identity = request.require_identity()
    if "actorId" in given:
        given["actorId"] = find_actor(request, given["actorId"]).id
    if "actorTaskId" in given:
        task = find_task(request, given["actorTaskId"])
        given["actorTaskId"] = task.id
        if given.get("actorId", task.actor_id) != task.actor_id:
            raise invalid_value("condition: the task is not one of this Actor")
    run = None
    if "actorRunId" in given:
        run = Run.objects.filter(id=given["actorRunId"], user_id=identity.user_id).first()
        if run is None:
            raise invalid_value(f"condition: you have no run {given['actorRunId'][:60]}")
        if given.get("actorId", run.actor_id) != run.actor_id:
            raise invalid_value("condition: the run is not one of this Actor")
        if given.get("actorTaskId", run.task_id) != run.task_id:
            raise invalid_value("condition: the run is not one of this task")
    if identity.run_id and (run is None or identity.run_id not in {run.id, run.parent_run_id}):
        raise insufficient_permissions("webhook")


def _check_events(webhook: Webhook) -> None:
    """Builds belong to an Actor, to no task and no run."""
    of_runs = set(webhook.event_types) & set(outbox.RUN_EVENTS)
    if not of_runs and (webhook.task_id or webhook.run_id):
        raise invalid_value(
            "condition: builds have neither a task nor a run, so that these events never happen. "
            "Name the actorId alone."
        )
    if webhook.is_ad_hoc and not webhook.run_id:
        raise invalid_value("isAdHoc: an ad-hoc webhook needs an actorRunId in its condition")


def too_many(most: int) -> ApiError:
    return ApiError(402, "too-many-webhooks", f"At most {most} webhooks of one run are possible")
