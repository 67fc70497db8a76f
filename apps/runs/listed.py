"""The list of runs: one call to the API, and the names of Actors that are kept for a minute."""

import time
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from apps.runs.bulk import MOST
from apps.runs.filters import STATUSES, VIEWS, Typed, Wanted, read, stamp
from apps.runs.rows import rows_of, said
from console.api.errors import Refused
from console.api.models.base import Page
from console.api.models.runs import RunSummary
from console.api.resources.runs import get_run_summary
from console.request import ConsoleRequest, needs
from console.templatetags.ui import status_word
from console.ui.listing import PageParams, page_params, pager
from console.ui.names import actor_names
from console.ui.query import with_params
from console.ui.responses import render_page
from console.ui.tabs import Tab

FEW = 2  # statuses that a button has room to name


@needs("read")
def runs(request: ConsoleRequest) -> HttpResponse:
    wanted, typed = read(request.GET)
    params = page_params(request.GET)
    listed = found(request, wanted, params)
    names = actor_names(request)
    is_all = request.GET.get("all") == "1" and not wanted.run_id
    return render_page(
        request,
        "runs/list.html",
        {
            "rows": rows_of(listed.items, names),
            "said": said(listed.items),
            "is_ignored": not all(map(wanted.holds, listed.items)),
            "is_all": is_all,
            "most": min(listed.total, MOST),
            "until": stamp(timezone.now()),
            "all_url": with_params(request, all=True, page=None),
            "single_url": with_params(request, all=None),
            "pager": pager(request, params=params, total=listed.total, shown=len(listed.items)),
            "stream": f"/live/?shown={int(time.time() * 1000)}",
            **controls(request, wanted, typed, names, listed.total),
        },
        partial="rows",
    )


def found(request: ConsoleRequest, wanted: Wanted, params: PageParams) -> Page[RunSummary]:
    """An id names one run, whatever the other filters say."""
    if not wanted.run_id:
        call = wanted.call(offset=params.offset, limit=params.limit, desc=params.desc)
        return request.api.run(call)
    try:
        return Page(total=1, items=[request.api.run(get_run_summary(wanted.run_id))])
    except Refused as refused:
        if refused.status != HTTPStatus.NOT_FOUND:
            raise
        return Page()


def controls(
    request: ConsoleRequest, wanted: Wanted, typed: Typed, names: dict[str, str], total: int
) -> dict[str, Any]:
    """Tabs and filters. An Actor that is not among the names is offered by its id."""
    chosen = {wanted.actor: names.get(wanted.actor, wanted.actor)} if wanted.actor else {}
    words = [status_word(status) for status in wanted.statuses]
    label = " or ".join(words).capitalize() if len(words) <= FEW else f"{len(words)} statuses"
    return {
        "wanted": wanted,
        "typed": typed,
        "dates": [typed["after"], typed["before"]],
        "is_filtered": not wanted.is_any,
        "statuses": [(each, status_word(each), each in wanted.statuses) for each in STATUSES],
        "status_label": label or "Any status",
        "actors": sorted((names | chosen).items(), key=lambda each: each[1].casefold()),
        "tabs": [
            Tab(
                label,
                with_params(request, status=",".join(view) or None, page=None, all=None, q=None),
                view == wanted.statuses and not wanted.run_id,
                total if view == wanted.statuses and not wanted.run_id else None,
            )
            for label, view in VIEWS
        ],
    }
