"""A task as the API shows and takes it (semantics.md rules 140-142)."""

from typing import Any

from apps.platform.api import actor_fields, fields
from apps.platform.domain.clock import iso, iso_or_none
from apps.platform.domain.errors import ApiError, invalid_value
from apps.platform.domain.names import is_actor_name
from apps.platform.engine import options, tasks
from apps.platform.http import json
from apps.platform.models import Actor, Task

TEXTS = {"title": "title", "description": "description"}


def short(task: Task, actor: Actor | None, username: str) -> dict[str, Any]:
    """`actor` is None once it was deleted."""
    return {
        "id": task.id,
        "userId": task.user_id,
        "username": username,
        "actId": task.actor_id,
        "actName": actor.name if actor else "",
        "actUsername": actor.user.username if actor else "",
        "actTitle": actor.title if actor else None,
        "name": task.name,
        "title": task.title,
        "createdAt": iso(task.created_at),
        "modifiedAt": iso(task.modified_at),
        "stats": stats(task),
    }


def full(task: Task, username: str) -> dict[str, Any]:
    return {
        "id": task.id,
        "userId": task.user_id,
        "username": username,
        "actId": task.actor_id,
        "name": task.name,
        "title": task.title,
        "description": task.description,
        "createdAt": iso(task.created_at),
        "modifiedAt": iso(task.modified_at),
        "removedAt": None,
        "isPublic": False,
        "stats": stats(task),
        "options": task.options,
        "input": json.raw(tasks.input_of(task)) if task.sealed_input else None,
    }


def stats(task: Task) -> dict[str, Any]:
    return {
        "totalRuns": task.total_runs,
        "lastRunStartedAt": iso_or_none(task.last_run_started_at),
    }


def fill(task: Task, body: dict[str, Any]) -> Task:
    """Writes what `body` names into the row, which is not saved (rule 142); ApiError 400."""
    if body.get("isPublic") is True:
        raise ApiError(400, "cannot-publish-actor-task", "Tasks cannot be published here")
    if body.get("name") is not None:
        task.name = fields.text(body, "name")
        if not is_actor_name(task.name):
            raise invalid_value("name must be 1 to 63 letters, digits and dashes")
    for name, column in TEXTS.items():
        if name in body:
            setattr(task, column, fields.text_or_null(body, name))
    if body.get("options") is not None:
        task.options = _options(task.options, fields.mapping(body, "options"))
    if "input" in body:
        given = body["input"]
        task.sealed_input = (
            "" if given is None else tasks.sealed(task, json.encode(fields.mapping(body, "input")))
        )
    return task


def _options(kept: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """null takes an option away, so that the Actor's own counts again."""
    made = kept | actor_fields.run_options(given)
    gone = {name for name in options.ARGUMENTS if name in given and given[name] is None}
    return {name: value for name, value in made.items() if name not in gone}
