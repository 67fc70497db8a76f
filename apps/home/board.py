"""What Home shows, made of the answers of the API."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from apps.home.beside import Again, Beside, again, coming
from console.api.models.actors import ActorSummary
from console.api.models.base import Page
from console.api.models.runs import RunSummary
from console.api.models.schedules import Schedule
from console.api.models.storages import Dataset
from console.api.models.users import MonthlyUsage
from console.forecast import forecast

FAILED = frozenset({"FAILED", "TIMED-OUT"})
ON = ("RUNNING", "READY", "TIMING-OUT", "ABORTING")
LATELY = timedelta(days=1)
ENDED = 6
RESULTS = 5
NEVER = datetime.min.replace(tzinfo=UTC)


class Row(NamedTuple):
    """A run and the name of its task or Actor."""

    run: RunSummary
    name: str


class Failure(NamedTuple):
    """The newest of `times` runs of one task or Actor that failed."""

    run: RunSummary
    name: str
    times: int


class Result(NamedTuple):
    run: RunSummary
    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Board:
    """`lately`, `succeeded` and `failed` are of 24 hours, among the 100 newest runs; `is_more`
    says that there may be older ones in that time. `calls` go by their start, oldest first."""

    calls: list[Row]
    running: int
    waiting: int
    runs: int
    lately: int
    is_more: bool
    succeeded: int
    failed: int
    failures: list[Failure]
    coming: list[Schedule]
    results: list[Result]
    again: list[Again]
    usage: MonthlyUsage | None
    forecast: float | None  # dollars at the end of the cycle


def board(
    *,
    running: Page[RunSummary],
    recent: Page[RunSummary],
    actors: Page[ActorSummary],
    beside: Beside,
    now: datetime,
) -> Board:
    names = {each.id: each.title or each.name for each in actors.items}
    names |= {each.id: each.title or each.name for each in beside.tasks}
    waiting = [run for run in recent.items if run.status in ON[1:]]
    done = [run for run in recent.items if run.is_terminal]
    lately = [run for run in recent.items if now - started(run) < LATELY]
    failed = [run for run in lately if run.status in FAILED]
    return Board(
        calls=rows(sorted([*done[:ENDED], *running.items, *waiting], key=started), names),
        running=running.total,
        waiting=sum(run.status == "READY" for run in waiting),
        runs=recent.total,
        lately=len(lately),
        is_more=len(lately) == len(recent.items) < recent.total,
        succeeded=sum(run.status == "SUCCEEDED" for run in lately),
        failed=len(failed),
        failures=failures(rows(failed, names)),
        coming=coming(beside.schedules, now),
        results=results(done, beside.datasets, names),
        again=again(actors.items, beside.tasks),
        usage=beside.usage,
        forecast=forecast(beside.usage, now) if beside.usage else None,
    )


def rows(runs: Iterable[RunSummary], names: Mapping[str, str]) -> list[Row]:
    return [Row(run, name_of(run, names)) for run in runs]


def name_of(run: RunSummary, names: Mapping[str, str]) -> str:
    """What was started: the task if there was one."""
    task, actor = names.get(run.actor_task_id or ""), names.get(run.act_id or "")
    return task or actor or run.act_id or "Unknown Actor"


def failures(failed: Iterable[Row]) -> list[Failure]:
    found: dict[str, Failure] = {}
    for run, name in failed:
        newest, _, times = found.get(name, Failure(run, name, 0))
        found[name] = Failure(newest, name, times + 1)
    return list(found.values())


def results(
    done: Iterable[RunSummary], datasets: Iterable[Dataset], names: Mapping[str, str]
) -> list[Result]:
    """The newest of each task or Actor; runs without a row are left out."""
    known = {each.id: each.item_count for each in datasets}
    found: dict[str, Result] = {}
    for run in done:
        name, count = name_of(run, names), known.get(run.default_dataset_id or "")
        if count:
            found.setdefault(name, Result(run, name, count))
    return list(found.values())[:RESULTS]


def started(run: RunSummary) -> datetime:
    return run.started_at or NEVER
