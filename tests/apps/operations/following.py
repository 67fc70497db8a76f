"""What tests of following share."""

import json
from typing import Any

from django.utils import timezone
from redis import Redis

from apps.operations.models import Intent
from console.outcomes import DONE
from tests.fakes import ACTOR_ID, RUN_ID

LIST = "/v2/actor-runs"


def told(channel: Any) -> list[dict[str, Any]]:
    found = []
    while message := channel.get_message(timeout=0.1):
        found.append(json.loads(message["data"]))
    return found


def due_now(redis: Redis, workspace: Any) -> None:
    redis.delete(f"callboard:ws:{workspace.pk}:due")


def intent(cast: dict[str, Any], workspace: Any, **changes: Any) -> Intent:
    values = {
        "user": cast["luke"],
        "workspace": workspace,
        "key": "k",
        "kind": "run.start",
        "state": DONE,
        "subject": "Crawler",
        "target_id": ACTOR_ID,
        "mark": "intent/x",
        "sent_at": timezone.now(),
        "object_kind": "run",
        "object_id": RUN_ID,
        "status": "RUNNING",
    }
    return Intent.objects.create(**{**values, **changes})
