from typing import Any

from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from apps.tasks.forms import Settings
from apps.tasks.shown import context
from console import monitoring
from console.api.errors import Refused
from console.api.models.runs import STATUSES, status_of
from console.api.models.tasks import Task
from console.api.resources.tasks import get_task, list_task_runs, update_task
from console.request import ConsoleRequest, needs
from console.ui.actions import go
from console.ui.editing import conflict, edited_from, touched
from console.ui.listing import page_params, pager
from console.ui.names import name_of
from console.ui.responses import tell

LABELS = {"name": "Name", "title": "Title", "description": "Description"}


def named(request: ConsoleRequest, task: Task, current: str) -> dict[str, Any]:
    return context(task, current, name_of(request, task.act_id))


@needs("read")
def runs(request: ConsoleRequest, task_id: str) -> HttpResponse:
    params, status = page_params(request.GET), status_of(request.GET)
    task, listed = request.api.gather(
        get_task(task_id),
        list_task_runs(
            task_id,
            offset=params.offset,
            limit=params.limit,
            desc=params.desc,
            status=status or None,
        ),
    )
    paging = pager(request, params=params, total=listed.total, shown=len(listed.items))
    found = {"items": listed.items, "pager": paging, "status": status, "statuses": STATUSES}
    shown = {**named(request, task, "Runs"), **found}
    return render(request, "tasks/runs.html", shown)


@needs("read")
def watched(request: ConsoleRequest, task_id: str) -> HttpResponse:
    task, listed, datasets = request.api.gather(
        get_task(task_id),
        list_task_runs(task_id, limit=monitoring.size_of(request), desc=True),
        monitoring.datasets(),
    )
    figures = monitoring.shown(request, listed.items, datasets.items)
    return render(
        request, "tasks/monitoring.html", {**named(request, task, "Monitoring"), **figures}
    )


@needs("read")
def integrations(request: ConsoleRequest, task_id: str) -> HttpResponse:
    """Webhooks and schedules have their own apps; htmx brings their parts of the page."""
    task = request.api.run(get_task(task_id))
    return render(request, "tasks/integrations.html", named(request, task, "Integrations"))


def settings_of(task: Task) -> dict[str, Any]:
    return {"name": task.name, "title": task.title or "", "description": task.description or ""}


@needs("read")
def settings(request: ConsoleRequest, task_id: str) -> HttpResponse:
    task = request.api.run(get_task(task_id))
    return show_settings(request, task, Settings(initial=settings_of(task)))


def show_settings(
    request: ConsoleRequest, task: Task, form: Settings, *, status: int = 200
) -> HttpResponse:
    shown = {
        **named(request, task, "Settings"),
        "form": form,
        "edited_from": edited_from(request, settings_of(task)),
    }
    return render(request, "tasks/settings.html", shown, status=status)


@needs("tasks.edit")
def save_settings(request: ConsoleRequest, task_id: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    task = request.api.run(get_task(task_id))
    form = Settings(request.POST)
    if not form.is_valid():
        return show_settings(request, task, form, status=422)
    mine, place = form.typed(), reverse("tasks:settings", args=[task_id])
    differing = conflict(
        request,
        name=task.name,
        mine=mine,
        theirs=settings_of(task),
        edit_url=place,
        labels=LABELS,
    )
    if differing:
        return differing
    changes = {name: mine[name] for name in touched(request, mine)}
    try:
        if changes:
            request.api.run(update_task(task_id, changes))
    except Refused as refused:
        form.add_error("name", refused.sentence)
        return show_settings(request, task, form, status=422)
    tell(request, "Saved.")
    return go(request, place)
