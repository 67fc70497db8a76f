"""Saved tasks: an Actor with an input and options of its own."""

from datetime import datetime
from typing import Any

from console.api.models.actors import ActorStats
from console.api.models.base import Id, Model


class TaskOptions(Model, frozen=True):
    """What is None is the Actor's own default."""

    build: str | None = None
    timeout_secs: int | None = None
    memory_mbytes: int | None = None
    max_items: int | None = None


class TaskSummary(Model, frozen=True):
    """Only lists have the Actor's names."""

    id: Id
    act_id: Id | None = None
    name: str = ""
    title: str | None = None
    description: str | None = None
    username: str | None = None
    act_name: str | None = None
    act_username: str | None = None
    act_title: str | None = None
    created_at: datetime | None = None
    modified_at: datetime | None = None
    stats: ActorStats | None = None


class Task(TaskSummary, frozen=True):
    options: TaskOptions | None = None
    input: dict[str, Any] | None = None
