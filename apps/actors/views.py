from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString

from apps.actors.readme import to_html
from apps.actors.shown import context
from console import monitoring
from console.api.models.actors import Actor
from console.api.models.runs import STATUSES, status_of
from console.api.resources.actors import get_actor
from console.api.resources.builds import get_build
from console.api.resources.runs import list_actor_runs
from console.forms.actor import build_choices, build_id_of
from console.request import ConsoleRequest, needs
from console.ui import json_text
from console.ui.listing import page_params, pager


@needs("read")
def run(request: ConsoleRequest, actor_id: str, run_id: str) -> HttpResponse:
    """The address that official programs print for a run."""
    return redirect("runs:detail", run_id)


@needs("read")
def information(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    actor = request.api.run(get_actor(actor_id))
    build_id = build_id_of(actor, actor.default_run_options.build or "latest")
    build = request.api.run(get_build(build_id)) if build_id else None
    shown = {
        "readme": to_html(build.readme_text if build else ""),
        "build": build,
        "builds": build_choices(actor),
        "example": example_of(actor),
    }
    return tab(request, actor, "Information", shown)


def example_of(actor: Actor) -> SafeString | None:
    example = actor.example_run_input
    if example is None or not example.body:
        return None
    return json_text.coloured(json_text.indented(example.body.encode())[: json_text.LONGEST])


@needs("read")
def runs(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    params, status = page_params(request.GET), status_of(request.GET)
    actor, listed = request.api.gather(
        get_actor(actor_id),
        list_actor_runs(
            actor_id,
            offset=params.offset,
            limit=params.limit,
            desc=params.desc,
            status=status or None,
        ),
    )
    paging = pager(request, params=params, total=listed.total, shown=len(listed.items))
    shown = {"items": listed.items, "pager": paging, "status": status, "statuses": STATUSES}
    return tab(request, actor, "Runs", shown)


@needs("read")
def watched(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    actor, runs, datasets = request.api.gather(
        get_actor(actor_id),
        list_actor_runs(actor_id, limit=monitoring.size_of(request), desc=True),
        monitoring.datasets(),
    )
    return tab(request, actor, "Monitoring", monitoring.shown(request, runs.items, datasets.items))


@needs("read")
def integrations(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    return tab(request, request.api.run(get_actor(actor_id)), "Integrations", {})


def tab(request: ConsoleRequest, actor: Actor, current: str, shown: dict[str, Any]) -> HttpResponse:
    template = f"actors/{current.lower()}.html"
    return render(request, template, {**context(actor, current), **shown})
