"""Schedules (semantics.md rules 246-255)."""

from datetime import datetime
from typing import Any

from console.api.models.base import Id, Model


class Schedule(Model, frozen=True):
    """`actions` stay as they came, so that saving one keeps what is not known here (rule 248)."""

    id: Id
    name: str = ""
    description: str | None = None
    cron_expression: str = ""
    timezone: str = "UTC"
    is_enabled: bool = False
    is_exclusive: bool = False
    created_at: datetime | None = None
    modified_at: datetime | None = None
    next_run_at: datetime | None = None
    last_run_at: datetime | None = None
    actions: list[dict[str, Any]] | None = None


class Invocation(Model, frozen=True):
    """One line of a schedule's log; `level` is INFO, WARN or ERROR (rule 254)."""

    message: str = ""
    level: str = "INFO"
    created_at: datetime | None = None
