"""The Source tab: files of a version with an editor, and its last build and run beside them."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from apps.actors import sources
from apps.actors.shown import context
from console.api.models.actors import Actor, Version
from console.api.resources.actors import get_actor
from console.api.resources.builds import list_actor_builds
from console.api.resources.logs import get_log
from console.api.resources.runs import list_actor_runs
from console.live.logpage import Question, page_of
from console.request import ConsoleRequest, needs
from console.ui.editing import edited_from
from console.ui.tabs import Tab

PARTS = (("Code", "actors:source"), ("Setup", "actors:setup"), ("Variables", "actors:variables"))


@needs("read")
def page(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    actor = request.api.run(get_actor(actor_id))
    return show(request, actor, request.GET.get("version", ""), request.GET.get("file", ""))


def show(
    request: ConsoleRequest, actor: Actor, number: str, path: str, **more: Any
) -> HttpResponse:
    """`more`: `typed` text and a `problem` with it, or the `dialog` that is open and what is wrong
    there; with a problem the status is 422."""
    version = sources.version_of(actor, number)
    found = sources.shown(version, path)
    text = more.get("typed", found.text or "")
    shown = {
        **framed(actor, version, "Code"),
        "source": found,
        "text": text,
        "lines": range(1, text.count("\n") + 2),
        "edited_from": edited_from(request, {"content": found.text or ""}),
        "is_editable": request.may("actors.edit") and found.text is not None and not found.cut,
        "dialog": request.GET.get("dialog", ""),
        **more,
    }
    status = 422 if more.get("problem") else 200
    return render(request, "actors/source.html", shown, status=status)


def framed(actor: Actor, version: Version | None, part: str) -> dict[str, Any]:
    """What all parts of the Source tab show."""
    query = f"?{urlencode({'version': version.version_number})}" if version else ""
    parts = [Tab(name, reverse(at, args=[actor.id]) + query, name == part) for name, at in PARTS]
    return {
        **context(actor, "Source"),
        "version": version,
        "parts": parts,
        "is_hidden": version is not None and sources.is_hidden(version),
    }


def wanted(actor: Actor, number: str) -> Version:
    """The version named, or Http404."""
    version = next((each for each in actor.versions if each.version_number == number), None)
    if version is None:
        raise Http404(f"There is no version {number}")
    return version


def place(actor_id: str, version: str, path: str = "", at: str = "actors:source") -> str:
    query = {"version": version, **({"file": path} if path else {})}
    return f"{reverse(at, args=[actor_id])}?{urlencode(query)}"


@needs("read")
def beside(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    """The last build with its log, which goes on by itself, and the last run."""
    builds, runs = request.api.gather(
        list_actor_builds(actor_id, limit=1, desc=True), list_actor_runs(actor_id, limit=1)
    )
    build = builds.items[0] if builds.items else None
    shown: dict[str, Any] = {"actor_id": actor_id, "build": build, "runs": runs.items}
    if build:
        log = request.api.run(get_log(build.id, raw=True))
        is_live = not build.is_terminal
        shown["log"] = page_of(log.content, Question(), request.zone, is_live=is_live)
    return render(request, "actors/beside.html", shown)
