from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from apps.schedules.forms import LABELS, Setup, fields_of
from apps.schedules.targets import (
    Action,
    body_of,
    get_call,
    is_task,
    mapping_of,
    options_of,
    ref,
)
from apps.schedules.views import around, fresh, in_mode, show
from console.api.calls import JSON, Call
from console.api.errors import ApiError, Refused
from console.api.models.runs import Run
from console.api.models.schedules import Schedule
from console.api.resources.runs import start_run
from console.api.resources.schedules import (
    create_schedule,
    delete_schedule,
    get_schedule,
    update_schedule,
)
from console.api.resources.tasks import run_task
from console.intents import run_once
from console.outcomes import Outcome
from console.request import ConsoleRequest, needs
from console.ui.actions import act, go
from console.ui.editing import conflict, touched
from console.ui.responses import tell

WORDS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY})
Kept = Callable[[], HttpResponse]


@needs("schedules.edit")
def create(request: ConsoleRequest) -> HttpResponse:
    """A new schedule is disabled, so that nothing starts before its targets are there."""
    actions = first_action(request.GET)
    if request.method != "POST":
        return show_new(request, Setup(in_mode(request, fresh(request))))
    form = Setup(request.POST)
    if not form.is_valid():
        return show_new(request, form, status=422)
    fields = {**form.fields_typed(), "isEnabled": False, "actions": actions}
    return sent(
        request,
        form,
        call=create_schedule(fields),
        said="Created, and disabled until you enable it.",
        kept=lambda: show_new(request, form, status=422),
    )


def first_action(query: Any) -> list[Action]:
    """Pages of Actors and tasks lead here with what is to be started."""
    if query.get("task"):
        return [{"type": "RUN_ACTOR_TASK", "actorTaskId": query["task"]}]
    return [{"type": "RUN_ACTOR", "actorId": query["actor"]}] if query.get("actor") else []


def show_new(request: ConsoleRequest, form: Setup, *, status: int = 200) -> HttpResponse:
    context = around(request, form, None)
    return render(request, "schedules/create.html", context, status=status)


def sent(
    request: ConsoleRequest, form: Setup, *, call: Call[Schedule], said: str, kept: Kept
) -> HttpResponse:
    """What the API refuses stands beside its field; what it could not do is an error page."""
    try:
        schedule = request.api.run(call)
    except Refused as refused:
        if refused.status not in WORDS:
            raise
        form.refuse(refused)
        return kept()
    tell(request, said)
    return go(request, reverse("schedules:detail", args=[schedule.id]))


@needs("schedules.edit")
def save(request: ConsoleRequest, schedule_id: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    schedule = request.api.run(get_schedule(schedule_id))
    form = Setup(request.POST)
    if not form.is_valid():
        return show(request, schedule, form, status=422)
    mine = form.fields_typed()
    differing = conflict(
        request,
        name=schedule.name,
        mine=mine,
        theirs=fields_of(schedule),
        edit_url=reverse("schedules:detail", args=[schedule_id]),
        labels=LABELS,
    )
    if differing:
        return differing
    return sent(
        request,
        form,
        call=update_schedule(schedule_id, {name: mine[name] for name in touched(request, mine)}),
        said="Saved.",
        kept=lambda: show(request, schedule, form, status=422),
    )


@needs("schedules.edit")
def enable(request: ConsoleRequest, schedule_id: str) -> HttpResponse:
    return switch(request, schedule_id, is_enabled=True)


@needs("schedules.edit")
def disable(request: ConsoleRequest, schedule_id: str) -> HttpResponse:
    return switch(request, schedule_id, is_enabled=False)


def switch(request: ConsoleRequest, schedule_id: str, *, is_enabled: bool) -> HttpResponse:
    """Sends nothing else, so that it never undoes what somebody edits."""
    place = (
        reverse("schedules:list")
        if request.POST.get("from") == "list"
        else reverse("schedules:detail", args=[schedule_id])
    )
    call = update_schedule(schedule_id, {"isEnabled": is_enabled})
    return act(
        request,
        perform=lambda: request.api.run(call),
        then=lambda _: place,
        said=lambda found: f"{found.name} is {'enabled' if is_enabled else 'disabled'}.",
    )


@needs("schedules.edit")
def delete(request: ConsoleRequest, schedule_id: str) -> HttpResponse:
    return act(
        request,
        perform=lambda: request.api.run(delete_schedule(schedule_id)),
        then=lambda _: reverse("schedules:list"),
        said=lambda _: "The schedule was deleted. What it started stays.",
    )


@needs("runs.start")
def run(request: ConsoleRequest, schedule_id: str) -> HttpResponse:
    """Starts every target now; one that cannot start does not keep the others from it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    schedule = request.api.run(get_schedule(schedule_id))
    actions = schedule.actions or []
    if not actions:
        tell(request, "Nothing was started: this schedule has no targets.", tone="warning")
    outcomes = []
    for number, found in enumerate(request.api.try_all(*map(get_call, actions))):
        try:
            if isinstance(found, ApiError):
                raise found
            outcomes.append(started(request, actions[number], found, number))
        except ApiError as error:
            name = ref(actions[number]) if isinstance(found, ApiError) else title_of(found)
            text = f"{name} was not started: {error.sentence}"
            tell(request, text, tone="error")
    if outcomes:
        tell(request, f"Started {len(outcomes)} of {len(actions)} now.")
    if len(outcomes) == len(actions) == 1:
        return go(request, outcomes[0].url)
    return go(request, reverse("schedules:detail", args=[schedule_id]))


def started(request: ConsoleRequest, action: Action, found: Any, number: int) -> Outcome:
    intent = request.POST.get("intent", "")
    return run_once(
        request,
        kind="run.start",
        key=f"{intent[:40]}.{number}" if intent else "",
        call=start_call(action),
        subject=title_of(found),
        target_id=(found.act_id or "") if is_task(action) else found.id,
    )


def title_of(found: Any) -> str:
    """Of an Actor or a task."""
    return str(getattr(found, "title", None) or found.name)


def start_call(action: Action) -> Call[Run]:
    """As the schedule itself starts it: its input and options, else the defaults."""
    body = body_of(action)
    chosen = options_of(action)
    options = {
        "build": chosen.get("build"),
        "timeout": chosen.get("timeoutSecs"),
        "memory": chosen.get("memoryMbytes"),
        "max_items": chosen.get("maxItems"),
    }
    if is_task(action):
        return run_task(ref(action), input_body=body, **options)
    content_type = str(mapping_of(action, "runInput").get("contentType") or JSON)
    return start_run(ref(action), input_body=body, content_type=content_type, **options)
