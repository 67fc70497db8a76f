"""What a schedule starts is edited one by one: the form of an Actor, or what a task overrides."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from apps.schedules.actions import WORDS, first_action
from apps.schedules.targets import MOST, Action, is_task, options_of, ref, typed_input, with_input
from console.api.errors import Refused
from console.api.models.schedules import Schedule
from console.api.resources.actors import list_actors
from console.api.resources.schedules import get_schedule, update_schedule
from console.api.resources.tasks import get_task, list_tasks
from console.forms import masks, values
from console.forms.actor import Loaded, beside, defaults_of, load, sealed_for
from console.forms.page import Filling, begun, receive
from console.forms.schema import Schema
from console.request import ConsoleRequest, needs
from console.ui.actions import act, go
from console.ui.editing import conflict, edited_from
from console.ui.responses import tell

OFFERED = 1000
OPTIONS = {"build": "build", "timeout": "timeoutSecs", "memory": "memoryMbytes"}
LABELS = {"input": "Input", "build": "Build", "timeout": "Timeout", "memory": "Memory"}
OVERRIDES = Schema("", "", (), (), "Keys given here stand in place of those of the task's input.")


@dataclass(frozen=True)
class Opened:
    """`number` is the place of the action among those of the schedule, None for a new one."""

    schedule: Schedule
    action: Action
    number: int | None
    loaded: Loaded
    name: str

    @property
    def url(self) -> str:
        if self.number is None:
            kind = "task" if is_task(self.action) else "actor"
            add = reverse("schedules:add", args=[self.schedule.id])
            return f"{add}?{kind}={ref(self.action)}"
        action_id = self.action.get("id") or self.number
        return reverse("schedules:target", args=[self.schedule.id, action_id])


def open_action(
    request: ConsoleRequest, schedule: Schedule, action: Action, number: int | None
) -> Opened:
    """Raises the API's error when the Actor or task is gone."""
    build = str(request.POST.get("build") or options_of(action).get("build") or "")
    if not is_task(action):
        loaded = load(request, ref(action), build)
        return Opened(schedule, action, number, loaded, loaded.actor.title or loaded.actor.name)
    task = request.api.run(get_task(ref(action)))
    if not build and task.options:
        build = task.options.build or ""
    loaded = replace(load(request, task.act_id or "", build), schema=OVERRIDES)
    return Opened(schedule, action, number, loaded, task.name)


@needs("schedules.edit")
def add(request: ConsoleRequest, schedule_id: str) -> HttpResponse:
    """Without a choice in its address: what there is to choose from."""
    schedule = request.api.run(get_schedule(schedule_id))
    chosen = first_action(request.GET)
    if not chosen:
        return pick(request, schedule)
    opened = open_action(request, schedule, chosen[0], None)
    if request.method != "POST":
        suggested = {} if is_task(chosen[0]) else values.suggested(opened.loaded.schema)
        view = request.GET.get("view", "")
        return show(request, opened, begun(opened.loaded.schema, suggested, {}, view))
    return received(request, opened, lambda made: [*(schedule.actions or []), made])


def pick(request: ConsoleRequest, schedule: Schedule) -> HttpResponse:
    actors, tasks = request.api.gather(
        list_actors(limit=OFFERED, desc=True), list_tasks(limit=OFFERED, desc=True)
    )
    context = {
        "schedule": schedule,
        "actors": actors.items,
        "tasks": tasks.items,
        "is_full": len(schedule.actions or []) >= MOST,
        "most": MOST,
    }
    return render(request, "schedules/pick.html", context)


@needs("schedules.edit")
def target(request: ConsoleRequest, schedule_id: str, action_id: str) -> HttpResponse:
    schedule = request.api.run(get_schedule(schedule_id))
    actions = schedule.actions or []
    number = found(actions, action_id)
    opened = open_action(request, schedule, actions[number], number)
    if request.method != "POST":
        value, note = begin(opened)
        options = {field: options_of(opened.action).get(name) for field, name in OPTIONS.items()}
        view = request.GET.get("view", "")
        return show(request, opened, begun(opened.loaded.schema, value, options, view), note=note)
    return received(request, opened, lambda made: [*actions[:number], made, *actions[number + 1 :]])


def found(actions: list[Action], action_id: str) -> int:
    for number, action in enumerate(actions):
        if str(action.get("id") or number) == action_id:
            return number
    raise Http404


def begin(opened: Opened) -> tuple[values.Value, str]:
    given = typed_input(opened.action)
    if given is None:
        return ({} if is_task(opened.action) else values.suggested(opened.loaded.schema)), ""
    if not isinstance(given, dict):
        return {}, "The input so far is no JSON object, so it cannot be edited here."
    return given, ""


Changed = Callable[[Action], list[Action]]


def received(request: ConsoleRequest, opened: Opened, changed: Changed) -> HttpResponse:
    """`changed` makes the schedule's actions, fetched just now, of the one that was edited."""
    loaded = opened.loaded
    filling = receive(request, loaded.schema, sealed_for(request, loaded.actor))
    if filling.is_edit:
        return show(request, opened, filling.redrawn())
    if not filling.is_complete or filling.read.value is None:
        return show(request, opened, filling, status=422)
    differing = opened.number is not None and conflict(
        request,
        name=opened.name,
        mine=shown_fields(opened, filling.read.value, filling.options.options()),
        theirs=fields_of(opened),
        edit_url=opened.url,
        labels=LABELS,
    )
    if differing:
        return differing
    made = made_of(opened.action, filling.read.value, filling.options.options())
    try:
        request.api.run(update_schedule(opened.schedule.id, {"actions": changed(made)}))
    except Refused as refused:
        if refused.status not in WORDS:
            raise
        problem = f"The API refused this: {refused.sentence}"
        return show(request, opened, replace(filling, problem=problem))
    tell(request, f"{opened.name} was saved." if opened.number is not None else "Added.")
    return go(request, reverse("schedules:detail", args=[opened.schedule.id]))


def made_of(action: Action, value: values.Value, options: dict[str, Any]) -> Action:
    """An option left empty is the target's own; those not edited here stay."""
    chosen = {name: options[field] for field, name in OPTIONS.items()}
    all_options = {**options_of(action), **chosen}
    given = {name: option for name, option in all_options.items() if option is not None}
    return {**with_input(action, value), "runOptions": given or None}


def fields_of(opened: Opened) -> dict[str, Any]:
    value, _ = begin(opened)
    chosen = options_of(opened.action)
    return shown_fields(opened, value, {field: chosen.get(name) for field, name in OPTIONS.items()})


def shown_fields(opened: Opened, value: values.Value, options: dict[str, Any]) -> dict[str, Any]:
    """For `console.ui.editing`; secrets are masked."""
    masked = masks.masked(masks.whole(opened.loaded.schema), value)
    return {"input": masked, **{field: options[field] for field in OPTIONS}}


def show(
    request: ConsoleRequest, opened: Opened, filling: Filling, *, status: int = 0, note: str = ""
) -> HttpResponse:
    loaded = opened.loaded
    choices, _ = beside(request, loaded)
    context = {
        **defaults_of(loaded),
        **filling.context(sealed_for(request, loaded.actor), choices, opened.url),
        "schedule": opened.schedule,
        "name": opened.name,
        "is_task": is_task(opened.action),
        "is_new": opened.number is None,
        "url": opened.url,
        "restore_url": opened.url,
        "note": note,
        "edited_from": edited_from(request, fields_of(opened)),
    }
    return render(request, "schedules/target.html", context, status=status or filling.status)


@needs("schedules.edit")
def remove(request: ConsoleRequest, schedule_id: str, action_id: str) -> HttpResponse:
    """Only from what is there now, so that what others added stays."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actions = request.api.run(get_schedule(schedule_id)).actions or []
    number = found(actions, action_id)
    left = [*actions[:number], *actions[number + 1 :]]
    return act(
        request,
        perform=lambda: request.api.run(update_schedule(schedule_id, {"actions": left})),
        then=lambda _: reverse("schedules:detail", args=[schedule_id]),
        said=lambda _: "The target was removed.",
    )
