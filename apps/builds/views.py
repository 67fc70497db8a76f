from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from console.api.models.builds import Build
from console.api.resources.actors import get_actor
from console.api.resources.builds import abort_build, delete_build, get_build, list_builds
from console.api.resources.logs import get_log
from console.intents import run_once
from console.live.logpage import page_of, read_question
from console.request import ConsoleRequest, needs
from console.ui.actions import act, go
from console.ui.listing import list_page


@needs("read")
def builds(request: ConsoleRequest) -> HttpResponse:
    return list_page(
        request,
        template="builds/list.html",
        fetch=lambda params: request.api.run(
            list_builds(offset=params.offset, limit=params.limit, desc=params.desc)
        ),
    )


@needs("read")
def build(request: ConsoleRequest, build_id: str) -> HttpResponse:
    found, log = request.api.gather(get_build(build_id), get_log(build_id, raw=True))
    actor = request.api.run(get_actor(found.act_id)) if found.act_id else None
    question = read_question(request.GET)
    page = page_of(log.content, question, request.zone, is_live=not found.is_terminal)
    name = (actor.title or actor.name) if actor else ""
    shown = {"build": found, "actor": actor, "actor_name": name, "log": page, "question": question}
    return render(request, "builds/detail.html", shown)


@needs("builds.abort")
def abort(request: ConsoleRequest, build_id: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    outcome = run_once(
        request,
        kind="build.abort",
        key=request.POST.get("intent", ""),
        call=abort_build(build_id),
        subject=f"build {build_id}",
        target_id=build_id,
    )
    return go(request, outcome.url)


@needs("builds.delete")
def delete(request: ConsoleRequest, build_id: str) -> HttpResponse:
    def perform() -> Build:
        found = request.api.run(get_build(build_id))
        request.api.run(delete_build(build_id))
        return found

    return act(
        request,
        perform=perform,
        then=lambda found: reverse("actors:builds", args=[found.act_id]),
        said=lambda found: f"Build {found.build_number} was deleted.",
    )
