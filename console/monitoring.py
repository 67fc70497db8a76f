"""Results, duration and cost of the last runs of an Actor or task, and each day's statuses."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from statistics import mean, median
from typing import Any

from django.http import HttpRequest
from django.template.defaultfilters import date as worded
from django.utils import timezone

from console.api.calls import Call
from console.api.models.base import Page
from console.api.models.runs import RunSummary
from console.api.models.storages import Dataset
from console.api.resources.datasets import list_datasets
from console.request import ConsoleRequest
from console.templatetags.fmt import count, duration, usd

SIZES = (100, 200)
DAYS = 30
DATASETS = 1000
WIDTH, HEIGHT, GAP, LEAST = 620.0, 120.0, 0.25, 1.5
ORDER = ("SUCCEEDED", "RUNNING", "READY", "ABORTED", "TIMED-OUT", "FAILED")


@dataclass(frozen=True)
class Measured:
    """One run with its figures: items, seconds, dollars; None where not known."""

    run: RunSummary
    results: int | None
    seconds: float | None
    usd: float | None


@dataclass(frozen=True)
class Bar:
    """A rectangle in a drawing of WIDTH by HEIGHT; `status` colours it."""

    x: float
    y: float
    width: float
    height: float
    status: str
    text: str


@dataclass(frozen=True)
class Chart:
    title: str
    bars: list[Bar]
    figures: list[tuple[str, str]]  # least, mean, median and most, in words


def size_of(request: HttpRequest) -> int:
    """How many of the last runs the address asks for."""
    asked = request.GET.get("runs", "")
    return int(asked) if asked in map(str, SIZES) else SIZES[0]


def datasets() -> Call[Page[Dataset]]:
    """The call beside those for the runs, for `shown`."""
    return list_datasets(unnamed=True, limit=DATASETS, desc=True)


def shown(
    request: ConsoleRequest, runs: Sequence[RunSummary], newest: Sequence[Dataset]
) -> dict[str, Any]:
    """What `ui/monitoring.html` shows of `runs`, newest first."""
    rows = measured(runs, {each.id: each.item_count for each in newest})
    return {
        "rows": rows,
        "charts": charts(rows),
        "days": daily(runs, request.zone),
        "statuses": [status for status in ORDER if any(run.status == status for run in runs)],
        "size": size_of(request),
        "sizes": SIZES,
    }


def measured(runs: Iterable[RunSummary], items: dict[str, int]) -> list[Measured]:
    """Newest first. Runs tell no number of results: that is read from the newest datasets."""
    return [
        Measured(
            run,
            items.get(run.default_dataset_id or ""),
            (run.finished_at - run.started_at).total_seconds()
            if run.started_at and run.finished_at
            else None,
            run.usage_total_usd,
        )
        for run in runs
    ]


def charts(rows: Sequence[Measured]) -> list[Chart]:
    return [
        chart("Results", rows, lambda row: row.results, count),
        chart("Duration", rows, lambda row: row.seconds, duration),
        chart("Cost", rows, lambda row: row.usd, usd),
    ]


def chart(
    title: str,
    rows: Sequence[Measured],
    value_of: Callable[[Measured], float | None],
    words: Callable[[float], str],
) -> Chart:
    """A bar for each run whose value is known, oldest at the left."""
    known = [(row.run, value) for row in reversed(rows) if (value := value_of(row)) is not None]
    values = [value for _, value in known]
    if not values:
        return Chart(title, [], [])
    top, step = max(values) or 1, WIDTH / len(known)
    bars = []
    for number, (run, value) in enumerate(known):
        height = max(HEIGHT * value / top, LEAST)
        text = f"{worded(run.started_at, 'j M H:i')}: {words(value)}, {run.status.lower()}"
        x, width = number * step, min(step * (1 - GAP), WIDTH / 20)
        bars.append(Bar(x, HEIGHT - height, width, height, run.status, text))
    figures = (
        ("Least", min(values)),
        ("Mean", mean(values)),
        ("Median", median(values)),
        ("Most", max(values)),
    )
    return Chart(title, bars, [(name, words(value)) for name, value in figures])


@dataclass(frozen=True)
class Day:
    day: date
    counts: list[tuple[str, int]]
    bars: list[Bar]


def daily(runs: Iterable[RunSummary], zone: tzinfo) -> list[Day]:
    """The last 30 days of the person's zone, the oldest first, each with its runs by status."""
    today = timezone.now().astimezone(zone).date()
    found: dict[date, Counter[str]] = {}
    for run in runs:
        if run.started_at:
            found.setdefault(run.started_at.astimezone(zone).date(), Counter())[run.status] += 1
    days = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
    top = max((found[day].total() for day in days if day in found), default=1)
    return [stacked(day, number, found.get(day, Counter()), top) for number, day in enumerate(days)]


def stacked(day: date, number: int, counts: "Counter[str]", top: int) -> Day:
    step, base, bars = WIDTH / DAYS, HEIGHT, []
    others = sorted(set(counts) - set(ORDER))
    ordered = [(status, counts[status]) for status in (*ORDER, *others) if counts[status]]
    for status, amount in ordered:
        height = HEIGHT * amount / top
        base -= height
        text = f"{worded(day, 'j M')}: {amount} {status.lower()}"
        bars.append(Bar(number * step, base, step * (1 - GAP), height, status, text))
    return Day(day, ordered, bars)
