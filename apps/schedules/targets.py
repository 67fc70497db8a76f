"""What a schedule starts: Actors and tasks, with what is known of each (rules 247, 248)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

from console.api.calls import Call
from console.api.errors import ApiError
from console.api.models.actors import Actor
from console.api.models.runs import RunSummary
from console.api.models.tasks import Task
from console.api.resources.actors import get_actor
from console.api.resources.runs import list_actor_runs
from console.api.resources.tasks import get_task, list_task_runs
from console.http import Api

MOST: Final = 20
JSON_TEXT: Final = "application/json; charset=utf-8"
LOOKED_AT: Final = 10  # runs
Action = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """`found` is None and `problem` a sentence when the Actor or task cannot be had."""

    number: int
    action: Action
    found: Actor | Task | None = None
    problem: str = ""
    last: RunSummary | None = None
    usual: float | None = None  # seconds
    usual_memory: int | None = None  # megabytes, without memory of its own

    @property
    def id(self) -> str:
        return str(self.action.get("id") or self.number)

    @property
    def is_task(self) -> bool:
        return is_task(self.action)

    @property
    def ref(self) -> str:
        return ref(self.action)

    @property
    def name(self) -> str:
        if self.found is None:
            return self.ref
        return getattr(self.found, "title", None) or self.found.name

    @property
    def memory(self) -> int | None:
        return own_memory(self.action) or self.usual_memory

    @property
    def note(self) -> str:
        """Which input it gets, in words."""
        given = typed_input(self.action)
        if given is None:
            return "its own input" if self.is_task else "default input"
        if not isinstance(given, dict):
            return "an input of its own"
        number = len(given)
        if self.is_task:
            return f"its own input, {number} override{'' if number == 1 else 's'}"
        return f"an input of its own, {number} field{'' if number == 1 else 's'}"


def is_task(action: Action) -> bool:
    return action.get("type") == "RUN_ACTOR_TASK"


def ref(action: Action) -> str:
    return str(action.get("actorTaskId" if is_task(action) else "actorId") or "")


def typed_input(action: Action) -> Any:
    """The input as JSON, None when there is none, the text itself when it is no JSON. Some APIs
    give that of a task as it is, under `input`."""
    if isinstance(action.get("input"), dict):
        return action["input"]
    body = action.get("input") or mapping_of(action, "runInput").get("body")
    if not isinstance(body, str) or not body.strip():
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body


def with_input(action: Action, value: dict[str, Any]) -> Action:
    """Where the API gave it, else as `runInput` (rule 248); a task that overrides nothing has
    none."""
    given = None if is_task(action) and not value else value
    if "input" in action:
        return {**action, "input": given}
    body = {"body": json.dumps(value, ensure_ascii=False), "contentType": JSON_TEXT}
    return {**action, "runInput": None if given is None else body}


def body_of(action: Action) -> bytes:
    """What a start sends, b"" for none."""
    given = typed_input(action)
    if given is None:
        return b""
    return (given if isinstance(given, str) else json.dumps(given)).encode()


def options_of(action: Action) -> dict[str, Any]:
    return mapping_of(action, "runOptions")


def mapping_of(action: Action, name: str) -> dict[str, Any]:
    found = action.get(name)
    return found if isinstance(found, dict) else {}


def own_memory(action: Action) -> int | None:
    found = options_of(action).get("memoryMbytes")
    return found if isinstance(found, int) else None


def default_memories(api: Api, all_found: Sequence[Any]) -> list[int | None]:
    """Megabytes when an action says none: the Actor decides for a task that says none either.

    What could not be found, an error among them, has none.
    """
    asked: dict[str, Call[Any]] = {
        found.act_id: get_actor(found.act_id)
        for found in all_found
        if isinstance(found, Task) and found.act_id and not own_default(found)
    }
    actors = dict(zip(asked, api.try_all(*asked.values()), strict=True))
    return [
        own_default(found)
        or (own_default(actors.get(found.act_id or "")) if isinstance(found, Task) else None)
        for found in all_found
    ]


def own_default(found: Any) -> int | None:
    if isinstance(found, Actor):
        return found.default_run_options.memory_mbytes
    return found.options.memory_mbytes if isinstance(found, Task) and found.options else None


def get_call(action: Action) -> Call[Any]:
    return get_task(ref(action)) if is_task(action) else get_actor(ref(action))


def look_up(api: Api, actions: Sequence[Action]) -> list[Target]:
    """All at once, two calls for each; what cannot be had says so in its place."""
    calls: list[Call[Any]] = []
    for action in actions:
        runs = list_task_runs if is_task(action) else list_actor_runs
        calls += [get_call(action), runs(ref(action), limit=LOOKED_AT, desc=True)]
    ended = api.try_all(*calls)
    memories = default_memories(api, ended[::2])
    return [
        target(number, action, ended[2 * number], ended[2 * number + 1], memories[number])
        for number, action in enumerate(actions)
    ]


def target(number: int, action: Action, found: Any, listed: Any, memory: int | None) -> Target:
    runs: list[RunSummary] = [] if isinstance(listed, ApiError) else listed.items
    seconds = [
        (run.finished_at - run.started_at).total_seconds()
        for run in runs
        if run.status == "SUCCEEDED" and run.finished_at and run.started_at
    ]
    is_lost = isinstance(found, ApiError)
    return Target(
        number,
        action,
        None if is_lost else found,
        found.sentence if is_lost else "",
        runs[0] if runs else None,
        median(seconds) if seconds else None,
        memory,
    )


def slowest(targets: Sequence[Target]) -> float | None:
    """Seconds after which a firing is usually over; None when nothing is known."""
    return max((each.usual for each in targets if each.usual), default=None)
