from django.http import HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

from console.api.errors import Refused
from console.api.resources.builds import abort_build, delete_build, get_build
from console.intents import run_once
from console.request import ConsoleRequest, needs
from console.ui.actions import deleted, go
from console.ui.responses import tell


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
    """The API keeps the Actor's default build (rule 84), and says so."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    found = request.api.run(get_build(build_id))
    try:
        deleted(request.api, delete_build(build_id))
    except Refused as refused:
        tell(request, f"The build was not deleted: {refused.sentence}", tone="error")
        return go(request, reverse("builds:detail", args=[build_id]))
    tell(request, f"Build {found.build_number} was deleted.")
    if not found.act_id:
        return go(request, reverse("builds:list"))
    return go(request, reverse("actors:builds", args=[found.act_id]))
