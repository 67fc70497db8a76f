"""A new task: from an Actor's form as it stands, or with the input of a past run."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from apps.tasks import versions
from apps.tasks.forms import TaskName
from console.api.errors import Refused
from console.api.models.actors import Actor
from console.api.resources.tasks import create_task
from console.forms.actor import Loaded, begin, beside, defaults_of, load, sealed_for
from console.forms.page import Filling, begun, receive
from console.request import ConsoleRequest, needs
from console.ui.actions import go
from console.ui.responses import tell

PICK_AN_ACTOR = "Pick an Actor, fill in its form, and save it as a task."


@needs("tasks.edit")
def create(request: ConsoleRequest) -> HttpResponse:
    """`?actor=` names the Actor, `?run=` the run whose input is taken."""
    if not request.GET.get("actor"):
        tell(request, PICK_AN_ACTOR, tone="info")
        return go(request, reverse("actors:list"))
    actor_id = request.GET["actor"]
    loaded = load(request, actor_id, request.POST.get("build", ""))
    if request.method != "POST":
        value, options, note = begin(request, loaded)
        filling = begun(loaded.schema, value, options, request.GET.get("view", ""))
        return show(request, loaded, filling, fresh_name(loaded.actor), note=note)
    filling = receive(request, loaded.schema, sealed_for(request, loaded.actor))
    name = TaskName(request.POST)
    if "name" not in request.POST:  # from the Actor's own page, with what was typed there
        return show(request, loaded, quiet(filling), fresh_name(loaded.actor))
    if filling.is_edit:
        return show(request, loaded, filling.redrawn(), name)
    if not filling.is_complete or not name.is_valid():
        return show(request, loaded, filling, name, status=422)
    return made(request, loaded, filling, name)


def fresh_name(actor: Actor) -> TaskName:
    return TaskName(initial={"name": f"my-{actor.name}"[:63].rstrip("-")})


def quiet(filling: Filling) -> Filling:
    """Nothing was saved yet, so nothing is wrong yet; a value that is whole begins a new form."""
    return replace(filling, action="more").redrawn()


def made(request: ConsoleRequest, loaded: Loaded, filling: Filling, name: TaskName) -> HttpResponse:
    typed = filling.options.options()
    options = {versions.OPTIONS[key]: each for key, each in typed.items() if each is not None}
    fields = {
        "actId": loaded.actor.id,
        "name": name.cleaned_data["name"],
        "input": filling.read.value,
        "options": options,
    }
    try:
        task = request.api.run(create_task(fields))
    except Refused as refused:
        name.add_error("name", refused.sentence)
        return show(request, loaded, filling, name, status=422)
    tell(request, "The task is saved.")
    return go(request, reverse("tasks:detail", args=[task.id]))


def show(
    request: ConsoleRequest,
    loaded: Loaded,
    filling: Filling,
    name: TaskName,
    *,
    note: str = "",
    status: int = 0,
) -> HttpResponse:
    actor = loaded.actor
    choices, _ = beside(request, loaded)
    address = f"{reverse('tasks:create')}?actor={actor.id}"
    return render(
        request,
        "tasks/create.html",
        {
            **defaults_of(loaded),
            **filling.context(sealed_for(request, actor), choices, address),
            "actor": actor,
            "actor_name": actor.title or actor.name,
            "name": name,
            "note": note,
            "create_url": address,
            "restore_url": address,
        },
        status=status or filling.status,
    )
