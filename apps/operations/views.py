from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.operations.intents import IN_BELL, SHOWN, mine, unseen
from apps.operations.models import Intent
from console.intents import look_up
from console.outcomes import ASKED, DONE, FAILED, UNKNOWN, outcome
from console.request import ConsoleRequest, needs
from console.ui.actions import go
from console.ui.listing import PageParams, list_page
from console.ui.query import with_params
from console.ui.responses import render_page
from console.ui.tabs import Tab


@dataclass(frozen=True, slots=True)
class Listed:
    items: list[Intent]
    total: int


@needs("read")
@require_safe
def operations(request: ConsoleRequest) -> HttpResponse:
    shown = request.GET.get("show", "")
    shown = shown if shown in SHOWN else ""

    def fetch(params: PageParams) -> Listed:
        found = mine(request).filter(SHOWN[shown][1])
        end = params.offset + params.limit
        return Listed(list(found[params.offset : end]), found.count())

    tabs = [
        Tab(label, with_params(request, show=name or None, page=None), name == shown)
        for name, (label, _) in SHOWN.items()
    ]
    context = {"tabs": tabs, "shown": shown}
    return list_page(request, template="operations/list.html", fetch=fetch, context=context)


@needs("read")
@require_safe
def detail(request: ConsoleRequest, intent_id: int) -> HttpResponse:
    """While the answer is being looked for, the page asks again; once known, it leads there."""
    intent = get_object_or_404(mine(request), pk=intent_id)
    if intent.state == UNKNOWN:
        look_up(request.api, intent)
    if intent.state == DONE:
        return go(request, outcome(intent).url)
    return render_page(request, "operations/detail.html", {"intent": intent}, partial="progress")


@needs("read")
@require_safe
def bell(request: ConsoleRequest) -> HttpResponse:
    return bell_list(request)


@needs("read")
@require_POST
def seen(request: ConsoleRequest) -> HttpResponse:
    mine(request).filter(is_seen=False).update(is_seen=True)
    if request.htmx:
        return bell_list(request)
    return go(request, reverse("operations:list"))


@needs("read")
@require_POST
def dismiss(request: ConsoleRequest, intent_id: int) -> HttpResponse:
    """The person has looked; the Console stops asking."""
    intent = get_object_or_404(mine(request), pk=intent_id)
    if intent.state == ASKED:
        intent.state, intent.is_over, intent.is_seen = FAILED, True, True
        intent.save(update_fields=["state", "is_over", "is_seen", "changed_at"])
    return go(request, reverse("operations:list"))


def bell_list(request: ConsoleRequest) -> HttpResponse:
    context = {"items": mine(request)[:IN_BELL], "unseen": unseen(request)}
    return render_page(request, "operations/bell.html", context)
