"""Tasks: /v2/actor-tasks (endpoints 32-45)."""

from typing import Any

import msgspec

from console.api.calls import JSON, Call, params, path
from console.api.models.base import Page
from console.api.models.runs import Run, RunSummary
from console.api.models.tasks import Task, TaskSummary
from console.api.reading import data, nothing


def list_tasks(*, offset: int = 0, limit: int = 100, desc: bool = False) -> Call[Page[TaskSummary]]:
    return Call(
        "GET",
        "/v2/actor-tasks",
        data(Page[TaskSummary]),
        params(offset=offset, limit=limit, desc=desc),
    )


def get_task(task_id: str) -> Call[Task]:
    return Call("GET", path("/v2/actor-tasks/{}", task_id), data(Task))


def create_task(fields: dict[str, Any]) -> Call[Task]:
    """`actId` and `name` are needed (rule 141)."""
    body = msgspec.json.encode(fields)
    return Call("POST", "/v2/actor-tasks", data(Task), body=body, content_type=JSON)


def update_task(task_id: str, changes: dict[str, Any]) -> Call[Task]:
    """What is not named stays; `input` is replaced whole (rule 142)."""
    address = path("/v2/actor-tasks/{}", task_id)
    return Call("PUT", address, data(Task), body=msgspec.json.encode(changes), content_type=JSON)


def delete_task(task_id: str) -> Call[None]:
    """Its runs stay."""
    return Call("DELETE", path("/v2/actor-tasks/{}", task_id), nothing)


def list_task_runs(
    task_id: str,
    *,
    offset: int = 0,
    limit: int = 100,
    desc: bool = True,
    status: str | None = None,
) -> Call[Page[RunSummary]]:
    return Call(
        "GET",
        path("/v2/actor-tasks/{}/runs", task_id),
        data(Page[RunSummary]),
        params(offset=offset, limit=limit, desc=desc, status=status),
    )


def run_task(
    task_id: str,
    *,
    input_body: bytes = b"",
    build: str | None = None,
    timeout: int | None = None,
    memory: int | None = None,
    max_items: int | None = None,
) -> Call[Run]:
    """`input_body` is a JSON object whose keys override those of the task's input."""
    return Call(
        "POST",
        path("/v2/actor-tasks/{}/runs", task_id),
        data(Run),
        params(build=build, timeout=timeout, memory=memory, max_items=max_items),
        input_body,
        JSON if input_body else "",
    )
