"""The Input tab of a task: its form, Start with what stands in it, Save, Save & start."""

from dataclasses import dataclass, replace
from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import render
from django.urls import reverse

from apps.tasks import snippets, versions
from apps.tasks.shown import context
from console.api.errors import Refused
from console.api.models.tasks import Task
from console.api.resources.tasks import get_task, run_task, update_task
from console.forms import values
from console.forms.actor import Loaded, beside, defaults_of, load, sealed_for
from console.forms.page import Filling, begun, receive
from console.forms.schema import MISSING
from console.intents import run_once
from console.request import ConsoleRequest, needs
from console.ui.actions import go
from console.ui.editing import EDITED_FROM, conflict, edited_from, touched
from console.ui.responses import tell

CANNOT_LEAVE_OUT = (
    "The saved task fills these in, so one run cannot go without them: {}. "
    "Give them a value, or save the task without them."
)


@dataclass(frozen=True)
class Open:
    task: Task
    loaded: Loaded

    @property
    def sealed_for(self) -> str:
        return f"task/{self.task.id}"


def opened(request: ConsoleRequest, task_id: str) -> Open:
    task = request.api.run(get_task(task_id))
    chosen = task.options.build if task.options else None
    return Open(task, load(request, task.act_id or "", chosen or ""))


@needs("read")
def page(request: ConsoleRequest, task_id: str) -> HttpResponse:
    it = opened(request, task_id)
    options = versions.options_of(it.task)
    view = request.GET.get("view", "")
    return show(request, it, begun(it.loaded.schema, it.task.input or {}, options, view))


@needs("runs.start")
def edit(request: ConsoleRequest, task_id: str) -> HttpResponse:
    """Changes how the form stands, or starts one run with what stands in it; saves nothing."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    it = opened(request, task_id)
    filling = receive(request, it.loaded.schema, sealed(request, it))
    if filling.is_edit:
        return show(request, it, filling.redrawn())
    if not filling.is_complete:
        return show(request, it, filling, status=422)
    return start(request, it, filling)


@needs("tasks.edit")
def save(request: ConsoleRequest, task_id: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    it = opened(request, task_id)
    filling = receive(request, it.loaded.schema, sealed(request, it))
    if not filling.is_complete or filling.read.value is None:
        return show(request, it, filling, status=422)
    schema, theirs = it.loaded.schema, it.task.input or {}
    mine = versions.fields_of(schema, filling.read.value, filling.options.options())
    request.POST = as_one_value(request, it, filling.read.value)
    differing = conflict(
        request,
        name=it.task.name,
        mine=mine,
        theirs=versions.fields_of(schema, theirs, versions.options_of(it.task)),
        edit_url=reverse("tasks:detail", args=[task_id]),
        labels=versions.labels_of(schema),
    )
    if differing:
        return differing
    changed = touched(request, mine)
    body = versions.changes(schema, it.task, filling.read.value, filling.options, changed)
    return stored(request, it, filling, body)


def as_one_value(request: ConsoleRequest, it: Open, value: values.Value) -> Any:
    """What was posted, with the input as one value and its secrets sealed: fit to be kept on a
    page that asks which version is meant."""
    post = QueryDict(mutable=True)
    for name in ("intent", "action", EDITED_FROM, *versions.OPTIONS):
        post[name] = request.POST.get(name, "")
    post["view"] = "json"
    post["json"] = values.as_json(it.loaded.schema, value)
    post["was"] = values.carried(it.loaded.schema, value, sealed(request, it))
    return post


def stored(
    request: ConsoleRequest, it: Open, filling: Filling, body: dict[str, Any]
) -> HttpResponse:
    try:
        task = request.api.run(update_task(it.task.id, body)) if body else it.task
    except Refused as refused:
        problem = f"The API did not save it: {refused.sentence}"
        return show(request, it, replace(filling, problem=problem))
    if filling.action == "save_start":
        return start(request, replace(it, task=task), filling)
    tell(request, "Saved." if body else "Nothing was changed, so there was nothing to save.")
    return go(request, reverse("tasks:detail", args=[task.id]))


def start(request: ConsoleRequest, it: Open, filling: Filling) -> HttpResponse:
    task, value = it.task, filling.read.value or {}
    kept = task.input or {}
    missing = [key for key in kept if key not in value]
    if missing:
        titles = {spec.key: spec.title for spec in it.loaded.schema.specs}
        names = ", ".join(titles.get(key, key) for key in missing)
        return show(request, it, replace(filling, problem=CANNOT_LEAVE_OUT.format(names)))
    over = {key: each for key, each in value.items() if differs(each, kept.get(key, MISSING))}
    call = run_task(
        task.id,
        input_body=msgspec.json.encode(over) if over else b"",
        **filling.options.options(),
    )
    try:
        outcome = run_once(
            request,
            kind="run.start",
            key=request.POST.get("intent", ""),
            call=call,
            subject=task.title or task.name,
            target_id=task.act_id or "",
        )
    except Refused as refused:
        problem = f"The API refused to start: {refused.sentence}"
        if filling.action == "save_start":  # it is saved; what the form was made from is past
            tell(request, f"Saved, but not started. {problem}", tone="error")
            return go(request, reverse("tasks:detail", args=[task.id]))
        return show(request, it, replace(filling, problem=problem))
    return go(request, outcome.url)


def differs(mine: Any, kept: Any) -> bool:
    """1 and 1.0, and 1 and true, are different values."""
    return kept is MISSING or repr(mine) != repr(kept)


def sealed(request: ConsoleRequest, it: Open) -> str:
    return f"{sealed_for(request, it.loaded.actor)}/{it.sealed_for}"


def show(request: ConsoleRequest, it: Open, filling: Filling, *, status: int = 0) -> HttpResponse:
    task, loaded = it.task, it.loaded
    edit_url = reverse("tasks:edit", args=[task.id])
    choices, _ = beside(request, loaded)
    stored_fields = versions.fields_of(loaded.schema, task.input or {}, versions.options_of(task))
    return render(
        request,
        "tasks/input.html",
        {
            **context(task, "Input", loaded.actor.title or loaded.actor.name),
            "actor": loaded.actor,
            **defaults_of(loaded),
            **filling.context(sealed(request, it), choices, edit_url),
            "loaded": loaded,
            "edit_url": edit_url,
            "edited_from": edited_from(request, stored_fields),
            "restore_url": reverse("tasks:detail", args=[task.id]),
            "snippets": snippets.of(request.workspace.api_url, task, loaded.schema),
            "copy_open": request.GET.get("dialog") == "copy",
        },
        status=status or filling.status,
    )
