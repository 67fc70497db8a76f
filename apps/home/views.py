from collections.abc import Sequence
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.home.beside import Beside, calls, read
from apps.home.board import board
from console.api.calls import Call
from console.api.errors import ApiError
from console.api.models.users import Limits
from console.api.resources.actors import list_actors
from console.api.resources.runs import list_runs
from console.api.resources.users import get_limits
from console.request import ConsoleRequest, needs
from console.ui.responses import render_page, wants_part

LIMITS_KEPT = 30  # seconds; every page of every person asks
BESIDE_KEPT = 60  # seconds, for a page that keeps itself fresh


@needs("read")
def home(request: ConsoleRequest) -> HttpResponse:
    """All calls at once. While the page keeps itself fresh it asks for runs and Actors alone."""
    key = f"home-{request.workspace.id}"
    kept: Beside | None = cache.get(key) if wants_part(request) else None
    runs: tuple[Call[Any], ...] = (
        list_runs(status="RUNNING", limit=10),
        list_runs(limit=100),
        list_actors(limit=200, desc=True),
    )
    answers: Sequence[Any] = request.api.try_all(*runs, *(() if kept else calls()))
    for answer in answers[: len(runs)]:
        if isinstance(answer, ApiError):
            raise answer
    running, recent, actors = answers[: len(runs)]
    if kept is None:
        kept = read(answers[len(runs) :])
        cache.set(key, kept, BESIDE_KEPT)
    shown = board(running=running, recent=recent, actors=actors, beside=kept, now=timezone.now())
    return render_page(request, "home/home.html", {"board": shown}, partial="board")


@needs("read")
def meters(request: ConsoleRequest) -> HttpResponse:
    try:
        return render(request, "home/meters.html", figures(limits(request)))
    except ApiError:
        return render(request, "home/meters.html", {"unknown": True})


def limits(request: ConsoleRequest) -> Limits:
    key = f"limits-{request.workspace.id}"
    known: Limits | None = cache.get(key)
    if known is None:
        known = request.api.run(get_limits())
        cache.set(key, known, LIMITS_KEPT)
    return known


def figures(known: Limits) -> dict[str, Any]:
    return {
        "memory": known.current.get("actorMemoryGbytes"),
        "memory_max": known.limits.get("maxActorMemoryGbytes"),
        "usage": known.current.get("monthlyUsageUsd"),
        "usage_max": known.limits.get("maxMonthlyUsageUsd"),
    }
