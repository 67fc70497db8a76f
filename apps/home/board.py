"""What Home shows, made of three answers of the API."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from console.api.models.actors import ActorSummary
from console.api.models.base import Page
from console.api.models.runs import RunSummary

FAILED = frozenset({"FAILED", "TIMED-OUT"})
ON = ("RUNNING", "READY", "TIMING-OUT", "ABORTING")
LATELY = timedelta(days=1)
SHOWN = 8
NEVER = datetime.min.replace(tzinfo=UTC)


class Row(NamedTuple):
    run: RunSummary
    actor: str


@dataclass(frozen=True, slots=True)
class Board:
    """`failed` are failures of the last 24 hours among the 100 newest runs."""

    on: list[Row]
    running: int
    waiting: int
    recent: list[Row]
    runs: int
    failed: list[Row]
    actors: list[ActorSummary]
    actors_total: int


def board(
    *,
    running: Page[RunSummary],
    recent: Page[RunSummary],
    actors: Page[ActorSummary],
    now: datetime,
) -> Board:
    names = {actor.id: actor.title or actor.name for actor in actors.items}
    waiting = [run for run in recent.items if run.status in ON[1:]]
    done = [run for run in recent.items if run.is_terminal]
    failed = [
        run for run in done if run.status in FAILED and now - (run.started_at or NEVER) < LATELY
    ]
    return Board(
        on=rows([*running.items, *waiting], names),
        running=running.total,
        waiting=sum(run.status == "READY" for run in waiting),
        recent=rows(done[:SHOWN], names),
        runs=recent.total,
        failed=rows(failed, names),
        actors=sorted(actors.items, key=last_used, reverse=True)[:SHOWN],
        actors_total=actors.total,
    )


def rows(runs: Sequence[RunSummary], names: dict[str, str]) -> list[Row]:
    return [Row(run, names.get(run.act_id or "", run.act_id or "Unknown Actor")) for run in runs]


def last_used(actor: ActorSummary) -> datetime:
    return (actor.stats.last_run_started_at if actor.stats else None) or NEVER
