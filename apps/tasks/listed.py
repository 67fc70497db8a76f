"""The list of tasks. The API filters nothing, and knows no last status: that is read from the
newest runs, asked for at the same time."""

from dataclasses import dataclass

from django.http import HttpResponse

from apps.tasks.forms import Filter
from console.api.models.runs import RunSummary
from console.api.models.tasks import TaskSummary
from console.api.resources.runs import list_runs
from console.api.resources.tasks import list_tasks
from console.request import ConsoleRequest, needs
from console.ui.listing import page_params, pager
from console.ui.responses import render_page

MOST = 1000
NEWEST_RUNS = 500
STATUSES = ("SUCCEEDED", "FAILED", "RUNNING", "READY", "TIMED-OUT", "ABORTED")


@dataclass(frozen=True)
class Row:
    task: TaskSummary
    run: RunSummary | None  # the last one, if it is among the newest of all

    @property
    def actor_name(self) -> str:
        return self.task.act_title or self.task.act_name or self.task.act_id or ""


@needs("read")
def tasks(request: ConsoleRequest) -> HttpResponse:
    params = page_params(request.GET)
    listed, recent = request.api.gather(
        list_tasks(limit=MOST, desc=True), list_runs(limit=NEWEST_RUNS, desc=True)
    )
    last: dict[str, RunSummary] = {}
    for run in recent.items:
        last.setdefault(run.actor_task_id or "", run)
    rows = [Row(task, last.get(task.id)) for task in listed.items]
    wanted = Filter(request.GET).wanted()
    found = [row for row in rows if fits(row, wanted)]
    shown = found[params.offset : params.offset + params.limit]
    actors = {row.task.act_id: row.actor_name for row in rows}
    context = {
        "rows": shown,
        "wanted": wanted,
        "is_filtered": any(wanted.values()),
        "actors": sorted(actors.items(), key=lambda each: each[1].casefold()),
        "statuses": STATUSES,
        "left_out": max(0, listed.total - len(rows)),
        "pager": pager(request, params=params, total=len(found), shown=len(shown)),
    }
    return render_page(request, "tasks/list.html", context, partial="rows")


def fits(row: Row, wanted: dict[str, str]) -> bool:
    words = f"{row.task.title or ''} {row.task.name} {row.task.id}".casefold()
    return (
        wanted["q"].casefold() in words
        and wanted["actor"] in {"", row.task.act_id}
        and wanted["status"] in {"", row.run.status if row.run else "none"}
    )
