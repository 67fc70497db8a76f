from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

from console.api.calls import Call
from console.api.models.runs import Run
from console.api.resources.runs import abort_run, delete_run, reboot_run, resurrect_run
from console.intents import run_once, started_here
from console.request import ConsoleRequest, needs
from console.ui import general_access
from console.ui.actions import act, deleted, go


@needs("runs.abort_own")
def abort(request: ConsoleRequest, run_id: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not request.may("runs.abort") and not started_here(request, run_id):
        raise PermissionDenied
    gracefully = request.POST.get("how") == "gracefully"
    return once(request, run_id, "run.abort", lambda: abort_run(run_id, gracefully=gracefully))


@needs("runs.resurrect")
def resurrect(request: ConsoleRequest, run_id: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    return once(request, run_id, "run.resurrect", lambda: resurrect_run(run_id))


@needs("runs.reboot")
def reboot(request: ConsoleRequest, run_id: str) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    return once(request, run_id, "run.reboot", lambda: reboot_run(run_id))


def once(
    request: ConsoleRequest, run_id: str, kind: str, call: Callable[[], Call[Run]]
) -> HttpResponse:
    outcome = run_once(
        request,
        kind=kind,
        key=request.POST.get("intent", ""),
        call=call(),
        subject=f"run {run_id}",
        target_id=run_id,
    )
    return go(request, outcome.url)


@needs("runs.delete")
def delete(request: ConsoleRequest, run_id: str) -> HttpResponse:
    return act(
        request,
        perform=lambda: deleted(request.api, delete_run(run_id)),
        then=lambda _: reverse("runs:list"),
        said=lambda was_there: f"Run {run_id} was {'deleted' if was_there else 'gone already'}.",
    )


@needs("runs.share")
def access(request: ConsoleRequest, run_id: str) -> HttpResponse:
    return general_access.change(
        request,
        kind="actor-runs",
        its_id=run_id,
        permission="runs.share",
        then=reverse("runs:detail", args=[run_id]),
    )
