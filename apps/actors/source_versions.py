"""Versions of an Actor: where their source comes from, their tag and their variables."""

from typing import Any

from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from apps.actors import sources
from apps.actors.source import framed, place, wanted
from apps.actors.version_forms import LABELS, NewVersion, Setup, Variable, begun, setup_of
from console.api.calls import Call
from console.api.errors import ApiError, Refused
from console.api.models.actors import Actor, Version
from console.api.resources import versions
from console.api.resources.actors import get_actor
from console.request import ConsoleRequest, needs
from console.ui.actions import act, deleted, go
from console.ui.editing import conflict, edited_from, touched
from console.ui.responses import tell


@needs("read")
def setup(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    actor = request.api.run(get_actor(actor_id))
    version = sources.version_of(actor, request.GET.get("version", ""))
    dialog = request.GET.get("dialog", "")
    return show(request, actor, version, dialog=dialog)


def show(
    request: ConsoleRequest, actor: Actor, version: Version | None, **more: Any
) -> HttpResponse:
    found = setup_of(version) if version else {}
    shown = {
        **framed(actor, version, "Setup"),
        "form": Setup(initial=begun(version) if version else None),
        "new": NewVersion(initial={"number": NewVersion.next_of(actor)}),
        "edited_from": edited_from(request, found),
        **more,
    }
    status = 422 if {"form", "new"} & set(more) else 200
    return render(request, "actors/setup.html", shown, status=status)


@needs("actors.edit")
def save(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor = request.api.run(get_actor(actor_id))
    version = wanted(actor, request.POST.get("version", ""))
    form = Setup(request.POST)
    if not form.is_valid():
        return show(request, actor, version, form=form)
    mine, at = form.typed(), place(actor_id, version.version_number, at="actors:setup")
    differing = conflict(
        request,
        name=f"Version {version.version_number}",
        mine=mine,
        theirs=setup_of(version),
        edit_url=at,
        labels=LABELS,
    )
    if differing:
        return differing
    try:
        if body := form.changes(touched(request, mine)):
            request.api.run(versions.update_version(actor_id, version.version_number, body))
    except Refused as refused:
        form.refuse(refused.sentence)
        return show(request, actor, version, form=form)
    tell(request, "Saved.")
    return go(request, at)


@needs("actors.edit")
def add(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    """A new version, which begins as a copy of the one that is shown; secrets are not copied."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor = request.api.run(get_actor(actor_id))
    shown = sources.version_of(actor, request.POST.get("version", ""))
    form = NewVersion(request.POST)
    if not form.is_valid():
        return show(request, actor, shown, new=form, dialog="new-version")
    number = form.cleaned_data["number"]
    try:
        request.api.run(versions.create_version(actor_id, form.fields_from(shown)))
    except Refused as refused:
        form.add_error("number", refused.sentence)
        return show(request, actor, shown, new=form, dialog="new-version")
    tell(request, f"Version {number} is there.")
    return go(request, place(actor_id, number))


@needs("actors.edit")
def delete(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    call = versions.delete_version(actor_id, request.POST.get("version", ""))
    return act(
        request,
        perform=lambda: deleted(request.api, call),
        then=lambda _: reverse("actors:setup", args=[actor_id]),
        said=lambda _: "The version was deleted. Its builds stay.",
    )


@needs("read")
def variables(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    actor = request.api.run(get_actor(actor_id))
    version = sources.version_of(actor, request.GET.get("version", ""))
    known = version.env_vars or [] if version else []
    chosen = next((each for each in known if each.name == request.GET.get("name")), None)
    form = Variable(initial=Variable.begun(chosen) if chosen else None)
    return show_variables(request, actor, version, form=form)


def show_variables(
    request: ConsoleRequest, actor: Actor, version: Version | None, *, form: Variable
) -> HttpResponse:
    shown = {**framed(actor, version, "Variables"), "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "actors/variables.html", shown, status=status)


@needs("actors.edit")
def set_variable(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    """Makes or replaces one variable alone, so that two people never undo each other's."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor = request.api.run(get_actor(actor_id))
    version = wanted(actor, request.POST.get("version", ""))
    form = Variable(request.POST)
    if not form.is_valid():
        return show_variables(request, actor, version, form=form)
    typed = form.cleaned_data
    body = {"name": typed["name"], "value": typed["value"], "isSecret": typed["secret"]}
    is_there = any(each.name == typed["name"] for each in version.env_vars or [])
    number = version.version_number
    call: Call[Any] = versions.create_env_var(actor_id, number, body)
    if is_there:
        call = versions.update_env_var(actor_id, number, typed["name"], body)
    try:
        request.api.run(call)
    except ApiError as error:
        form.add_error(None, error.sentence)
        return show_variables(request, actor, version, form=form)
    tell(request, f"{typed['name']} is set. Build again, so that every run knows it.")
    return go(request, place(actor_id, number, at="actors:variables"))


@needs("actors.edit")
def delete_variable(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    number, name = request.POST.get("version", ""), request.POST.get("name", "")
    call = versions.delete_env_var(actor_id, number, name)
    return act(
        request,
        perform=lambda: deleted(request.api, call),
        then=lambda _: place(actor_id, number, at="actors:variables"),
        said=lambda _: f"{name} was deleted.",
    )
