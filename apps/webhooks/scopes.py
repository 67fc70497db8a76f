"""What a webhook watches: an Actor, a saved task or one run, and what to call it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from console.api.errors import Refused
from console.api.models.runs import RunSummary
from console.api.models.webhooks import Condition
from console.api.resources.runs import list_runs
from console.api.resources.tasks import list_tasks
from console.request import ConsoleRequest
from console.templatetags.fmt import local
from console.ui.names import actor_names

KEYS = {"actor": "actorId", "task": "actorTaskId", "run": "actorRunId"}
WORDS = {"actor": "Actor", "task": "Saved task", "run": "One run"}
PAGES = {"actor": "actors:detail", "task": "tasks:detail", "run": "runs:detail"}
NEWEST = 30


@dataclass(frozen=True, slots=True)
class Scope:
    """`kind` is actor, task or run, or empty for a condition that names nothing."""

    kind: str = ""
    id: str = ""
    name: str = ""

    @property
    def word(self) -> str:
        return WORDS.get(self.kind, "Nothing")

    @property
    def url(self) -> str:
        try:
            return reverse(PAGES[self.kind], args=[self.id]) if self.kind else ""
        except NoReverseMatch:
            return ""


def names_of(request: ConsoleRequest, conditions: Iterable[Condition]) -> dict[str, str]:
    """Of Actors, and of tasks where a condition has one: a call more only then."""
    known = actor_names(request)
    return {**known, **dict(tasks(request))} if any(c.actor_task_id for c in conditions) else known


def scope_of(condition: Condition, names: dict[str, str]) -> Scope:
    """The narrowest thing that the condition names."""
    found = {
        "run": condition.actor_run_id,
        "task": condition.actor_task_id,
        "actor": condition.actor_id,
    }
    for kind, its_id in found.items():
        if its_id:
            return Scope(kind, its_id, names.get(its_id, its_id))
    return Scope()


@dataclass(frozen=True, slots=True)
class Choices:
    """Pairs of id and label; each select also offers what the form holds, listed or not."""

    actor: list[tuple[str, str]]
    task: list[tuple[str, str]]
    run: list[tuple[str, str]]


def choices(request: ConsoleRequest) -> Choices:
    names = actor_names(request)
    recent = request.api.run(list_runs(limit=NEWEST)).items
    runs = [(each.id, run_label(each, names)) for each in recent]
    return Choices(sorted(names.items(), key=lambda each: each[1].casefold()), tasks(request), runs)


def run_label(run: RunSummary, names: dict[str, str]) -> str:
    actor = names.get(run.act_id or "", run.act_id or "")
    started = local(run.started_at, timezone.get_current_timezone()) if run.started_at else ""
    return f"{actor}, {run.status.lower()}, {started[:16]}"


def tasks(request: ConsoleRequest) -> list[tuple[str, str]]:
    """None when the API has no tasks."""
    try:
        listed = request.api.run(list_tasks(limit=1000, desc=True)).items
    except Refused:
        return []
    return [(task.id, task.title or task.name) for task in listed]
