"""Rows of the list of runs, as frozen values: what has not changed is not rendered again."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache
from statistics import median
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString

from console.api.models.runs import RunSummary
from console.templatetags import fmt, ui
from console.ui.rows import joined, row_html

TEMPLATE = "runs/row.html"
ENOUGH = 3  # runs that say what is usual
NOTABLE = 1.0  # seconds more than usual, fewer of which are no news
WIDTH, USUAL = 48, 34  # of the bar, and where on it the usual time stands


class Row(NamedTuple):
    """`fill` is the bar's filled part of WIDTH, None where nothing is known to compare with."""

    id: str
    status: str
    message: str
    actor_id: str
    actor: str
    task_id: str
    dataset_id: str
    started: str
    took: str
    usage: str
    sign: str
    origin: str
    is_over: bool
    fill: int | None = None
    ratio: str = ""


def said(runs: Sequence[RunSummary]) -> str:
    """What a screen reader hears when the rows have changed: how many have which status."""
    statuses = Counter(run.status for run in runs)
    counted = [f"{number} {ui.status_word(status).lower()}" for status, number in statuses.items()]
    return f"Runs on this page: {', '.join(counted) or 'none'}"


def usual_times(runs: Sequence[RunSummary]) -> dict[str | None, float]:
    """Seconds by Actor, from its runs on this page that succeeded; rounded, so that one more run
    seldom changes what is kept of the others."""
    times: dict[str | None, list[float]] = defaultdict(list)
    for run in runs:
        if run.status == "SUCCEEDED" and (seconds := seconds_of(run)) is not None:
            times[run.act_id].append(seconds)
    enough = {actor: found for actor, found in times.items() if len(found) >= ENOUGH}
    return {actor: float(f"{median(found):.1e}") for actor, found in enough.items()}


def seconds_of(run: RunSummary) -> float | None:
    if run.started_at is None:
        return None
    ended = run.finished_at if run.is_terminal else timezone.now()
    return (ended - run.started_at).total_seconds() if ended else None


def rows_of(runs: Sequence[RunSummary], names: dict[str, str]) -> SafeString:
    """All rows as one text: a template's loop over them costs as much as the rest of the page."""
    usual = usual_times(runs)
    zone = timezone.get_current_timezone_name()
    made = (
        html_of(run, names.get(run.act_id or "", run.act_id or ""), usual.get(run.act_id), zone)
        for run in runs
    )
    return joined(made)


def html_of(run: RunSummary, actor: str, usual: float | None, zone: str) -> SafeString:
    """The row as HTML. A run that has ended never changes: its row is made once for each zone."""
    if run.is_terminal:
        return _ended(run, actor, usual, zone)
    return row_html(TEMPLATE, row_of(run, actor, usual))


@lru_cache(maxsize=4000)
def _ended(run: RunSummary, actor: str, usual: float | None, zone: str) -> SafeString:
    return row_html(TEMPLATE, row_of(run, actor, usual))


def row_of(run: RunSummary, actor: str, usual: float | None) -> Row:
    sign, origin = ui.ORIGINS.get(run.meta.origin, ("info", fmt.spoken(run.meta.origin)))
    row = Row(
        id=run.id,
        status=run.status,
        message=(run.status_message or "")[:200],
        actor_id=run.act_id or "",
        actor=actor,
        task_id=run.actor_task_id or "",
        dataset_id=run.default_dataset_id or "",
        started=fmt.brief(run.started_at) if run.started_at else "",
        took=fmt.took(run) or (fmt.since(run.started_at) if not run.is_terminal else ""),
        usage=fmt.usd(run.usage_total_usd),
        sign=sign,
        origin=origin,
        is_over=run.is_terminal,
    )
    seconds = seconds_of(run)
    if not usual or seconds is None:
        return row
    ratio = max(seconds, 0) / usual
    most = WIDTH if seconds - usual >= NOTABLE else WIDTH - 1  # a full bar warns
    return row._replace(fill=min(round(USUAL * ratio), most), ratio=f"{min(ratio, 99):.1f}")
