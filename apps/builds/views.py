from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from apps.builds.tags import is_default, tags_of
from console.api.models.base import Page
from console.api.models.builds import Build, BuildSummary
from console.api.resources.actors import get_actor
from console.api.resources.builds import get_build, list_builds
from console.api.resources.logs import get_log
from console.live.logpage import page_of, read_question
from console.request import ConsoleRequest, needs
from console.ui.json_text import coloured, indented
from console.ui.listing import PageParams, list_page
from console.ui.names import actor_names


@needs("read")
def builds(request: ConsoleRequest) -> HttpResponse:
    def fetch(params: PageParams) -> Page[tuple[BuildSummary, str]]:
        call = list_builds(offset=params.offset, limit=params.limit, desc=params.desc)
        listed = request.api.run(call)
        names = actor_names(request)
        rows = [(each, names.get(each.act_id or "", each.act_id or "")) for each in listed.items]
        return Page(total=listed.total, items=rows)

    return list_page(request, template="builds/list.html", fetch=fetch)


@needs("read")
def build(request: ConsoleRequest, build_id: str) -> HttpResponse:
    found, log = request.api.gather(get_build(build_id), get_log(build_id, raw=True))
    actor = request.api.run(get_actor(found.act_id)) if found.act_id else None
    question = read_question(request.GET)
    shown: dict[str, Any] = {
        "build": found,
        "actor": actor,
        "actor_name": (actor.title or actor.name) if actor else "",
        "log": page_of(log.content, question, request.zone, is_live=not found.is_terminal),
        "schema": schema_of(found),
        "tags": tags_of(actor, build_id) if actor else [],
        "is_default": actor is not None and is_default(actor, found),
    }
    return render(request, "builds/detail.html", shown)


def schema_of(build: Build) -> str:
    """The input schema for reading, "" without one."""
    return coloured(indented(build.input_schema.encode())) if build.input_schema else ""
