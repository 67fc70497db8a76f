"""Rows of the list of runs, as frozen values: what has not changed is not rendered again."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from django.utils import timezone
from django.utils.safestring import SafeString

from console.api.models.runs import RunSummary
from console.templatetags import fmt, ui
from console.ui.rows import row_html

TEMPLATE = "runs/row.html"

ORIGINS = {"WEB": "Console", "API": "API", "CLI": "CLI", "SCHEDULER": "Schedule", "ACTOR": "Actor"}


class Row(NamedTuple):
    id: str
    status: str
    message: str
    actor_id: str
    actor: str
    started: str
    took: str
    usage: str
    build: str
    origin: str


def said(runs: Sequence[RunSummary]) -> str:
    """What a screen reader hears when the rows have changed: how many have which status."""
    statuses = Counter(run.status for run in runs)
    counted = [f"{number} {word_of(status)}" for status, number in statuses.items()]
    return f"Runs on this page: {', '.join(counted) or 'none'}"


def word_of(status: str) -> str:
    return ui.STATUSES[status][1].lower() if status in ui.STATUSES else status


def html_of(run: RunSummary, names: dict[str, str]) -> SafeString:
    """The row as HTML. A run that has ended never changes: its row is made once for each zone."""
    actor = names.get(run.act_id or "", run.act_id or "")
    if run.is_terminal:
        return _ended(run, actor, timezone.get_current_timezone_name())
    return row_html(TEMPLATE, row_of(run, actor))


@lru_cache(maxsize=4000)
def _ended(run: RunSummary, actor: str, zone: str) -> SafeString:
    return row_html(TEMPLATE, row_of(run, actor))


def row_of(run: RunSummary, actor: str) -> Row:
    return Row(
        id=run.id,
        status=run.status,
        message=(run.status_message or "")[:200],
        actor_id=run.act_id or "",
        actor=actor,
        started=fmt.clock(run.started_at) if run.started_at else "",
        took=fmt.took(run) or (fmt.since(run.started_at) if not run.is_terminal else ""),
        usage=fmt.usd(run.usage_total_usd),
        build=run.build_number or "",
        origin=ORIGINS.get(run.meta.origin, run.meta.origin.capitalize()),
    )
