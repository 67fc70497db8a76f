"""The Settings tab of an Actor: its names and defaults, who sees it, its end."""

from typing import Any

from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from apps.actors.forms import LABELS, Publication, Settings, initial_of, settings_of
from apps.actors.shown import context
from console.api.errors import Refused
from console.api.models.actors import Actor
from console.api.resources.actors import delete_actor, get_actor, update_actor
from console.request import ConsoleRequest, needs
from console.ui.actions import act, deleted, go
from console.ui.editing import conflict, edited_from, touched
from console.ui.responses import tell

OPTIONS = ("build", "memoryMbytes", "timeoutSecs")


@needs("read")
def page(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    return show(request, request.api.run(get_actor(actor_id)))


def show(
    request: ConsoleRequest,
    actor: Actor,
    form: Settings | None = None,
    publication: Publication | None = None,
) -> HttpResponse:
    published = {"title": actor.title, "categories": actor.categories or []}
    shown = {
        **context(actor, "Settings"),
        "form": form or Settings(initial=initial_of(actor)),
        "publication": publication or Publication(initial=published),
        "edited_from": edited_from(request, settings_of(actor)),
    }
    status = 422 if form or publication else 200
    return render(request, "actors/settings.html", shown, status=status)


@needs("actors.edit")
def save(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor = request.api.run(get_actor(actor_id))
    form = Settings(request.POST)
    if not form.is_valid():
        return show(request, actor, form)
    mine, place = form.typed(), reverse("actors:settings", args=[actor_id])
    differing = conflict(
        request,
        name=actor.title or actor.name,
        mine=mine,
        theirs=settings_of(actor),
        edit_url=place,
        labels=LABELS,
    )
    if differing:
        return differing
    try:
        if body := changes(mine, touched(request, mine)):
            if "exampleRunInput" in body:
                body["exampleRunInput"] = form.example_input()
            request.api.run(update_actor(actor_id, body))
    except Refused as refused:
        form.add_error(None, refused.sentence)
        return show(request, actor, form)
    tell(request, "Saved.")
    return go(request, place)


def changes(mine: dict[str, Any], changed: set[str]) -> dict[str, Any]:
    """The run options are one value of the API's, so they go whole or not at all."""
    body = {name: mine[name] for name in mine if name in changed and name not in OPTIONS}
    if changed & set(OPTIONS):
        body["defaultRunOptions"] = {name: mine[name] for name in OPTIONS}
    return body


@needs("actors.edit")
def publish(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    """With `public` everybody may run it; without, only the account."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor = request.api.run(get_actor(actor_id))
    body: dict[str, Any] = {"isPublic": False}
    if request.POST.get("public"):
        form = Publication(request.POST)
        if not form.is_valid():
            return show(request, actor, publication=form)
        body = {"isPublic": True, **form.cleaned_data}
    try:
        request.api.run(update_actor(actor_id, body))
    except Refused as refused:
        form = Publication(request.POST)
        form.add_error(None, refused.sentence)
        return show(request, actor, publication=form)
    tell(request, "Everybody can use it now." if body["isPublic"] else "It is private now.")
    return go(request, reverse("actors:settings", args=[actor_id]))


@needs("actors.edit")
def deprecate(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    is_deprecated = request.POST.get("deprecated") == "1"
    said = "It is marked as deprecated." if is_deprecated else "It is no longer deprecated."
    call = update_actor(actor_id, {"isDeprecated": is_deprecated})
    return act(
        request,
        perform=lambda: request.api.run(call),
        then=lambda _: reverse("actors:settings", args=[actor_id]),
        said=lambda _: said,
    )


@needs("actors.edit")
def delete(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    return act(
        request,
        perform=lambda: deleted(request.api, delete_actor(actor_id)),
        then=lambda _: reverse("actors:list"),
        said=lambda is_new: "The Actor was deleted." if is_new else "The Actor was gone already.",
    )
