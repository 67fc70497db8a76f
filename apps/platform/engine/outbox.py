"""Events become rows in the transaction of the change that they tell of (rules 231-233).

A webhook hears of its owner's runs and builds alone: those that others make of a public Actor are
none of its business.
"""

from typing import Any

import msgspec
from django.db.models import Q

from apps.platform.domain import statuses
from apps.platform.domain.destinations import Refused
from apps.platform.engine import doorbell, outbound, shapes
from apps.platform.models import Build, Run, Webhook, WebhookDispatch
from apps.platform.storage import rows

ENDS = {
    statuses.SUCCEEDED: "SUCCEEDED",
    statuses.FAILED: "FAILED",
    statuses.ABORTED: "ABORTED",
    statuses.TIMED_OUT: "TIMED_OUT",
}
RUN_EVENTS = tuple(f"ACTOR.RUN.{word}" for word in ("CREATED", *ENDS.values(), "RESURRECTED"))
BUILD_EVENTS = tuple(f"ACTOR.BUILD.{word}" for word in ("CREATED", *ENDS.values()))
TEST = "TEST"


ANY_OF_RUN = (
    "SELECT 1 FROM webhook WHERE user_id = %s"
    " AND (actor_id = %s OR run_id = %s OR task_id = %s AND task_id <> '') LIMIT 1"
)


def run_changed(run_id: str, what: str = "") -> None:
    """Tells of the run as it is now: `what` is RESURRECTED, or it ended."""
    tell_of(Run.objects.get(id=run_id), what)


def tell_of(run: Run, what: str) -> None:
    """`run` is as the database has it; `what` is also CREATED."""
    if not rows.one(ANY_OF_RUN, [run.user_id, run.actor_id, run.id, run.task_id]):
        return  # as most runs, and this is asked at each start
    condition = (
        Q(actor_id__in=("", run.actor_id))
        & Q(task_id__in=("", run.task_id))
        & Q(run_id__in=("", run.id))
    )
    named = Q(actor_id=run.actor_id) | Q(run_id=run.id)
    if run.task_id:
        named |= Q(task_id=run.task_id)
    data = {"actorId": run.actor_id, "actorRunId": run.id}
    if run.task_id:
        data["actorTaskId"] = run.task_id
    found = Webhook.objects.filter(condition & named, user_id=run.user_id)
    event = f"ACTOR.RUN.{what or ENDS[run.status]}"
    _tell(list(found), event, data, lambda: shapes.run(run, priced=True))


def build_changed(build_id: str, what: str = "") -> None:
    """Tells of the build as it is now: `what` is CREATED, or it ended."""
    build = Build.objects.select_related("actor").get(id=build_id)
    found = Webhook.objects.filter(
        user_id=build.user_id, actor_id=build.actor_id, task_id="", run_id=""
    )
    data = {"actorId": build.actor_id, "actorBuildId": build.id}
    event = f"ACTOR.BUILD.{what or ENDS[build.status]}"
    _tell(list(found), event, data, lambda: shapes.build(build, priced=True))


def _tell(webhooks: list[Webhook], event: str, data: dict[str, str], resource: Any) -> None:
    wanted = [each for each in webhooks if event in each.event_types and _may(each, event)]
    if not wanted:
        return
    shown = plain(resource())
    made = [_row(webhook, event, data, shown) for webhook in wanted]
    doorbell.ring_webhook(made[-1].id)  # once for all: the sender looks for what there is


def _may(webhook: Webhook, event: str) -> bool:
    """An ad-hoc webhook is called the first time only."""
    return not (webhook.is_ad_hoc and webhook.dispatches.filter(event_type=event).exists())


def plain(shape: dict[str, Any]) -> Any:
    """A shape as JSON has it, for a column of the database."""
    return msgspec.json.decode(msgspec.json.encode(shape))


def add(webhook: Webhook, event: str, data: dict[str, Any], resource: Any) -> WebhookDispatch:
    """A dispatch that is due at once; the sender is told once the transaction is committed."""
    dispatch = _row(webhook, event, data, resource)
    doorbell.ring_webhook(dispatch.id)
    return dispatch


def _row(webhook: Webhook, event: str, data: dict[str, Any], resource: Any) -> WebhookDispatch:
    dispatch = WebhookDispatch(
        user_id=webhook.user_id,
        webhook=webhook,
        event_type=event,
        event_data=data,
        resource=resource,
        receiver=_receiver(webhook.request_url),
    )
    rows.insert(dispatch)
    rows.execute(
        "UPDATE webhook SET total_dispatches = total_dispatches + 1 WHERE id = %s", (webhook.id,)
    )
    return dispatch


def _receiver(url: str) -> str:
    """Whom it goes to; "" when the settings allow the URL no more, which the attempt will tell."""
    try:
        return outbound.check_url(url).receiver[:300]
    except Refused:
        return ""
