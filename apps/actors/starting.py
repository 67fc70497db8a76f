"""The Input tab: a form made from the input schema, and Start."""

from dataclasses import dataclass, replace
from typing import Any

import msgspec
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from apps.actors.expect import expectation
from apps.actors.shown import build_choices, build_id_of, context
from console.api.calls import JSON
from console.api.errors import ApiError, Refused
from console.api.models.actors import Actor
from console.api.models.builds import Build
from console.api.resources.actors import get_actor
from console.api.resources.builds import get_build, list_actor_builds
from console.api.resources.runs import get_run, list_actor_runs, run_record, start_run
from console.forms import jsontext, schema, values
from console.forms.options import memory_label
from console.forms.page import Filling, begun, receive
from console.forms.pickers import choices_of, picker_calls
from console.intents import run_once
from console.request import ConsoleRequest, needs
from console.ui.actions import go

NOT_FOUND = 404


@dataclass(frozen=True)
class Loaded:
    actor: Actor
    build: Build | None
    is_coming: bool  # no build of that name has succeeded yet
    schema: schema.Schema
    build_ref: str


def load(request: ConsoleRequest, actor_id: str, build_ref: str) -> Loaded:
    """The Actor and the build whose schema makes the form: before any has succeeded, the newest."""
    actor = request.api.run(get_actor(actor_id))
    ref = build_ref or actor.default_run_options.build or "latest"
    build_id = build_id_of(actor, ref)
    is_coming = build_id is None
    if is_coming:
        newest = request.api.run(list_actor_builds(actor.id, limit=1, desc=True)).items
        build_id = newest[0].id if newest else None
    build = request.api.run(get_build(build_id)) if build_id else None
    return Loaded(actor, build, is_coming, schema.parse(build.schema if build else None), ref)


@needs("read")
def page(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    loaded = load(request, actor_id, request.GET.get("build", ""))
    value, options, note = begin(request, loaded)
    view = request.GET.get("view", "")
    return show(request, loaded, begun(loaded.schema, value, options, view), note=note)


def begin(request: ConsoleRequest, loaded: Loaded) -> tuple[values.Value, dict[str, Any], str]:
    """What the form begins with: the input of an earlier run, or what the schema suggests."""
    run_id = request.GET.get("run", "")
    if not run_id:
        return values.suggested(loaded.schema), {}, ""
    run, record = request.api.gather(get_run(run_id), run_record(run_id, "INPUT"))
    options = {
        "build": run.options.build,
        "timeout": run.options.timeout_secs,
        "memory": run.options.memory_mbytes,
        "max_items": run.options.max_items,
    }
    try:
        value = jsontext.loads(record.content.decode()) if record else {}
    except (jsontext.BadJson, UnicodeDecodeError):
        return {}, options, "The input of that run is not JSON, so it cannot be edited here."
    if not isinstance(value, dict):
        return {}, options, "The input of that run is no object, so it cannot be edited here."
    return value, options, "Filled from an earlier run."


@needs("runs.start")
def start(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    loaded = load(request, actor_id, request.POST.get("build", ""))
    filling = receive(request, loaded.schema, sealed_for(request, loaded.actor))
    if filling.is_edit:
        return show(request, loaded, filling.redrawn())
    if not filling.is_complete:
        return show(request, loaded, filling, status=422)
    return send(request, loaded, filling)


def send(request: ConsoleRequest, loaded: Loaded, filling: Filling) -> HttpResponse:
    actor = loaded.actor
    call = start_run(
        actor.id,
        input_body=msgspec.json.encode(filling.read.value),
        content_type=JSON,
        **filling.options.options(),
    )
    try:
        outcome = run_once(
            request,
            kind="run.start",
            key=request.POST.get("intent", ""),
            call=call,
            subject=actor.title or actor.name,
            target_id=actor.id,
        )
    except Refused as refused:
        problem = f"The API refused to start: {refused.sentence}"
        return show(request, loaded, replace(filling, problem=problem))
    return go(request, outcome.url)


def sealed_for(request: ConsoleRequest, actor: Actor) -> str:
    return f"{request.workspace.id}/{actor.id}"


def show(
    request: ConsoleRequest,
    loaded: Loaded,
    filling: Filling,
    *,
    status: int = 0,
    note: str = "",
) -> HttpResponse:
    actor = loaded.actor
    start_url = reverse("actors:start", args=[actor.id])
    beside = around(request, loaded)
    choices = beside.pop("choices")
    return render(
        request,
        "actors/input.html",
        {
            **context(actor, "Input"),
            **beside,
            **filling.context(sealed_for(request, actor), choices, start_url),
            "loaded": loaded,
            "build_ref": loaded.build_ref,
            "note": note,
            "start_url": start_url,
            "restore_url": reverse("actors:detail", args=[actor.id]),
        },
        status=status or filling.status,
    )


def around(request: ConsoleRequest, loaded: Loaded) -> dict[str, Any]:
    """What stands beside the form, in parallel calls; without it the form still works."""
    actor = loaded.actor
    pickers = picker_calls(loaded.schema)
    past, *rest = request.api.try_all(
        list_actor_runs(actor.id, limit=20, desc=True, status="SUCCEEDED"), *pickers.values()
    )
    defaults = actor.default_run_options
    return {
        "expect": None if isinstance(past, ApiError) else expectation(past.items),
        "builds": build_choices(actor),
        "choices": choices_of(dict(zip(pickers, rest, strict=True))),
        "default_memory": memory_label(defaults.memory_mbytes or 1024),
        "default_timeout": defaults.timeout_secs,
    }
