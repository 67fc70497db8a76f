"""Tags name builds of an Actor: which ones a build has, and which build a run starts with."""

import re
from typing import Any

from django.http import HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

from console.api.errors import Refused
from console.api.models.actors import Actor
from console.api.models.builds import Build
from console.api.resources.actors import update_actor
from console.api.resources.builds import get_build
from console.request import ConsoleRequest, needs
from console.ui.actions import go
from console.ui.responses import tell

TAG = re.compile(r"[A-Za-z0-9._-]{1,64}")


def tags_of(actor: Actor, build_id: str) -> list[str]:
    tagged = actor.tagged_builds or {}
    return sorted(tag for tag, build in tagged.items() if build and build.build_id == build_id)


def is_default(actor: Actor, build: Build) -> bool:
    """Whether a run that names no build starts with this one (rule 84 protects it)."""
    default = actor.default_run_options.build or "latest"
    return default == build.build_number or default in tags_of(actor, build.id)


@needs("actors.edit")
def add(request: ConsoleRequest, build_id: str) -> HttpResponse:
    """A tag that another build has moves to this one."""
    tag = request.POST.get("tag", "").strip()
    return retag(request, build_id, tag, {"buildId": build_id}, f"It is tagged {tag} now.")


@needs("actors.edit")
def remove(request: ConsoleRequest, build_id: str) -> HttpResponse:
    tag = request.POST.get("tag", "").strip()
    return retag(request, build_id, tag, None, f"No build is tagged {tag} now.")


def retag(
    request: ConsoleRequest, build_id: str, tag: str, wanted: dict[str, Any] | None, said: str
) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    build = request.api.run(get_build(build_id))
    if not TAG.fullmatch(tag):
        tell(
            request, "A tag has 1 to 64 letters, digits, dots, dashes or underscores.", tone="error"
        )
        return go(request, reverse("builds:detail", args=[build_id]))
    try:
        request.api.run(update_actor(build.act_id or "", {"taggedBuilds": {tag: wanted}}))
        tell(request, said)
    except Refused as refused:
        tell(request, f"The tag was not changed: {refused.sentence}", tone="error")
    return go(request, reverse("builds:detail", args=[build_id]))
