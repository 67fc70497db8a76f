"""Webhooks (endpoints 91-97, and 16 and 39 below Actors and tasks)."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from starlette.responses import Response

from apps.platform.api import access, fields, webhook_dispatches, webhook_fields
from apps.platform.api.actors import find_actor
from apps.platform.api.finding import find_task
from apps.platform.api.refs import missing
from apps.platform.domain.clock import now
from apps.platform.domain.ids import new_id
from apps.platform.engine import outbox, shapes
from apps.platform.http import envelope
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route
from apps.platform.models import Run, Webhook, WebhookDispatch
from apps.platform.storage import allowances

MOST_OF_A_RUN = 100


def rows() -> QuerySet[Webhook]:
    """With the newest dispatch of each."""
    newest = WebhookDispatch.objects.filter(webhook=OuterRef("id")).order_by("-created_at", "-id")
    return Webhook.objects.annotate(
        last_status=Subquery(newest.values("status")[:1]),
        last_finished=Subquery(newest.values("finished_at")[:1]),
    )


def list_webhooks(request: ApiRequest) -> Response:
    identity = access.refuse_run_token(request, "list of webhooks")
    return listing(request, user_id=identity.user_id)


def list_actor_webhooks(request: ApiRequest) -> Response:
    """Rule 245: the caller's own whose condition names the Actor."""
    identity = access.refuse_run_token(request, "list of webhooks")
    actor = find_actor(request, request.params["actorId"])
    return listing(request, user_id=identity.user_id, actor_id=actor.id)


def list_task_webhooks(request: ApiRequest) -> Response:
    identity = access.refuse_run_token(request, "list of webhooks")
    return listing(request, user_id=identity.user_id, task_id=find_task(request).id)


def listing(request: ApiRequest, **conditions: str) -> Response:
    """A page of the webhooks that fulfil `conditions`, by createdAt."""
    page = request.query.page()
    mark = "-" if page.desc else ""
    found = rows().filter(**conditions).order_by(f"{mark}created_at", f"{mark}id")
    items = [webhook_fields.short(each) for each in found[page.offset : page.offset + page.limit]]
    return envelope.listing(items, Webhook.objects.filter(**conditions).count(), page)


def create_webhook(request: ApiRequest) -> Response:
    identity = request.require_identity()
    body = fields.body_of(request)
    key = body.get("idempotencyKey")
    existing = _by_key(identity.user_id, key) if isinstance(key, str) and key else None
    if existing is None:
        webhook = webhook_fields.fill(Webhook(user_id=identity.user_id), body)
        webhook_fields.set_condition(request, webhook, body.get("condition"))
        existing = _save_new(webhook)
    location = f"{request.base_url}/v2/webhooks/{existing.id}"
    return envelope.created(webhook_fields.full(existing), location)


def _by_key(user_id: str, key: str) -> Webhook | None:
    return rows().filter(user_id=user_id, idempotency_key=key).first()


def _save_new(webhook: Webhook) -> Webhook:
    """The saved row, or that of another call that was quicker with the same key (rule 230)."""
    of_user = Webhook.objects.filter(user_id=webhook.user_id, is_ad_hoc=webhook.is_ad_hoc)
    of_run = of_user.filter(run_id=webhook.run_id)
    if webhook.is_ad_hoc and of_run.count() >= MOST_OF_A_RUN:
        raise webhook_fields.too_many(MOST_OF_A_RUN)
    try:
        with transaction.atomic("platform"):
            if not webhook.is_ad_hoc:
                allowances.check_count(webhook.user_id, of_user)
            webhook.save(force_insert=True)
    except IntegrityError:
        found = _by_key(webhook.user_id, webhook.idempotency_key or "")
        if found is None:
            raise
        return found
    return webhook


def own_webhook(request: ApiRequest) -> Webhook:
    identity = access.refuse_run_token(request, "webhook")
    webhook_id = request.params["webhookId"]
    found = rows().filter(id=webhook_id, user_id=identity.user_id).first()
    if found is None:
        raise missing("Webhook", webhook_id)
    return found


def get_webhook(request: ApiRequest) -> Response:
    return envelope.data(webhook_fields.full(own_webhook(request)))


def update_webhook(request: ApiRequest) -> Response:
    """Rule 241: what the body does not name keeps its value."""
    body = fields.body_of(request) | {"idempotencyKey": None}
    with transaction.atomic("platform"):
        webhook = webhook_fields.fill(own_webhook(request), body)
        webhook_fields.set_condition(request, webhook, body.get("condition") or {})
        webhook.modified_at = now()
        webhook.save(update_fields=[*_CHANGED])
    return envelope.data(webhook_fields.full(webhook))


_CHANGED = (
    "event_types",
    "request_url",
    "modified_at",
    *webhook_fields.CONDITION.values(),
    *webhook_fields.FLAGS.values(),
    *(column for column, _ in webhook_fields.TEXTS.values()),
)


def delete_webhook(request: ApiRequest) -> Response:
    """Its dispatches go with it, also those that would be tried again."""
    own_webhook(request).delete()
    return envelope.empty()


def test_webhook(request: ApiRequest) -> Response:
    """Rule 242: a dispatch of the event TEST with a made-up run; tried once."""
    webhook = own_webhook(request)
    run = _example(webhook)
    data = {"actorId": run.actor_id, "actorRunId": run.id}
    if webhook.task_id:
        data["actorTaskId"] = webhook.task_id
    with transaction.atomic("platform"):
        shown = outbox.plain(shapes.run(run, priced=True))
        dispatch = outbox.add(webhook, outbox.TEST, data, shown)
    location = f"{request.base_url}/v2/webhook-dispatches/{dispatch.id}"
    return envelope.created(webhook_dispatches.shape(dispatch, []), location)


def _example(webhook: Webhook) -> Run:
    """A run that never was, of the webhook's Actor if it has one."""
    options = {"build": "latest", "timeoutSecs": 3600, "memoryMbytes": 1024, "diskMbytes": 2048}
    run = Run(
        user_id=webhook.user_id,
        actor_id=webhook.actor_id or new_id(),
        task_id=webhook.task_id,
        build_id=new_id(),
        build_number="0.0.1",
        status="SUCCEEDED",
        finished_at=now(),
        exit_code=0,
        status_message="This is a test, there is no such run",
        options=options,
        meta={"origin": "TEST"},
        dataset_id=new_id(),
        key_value_store_id=new_id(),
        request_queue_id=new_id(),
    )
    if webhook.run_id:
        run.id = webhook.run_id
    return run


def ad_hoc_of(body: Any) -> list[Webhook]:
    """The unsaved webhooks of a start (rule 95); ApiError 400."""
    made = []
    for each in fields.objects({"webhooks": body}, "webhooks"):
        made.append(webhook_fields.fill(Webhook(), each | {"isAdHoc": True}))
    if len(made) > MOST_OF_A_RUN:
        raise webhook_fields.too_many(MOST_OF_A_RUN)
    return made


WEBHOOK = "/v2/webhooks/{webhookId}"
ROUTES = [
    Route("GET", "/v2/webhooks", list_webhooks),
    Route("POST", "/v2/webhooks", create_webhook),
    Route("GET", WEBHOOK, get_webhook),
    Route("PUT", WEBHOOK, update_webhook),
    Route("DELETE", WEBHOOK, delete_webhook),
    Route("POST", WEBHOOK + "/test", test_webhook),
    Route("GET", WEBHOOK + "/dispatches", webhook_dispatches.list_of_webhook),
    Route("GET", "/v2/acts/{actorId}/webhooks", list_actor_webhooks),
    Route("GET", "/v2/actor-tasks/{actorTaskId}/webhooks", list_task_webhooks),
]
