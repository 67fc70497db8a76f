"""What Home shows beside runs: calls to come, results, days of usage, what to start again.

Each part is empty where the API did not answer for it: Home works without.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from console.api.calls import Call
from console.api.models.actors import ActorSummary
from console.api.models.base import Page
from console.api.models.schedules import Schedule
from console.api.models.storages import Dataset
from console.api.models.tasks import TaskSummary
from console.api.models.users import MonthlyUsage
from console.api.resources.datasets import list_datasets
from console.api.resources.schedules import list_schedules
from console.api.resources.tasks import list_tasks
from console.api.resources.users import get_monthly_usage

COMING = 5
AGAIN = 8


@dataclass(frozen=True, slots=True)
class Beside:
    tasks: Sequence[TaskSummary] = ()
    schedules: Sequence[Schedule] = ()
    datasets: Sequence[Dataset] = ()
    usage: MonthlyUsage | None = None


class Again(NamedTuple):
    """A task or an Actor; `last` is when it was started last."""

    id: str
    name: str
    last: datetime | None
    is_task: bool


def calls() -> tuple[Call[Any], ...]:
    """In the order in which `read` takes their answers."""
    return (
        list_tasks(limit=200, desc=True),
        list_schedules(limit=200, desc=True),
        list_datasets(limit=100, unnamed=True),
        get_monthly_usage(),
    )


def read(answers: Iterable[Any]) -> Beside:
    """Each is what the API said, or the error that stands in its place."""
    tasks, schedules, datasets, usage = answers
    month = usage if isinstance(usage, MonthlyUsage) else None
    return Beside(items(tasks), items(schedules), items(datasets), month)


def items(answer: Any) -> Sequence[Any]:
    return answer.items if isinstance(answer, Page) else ()


def coming(schedules: Iterable[Schedule], now: datetime) -> list[Schedule]:
    """The soonest first; a kept list may hold one whose time has just passed."""
    known = [(each.next_run_at, each) for each in schedules if each.is_enabled]
    ahead = [(at, each) for at, each in known if at is not None and at >= now]
    return [each for _, each in sorted(ahead, key=lambda pair: pair[0])][:COMING]


def again(actors: Iterable[ActorSummary], tasks: Iterable[TaskSummary]) -> list[Again]:
    """What was started last comes first, what never was last."""
    both: list[tuple[ActorSummary | TaskSummary, bool]] = [
        *((task, True) for task in tasks),
        *((actor, False) for actor in actors),
    ]
    found = [
        Again(
            each.id,
            each.title or each.name,
            each.stats.last_run_started_at if each.stats else None,
            is_task,
        )
        for each, is_task in both
    ]
    return sorted(found, key=lambda one: one.last.timestamp() if one.last else 0, reverse=True)[
        :AGAIN
    ]
