"""The Input tab: a form made from the input schema, and Start."""

from dataclasses import replace

import msgspec
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from apps.actors.expect import expectation
from apps.actors.shown import context
from console.api.calls import JSON
from console.api.errors import ApiError, Refused
from console.api.resources.runs import list_actor_runs, start_run
from console.forms.actor import Loaded, begin, beside, defaults_of, load, sealed_for
from console.forms.page import Filling, begun, receive
from console.intents import run_once
from console.request import ConsoleRequest, needs
from console.ui.actions import go


@needs("read")
def page(request: ConsoleRequest, actor_id: str) -> HttpResponse:
    loaded = load(request, actor_id, request.GET.get("build", ""))
    value, options, note = begin(request, loaded)
    view = request.GET.get("view", "")
    return show(request, loaded, begun(loaded.schema, value, options, view), note=note)


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
    runs = list_actor_runs(actor.id, limit=20, desc=True, status="SUCCEEDED")
    choices, (past,) = beside(request, loaded, runs)
    return render(
        request,
        "actors/input.html",
        {
            **context(actor, "Input"),
            **defaults_of(loaded),
            "expect": None if isinstance(past, ApiError) else expectation(past.items),
            **filling.context(sealed_for(request, actor), choices, start_url),
            "loaded": loaded,
            "note": note,
            "start_url": start_url,
            "restore_url": reverse("actors:detail", args=[actor.id]),
        },
        status=status or filling.status,
    )
