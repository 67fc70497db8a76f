"""What one run tells: the webhooks that watch it, and what they sent of its events."""

from django.http import HttpResponse

from apps.webhooks.dispatches import SEARCHED
from apps.webhooks.scopes import names_of
from apps.webhooks.shown import rows, sent
from console.api.models.runs import Run
from console.api.models.webhooks import RUN_EVENTS, Condition, Dispatch, WebhookSummary
from console.api.resources.runs import get_run
from console.api.resources.webhooks import list_dispatches, list_webhooks
from console.request import ConsoleRequest, needs
from console.ui.names import name_of
from console.ui.responses import render_page


@needs("read")
def of_run(request: ConsoleRequest, run_id: str) -> HttpResponse:
    """The API filters nothing: the newest 1,000 of each are looked through."""
    run, hooks, told = request.api.gather(
        get_run(run_id), list_webhooks(limit=SEARCHED), list_dispatches(limit=SEARCHED)
    )
    watching = [each for each in hooks.items if watches(each, run)]
    names = names_of(request, [each.condition for each in watching])
    addresses = {each.id: each.request_url for each in hooks.items}
    dispatches = sent([each for each in told.items if is_of(each, run)], addresses)
    context = {
        "run": run,
        "actor_name": name_of(request, run.act_id),
        "rows": rows(watching, names),
        "dispatches": dispatches,
        "searched": SEARCHED if told.total > SEARCHED else 0,
        "is_live": not run.is_terminal or any(each.is_active for each in dispatches),
    }
    return render_page(request, "webhooks/of_run.html", context, partial="rows")


def watches(webhook: WebhookSummary, run: Run) -> bool:
    """Every part that the condition names must fit, and one at least is named."""
    asked: Condition = webhook.condition
    pairs = (
        (asked.actor_run_id, run.id),
        (asked.actor_task_id, run.actor_task_id),
        (asked.actor_id, run.act_id),
    )
    named = [wanted == its_own for wanted, its_own in pairs if wanted]
    return bool(named) and all(named) and not set(RUN_EVENTS).isdisjoint(webhook.event_types)


def is_of(dispatch: Dispatch, run: Run) -> bool:
    return dispatch.event_data is not None and dispatch.event_data.actor_run_id == run.id
