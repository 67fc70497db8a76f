"""The bars above the list of runs, rendered once for each state that they are seen in."""

from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString

from apps.runs.bulk import MOST
from apps.runs.filters import STARTED, Wanted
from console.api.models.runs import STATUSES
from console.request import ConsoleRequest
from console.templatetags.ui import status_word
from console.ui.listing import Pager
from console.ui.query import with_params
from console.ui.rows import row_html

FEW = 2  # statuses that a button has room to name


class Filters(NamedTuple):
    """`q`, `after` and `before` as typed; `wrong` names the dates that are none."""

    q: str
    statuses: tuple[tuple[str, str, bool], ...]
    label: str
    actors: tuple[tuple[str, str], ...]
    actor: str
    started: str
    after: str
    before: str
    wrong: tuple[str, ...]
    zone: str
    limit: int
    is_filtered: bool
    act_url: str
    spans: tuple[tuple[str, str], ...] = STARTED


class Bulk(NamedTuple):
    is_all: bool
    filter: str
    total: int
    most: int
    url: str
    starts: bool
    resurrects: bool
    aborts: bool
    deletes: bool


def is_all(request: ConsoleRequest, wanted: Wanted) -> bool:
    """Whether the whole filter is acted upon, rather than ticked rows."""
    return request.GET.get("all") == "1" and not wanted.run_id


def filters(
    request: ConsoleRequest,
    wanted: Wanted,
    wrong: tuple[str, ...],
    names: dict[str, str],
    pager: Pager,
) -> SafeString:
    """An Actor that is not among the names is offered by its id."""
    chosen = {wanted.actor: names.get(wanted.actor, wanted.actor)} if wanted.actor else {}
    words = [status_word(status) for status in wanted.statuses]
    label = " or ".join(words).capitalize() if len(words) <= FEW else f"{len(words)} statuses"
    may_act = request.may("runs.abort") and pager.total > 1 and not is_all(request, wanted)
    bar = Filters(
        q=request.GET.get("q", ""),
        statuses=tuple((each, status_word(each), each in wanted.statuses) for each in STATUSES),
        label=label or "Any status",
        actors=tuple(sorted((names | chosen).items(), key=lambda each: each[1].casefold())),
        actor=wanted.actor,
        started=wanted.started,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        wrong=wrong,
        zone=timezone.get_current_timezone_name(),
        limit=pager.limit if "limit" in request.GET else 0,
        is_filtered=not wanted.is_any,
        act_url=with_params(request, all=True, page=None) if may_act else "",
    )
    return row_html("runs/filters.html", bar)


def bulk(request: ConsoleRequest, wanted: Wanted, total: int) -> SafeString:
    whole = is_all(request, wanted)
    others = with_params(request, all=True, page=None) if total > 1 else ""
    bar = Bulk(
        is_all=whole,
        filter=request.GET.urlencode() if whole else "",
        total=total,
        most=min(total, MOST),
        url=with_params(request, all=None) if whole else others,
        starts=request.may("runs.start"),
        resurrects=request.may("runs.resurrect"),
        aborts=request.may("runs.abort"),
        deletes=request.may("runs.delete"),
    )
    return row_html("runs/bulk.html", bar)
