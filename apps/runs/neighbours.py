"""From one run to the one before or after it of the same Actor, asked for when it is wanted."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from apps.runs.filters import Wanted
from console.api.resources.runs import get_run_summary
from console.request import ConsoleRequest, needs
from console.ui.responses import tell

ITSELF_AND_NEXT = 2


@needs("read")
def previous(request: ConsoleRequest, run_id: str) -> HttpResponse:
    return neighbour(request, run_id, is_later=False)


@needs("read")
def following(request: ConsoleRequest, run_id: str) -> HttpResponse:
    return neighbour(request, run_id, is_later=True)


def neighbour(request: ConsoleRequest, run_id: str, *, is_later: bool) -> HttpResponse:
    """With `?compare=1` to the page that compares both, the older one first."""
    run = request.api.run(get_run_summary(run_id))
    wanted = Wanted(
        actor=run.act_id or "",
        after=run.started_at if is_later else None,
        before=None if is_later else run.started_at,
    )
    listed = request.api.run(wanted.call(offset=0, limit=ITSELF_AND_NEXT, desc=not is_later)).items
    others = [each for each in listed if each.id != run.id]
    way = "later" if is_later else "earlier"
    if not others:
        tell(request, f"There is no {way} run of this Actor.", tone="info")
        return redirect("runs:detail", run_id)
    if not wanted.holds(others[0]):
        tell(request, f"This API cannot tell which run is the {way} one.", tone="warning")
        return redirect("runs:detail", run_id)
    if request.GET.get("compare") == "1":
        pair = [run.id, others[0].id] if is_later else [others[0].id, run.id]
        return redirect(f"{reverse('runs:compare')}?a={pair[0]}&b={pair[1]}")
    return redirect("runs:detail", others[0].id)
