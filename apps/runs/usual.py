"""What runs like one usually take and cost, for its tiles: asked for once the page is there."""

from collections.abc import Sequence
from http import HTTPStatus
from statistics import median
from typing import Final, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render

from apps.runs.rows import ENOUGH, seconds_of
from console.api.calls import Call
from console.api.errors import ApiError
from console.api.models.base import Page
from console.api.models.runs import RunSummary
from console.api.resources.runs import list_actor_runs
from console.api.resources.tasks import list_task_runs
from console.http import AsyncApi
from console.request import ConsoleRequest, needs

LOOKED_AT: Final = 50  # runs
WENT_WELL: Final = "SUCCEEDED"


class Usual(NamedTuple):
    """Medians; None where too few runs tell."""

    seconds: float | None
    usd: float | None


@needs("read")
def usual(request: ConsoleRequest, run_id: str) -> HttpResponse:
    """Parts for the tiles of a run that has ended. `?actor=` and `?task=` are the run's own, so
    that one call does; when it fails, the tiles stay as they are."""
    try:
        found = request.api.run(alike(request.GET.get("actor", ""), request.GET.get("task", "")))
    except ApiError:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return render(request, "runs/usual.html", {"usual": usual_of(found.items, run_id)})


async def usual_soon(api: AsyncApi, run: RunSummary) -> Usual | None:
    """The same for the stream of a run under way."""
    try:
        found = await api.run(alike(run.act_id or "", run.actor_task_id or ""))
    except ApiError:
        return None
    return usual_of(found.items, run.id)


def alike(actor_id: str, task_id: str) -> Call[Page[RunSummary]]:
    """The newest good runs of the task, if there is one, else of the Actor."""
    if task_id:
        return list_task_runs(task_id, limit=LOOKED_AT, status=WENT_WELL)
    return list_actor_runs(actor_id, limit=LOOKED_AT, status=WENT_WELL)


def usual_of(runs: Sequence[RunSummary], run_id: str) -> Usual:
    """Of the others among `runs`; an API that filters by no status is made up for."""
    others = [run for run in runs if run.id != run_id and run.status == WENT_WELL]
    times, costs = map(seconds_of, others), (run.usage_total_usd for run in others)
    return Usual(
        middle([each for each in times if each is not None]),
        middle([each for each in costs if each is not None]),
    )


def middle(figures: list[float]) -> float | None:
    return median(figures) if len(figures) >= ENOUGH else None
