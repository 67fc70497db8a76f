"""The list of runs: one call to the API, and the names of Actors that are kept for a minute."""

import time
from http import HTTPStatus

from django.http import HttpResponse
from django.utils import timezone

from apps.runs import bars
from apps.runs.filters import VIEWS, Wanted, read, stamp
from apps.runs.rows import rows_of, said
from console.api.errors import Refused
from console.api.models.base import Page
from console.api.models.runs import RunSummary
from console.api.resources.runs import get_run_summary
from console.request import ConsoleRequest, needs
from console.ui.listing import PageParams, page_params, pager
from console.ui.names import actor_names
from console.ui.query import with_params
from console.ui.responses import render_page
from console.ui.tabs import Tab


@needs("read")
def runs(request: ConsoleRequest) -> HttpResponse:
    wanted, wrong = read(request.GET)
    params = page_params(request.GET)
    listed = found(request, wanted, params)
    names = actor_names(request)
    paging = pager(request, params=params, total=listed.total, shown=len(listed.items))
    return render_page(
        request,
        "runs/list.html",
        {
            "rows": rows_of(listed.items, names),
            "said": said(listed.items),
            "tabs": tabs(request, wanted, listed.total),
            "filters": bars.filters(request, wanted, wrong, names, paging),
            "bulk": bars.bulk(request, wanted, listed.total),
            "is_all": bars.is_all(request, wanted),
            "is_ignored": not all(map(wanted.holds, listed.items)),
            "is_filtered": not wanted.is_any,
            "until": stamp(timezone.now()),
            "pager": paging,
            "stream": f"/live/?shown={int(time.time() * 1000)}",
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


def tabs(request: ConsoleRequest, wanted: Wanted, total: int) -> list[Tab]:
    """Only the one that is shown knows its count: the others would cost a call each."""
    made = []
    for label, view in VIEWS:
        url = with_params(request, status=",".join(view) or None, page=None, all=None, q=None)
        is_current = view == wanted.statuses and not wanted.run_id
        made.append(Tab(label, url, is_current, total if is_current else None))
    return made
