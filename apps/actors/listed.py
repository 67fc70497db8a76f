"""The list of Actors. The API filters by owner only, and tells no last status: that is read from
the newest runs, asked for at the same time."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpResponse

from apps.actors.forms import Filter
from console.api.models.actors import ActorSummary
from console.api.models.runs import RunSummary
from console.api.resources.actors import list_actors
from console.api.resources.runs import list_runs
from console.request import ConsoleRequest, needs
from console.ui.listing import page_params, pager
from console.ui.responses import render_page

MOST = 1000
NEWEST_RUNS = 500
STATUSES = ("SUCCEEDED", "FAILED", "RUNNING", "READY", "TIMED-OUT", "ABORTED")
SORTS = (("", "Newest"), ("run", "Last run"), ("name", "Name"), ("modified", "Modified"))
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    actor: ActorSummary
    run: RunSummary | None  # the last one, if it is among the newest of all

    @property
    def name(self) -> str:
        return self.actor.title or self.actor.name

    @property
    def last_run(self) -> datetime | None:
        if self.run and self.run.started_at:
            return self.run.started_at
        return self.actor.stats.last_run_started_at if self.actor.stats else None


@needs("read")
def actors(request: ConsoleRequest) -> HttpResponse:
    params, wanted = page_params(request.GET), Filter(request.GET).wanted()
    is_mine = wanted["my"] == "1"
    listed, recent = request.api.gather(
        list_actors(limit=MOST, desc=True, my=is_mine or None),
        list_runs(limit=NEWEST_RUNS, desc=True),
    )
    last: dict[str, RunSummary] = {}
    for run in recent.items:
        last.setdefault(run.act_id or "", run)
    rows = [Row(actor, last.get(actor.id)) for actor in listed.items]
    found = in_order([row for row in rows if fits(row, wanted)], wanted["sort"])
    shown = found[params.offset : params.offset + params.limit]
    context = {
        "rows": shown,
        "wanted": wanted,
        "is_mine": is_mine,
        "is_filtered": bool(wanted["q"] or wanted["status"]),
        "statuses": STATUSES,
        "sorts": SORTS,
        "left_out": max(0, listed.total - len(rows)),
        "pager": pager(request, params=params, total=len(found), shown=len(shown)),
    }
    return render_page(request, "actors/list.html", context, partial="rows")


def fits(row: Row, wanted: dict[str, str]) -> bool:
    actor = row.actor
    words = f"{actor.title or ''} {actor.username}/{actor.name} {actor.id}".casefold()
    status = row.run.status if row.run else "none"
    return wanted["q"].casefold() in words and wanted["status"] in {"", status}


def in_order(rows: list[Row], sort: str) -> list[Row]:
    match sort:
        case "run":
            return sorted(rows, key=lambda row: row.last_run or LONG_AGO, reverse=True)
        case "name":
            return sorted(rows, key=lambda row: row.name.casefold())
        case "modified":
            return sorted(rows, key=lambda row: row.actor.modified_at or LONG_AGO, reverse=True)
    return rows
