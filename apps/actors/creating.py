"""A new Actor: its name, and what its first version begins with."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from apps.actors import starters
from apps.actors.forms import NewActor
from console.api.errors import ApiError
from console.api.resources.actors import create_actor
from console.request import ConsoleRequest, needs
from console.ui.actions import go
from console.ui.responses import tell


@needs("actors.edit")
def create(request: ConsoleRequest) -> HttpResponse:
    if request.method != "POST":
        return show(request, NewActor(initial={"template": "python"}))
    form = NewActor(request.POST)
    if not form.is_valid():
        return show(request, form, status=422)
    typed = form.cleaned_data
    title = typed["title"] or typed["name"]
    first = starters.version(typed["template"], name=typed["name"], title=title)
    fields = {"name": typed["name"], "isPublic": False, "versions": [first]}
    fields |= {key: typed[key] for key in ("title", "description") if typed[key]}
    try:
        actor = request.api.run(create_actor(fields))
    except ApiError as error:
        form.add_error("name", f"{error.sentence} {error.advice}")
        return show(request, form, status=422)
    tell(request, "The Actor is created. Build it, then start it.")
    return go(request, reverse("actors:source", args=[actor.id]))


def show(request: ConsoleRequest, form: NewActor, *, status: int = 200) -> HttpResponse:
    shown = {"form": form, "starters": starters.CHOICES}
    return render(request, "actors/create.html", shown, status=status)
