"""Builds of an Actor: their list, and a new one of a version."""

from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from apps.actors import sources
from apps.actors.shown import context
from console.api.models.actors import Actor
from console.api.resources.actors import get_actor
from console.api.resources.builds import list_actor_builds, start_build
from console.forms.actor import build_choices
from console.intents import run_once
from console.outcomes import DONE
from console.request import ConsoleRequest, needs
from console.ui.actions import go
from console.ui.listing import page_params, pager


@needs("read")
def builds(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    params = page_params(request.GET)
    actor, listed = request.api.gather(
        get_actor(actor_id),
        list_actor_builds(actor_id, offset=params.offset, limit=params.limit, desc=params.desc),
    )
    tags: dict[str, list[str]] = {}
    for choice in build_choices(actor):
        tags.setdefault(choice.id, []).append(choice.tag)
    shown = {
        "rows": [(build, tags.get(build.id, [])) for build in listed.items],
        "pager": pager(request, params=params, total=listed.total, shown=len(listed.items)),
    }
    return render(request, "actors/builds.html", {**context(actor, "Builds"), **shown})


@needs("builds.start")
def build(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    """`next` is the page that shows the build beside what it shows; else the build's own."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    actor = request.api.run(get_actor(actor_id))
    then = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(then, allowed_hosts=None)
    version = request.POST.get("version") or sources.newest(actor)
    return build_version(request, actor, version, then=then if is_ours else "")


def build_version(
    request: ConsoleRequest, actor: Actor, version: str, *, then: str = ""
) -> HttpResponse:
    """Raises ApiError when the API certainly built nothing."""
    is_clean = request.POST.get("clean") == "1"
    outcome = run_once(
        request,
        kind="build.start",
        key=request.POST.get("intent", ""),
        call=start_build(
            actor.id,
            version=version,
            tag=request.POST.get("tag", "").strip() or None,
            use_cache=None if is_clean else True,
            beta_packages=request.POST.get("beta") == "1" or None,
        ),
        subject=actor.title or actor.name,
        target_id=actor.id,
    )
    return go(request, then if then and outcome.state == DONE else outcome.url)
