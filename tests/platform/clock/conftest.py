"""An account with an Actor that can be run, in this process's own database."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from apps.platform.models import Actor, Build, Firing, Schedule, User

NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)
Make = Callable[..., Schedule]


@pytest.fixture
def user(transactional_db: None, settings: Any, tmp_path: Path) -> User:
    settings.HOME = tmp_path  # records are files
    return User.objects.create(username="ada")


@pytest.fixture
def actor(user: User) -> Actor:
    made = Actor.objects.create(user=user, name="clockwork")
    build_of(made, "0.0.1", tag="latest")
    return made


def build_of(actor: Actor, number: str, *, tag: str = "") -> Build:
    build = Build.objects.create(
        actor=actor,
        user_id=actor.user_id,
        build_number=number,
        version_number="0.0",
        status="SUCCEEDED",
        finished_at=NOON,
    )
    if tag:
        actor.tagged_builds = actor.tagged_builds | {tag: {"buildId": build.id}}
        actor.save()
    return build


@pytest.fixture
def schedule_of(user: User, actor: Actor) -> Make:
    """A schedule that is due at noon and starts the Actor each minute."""

    def make(**fields: Any) -> Schedule:
        action = {
            "id": "action-1",
            "type": "RUN_ACTOR",
            "target": actor.id,
            "sealed": None,
            "content_type": "application/json",
            "options": {"memoryMbytes": 128},
        }
        values = {
            "name": f"schedule-{Schedule.objects.count()}",
            "cron_expression": "* * * * *",
            "next_run_at": NOON,
            "actions": [action],
        }
        return Schedule.objects.create(user=user, **values | fields)

    return make


def states(schedule: Schedule) -> list[tuple[datetime, str]]:
    rows = Firing.objects.filter(schedule=schedule).order_by("scheduled_at", "id")
    return [(row.scheduled_at, row.state) for row in rows]
