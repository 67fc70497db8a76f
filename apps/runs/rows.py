"""Rows of the list of runs, as frozen values: what has not changed is not rendered again."""

from typing import NamedTuple

from console.api.models.runs import RunSummary
from console.templatetags import fmt

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


def row_of(run: RunSummary, names: dict[str, str]) -> Row:
    actor_id = run.act_id or ""
    return Row(
        id=run.id,
        status=run.status,
        message=(run.status_message or "")[:200],
        actor_id=actor_id,
        actor=names.get(actor_id, actor_id),
        started=fmt.clock(run.started_at) if run.started_at else "",
        took=fmt.took(run) or (fmt.since(run.started_at) if not run.is_terminal else ""),
        usage=fmt.usd(run.usage_total_usd),
        build=run.build_number or "",
        origin=ORIGINS.get(run.meta.origin, run.meta.origin.capitalize()),
    )
