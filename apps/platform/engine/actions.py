"""Actions of schedules: kept with their input sealed, started as the API starts runs (rule 248)."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from apps.platform.domain.clock import iso
from apps.platform.domain.errors import ApiError, not_found
from apps.platform.engine import options, runs, tasks
from apps.platform.models import Actor, Run, Schedule, Task
from apps.platform.storage.secrets import seal, unseal

RUN_ACTOR = "RUN_ACTOR"
RUN_TASK = "RUN_ACTOR_TASK"


def sealed(body: str) -> str:
    return seal(body)


def body_of(action: dict[str, Any]) -> str | None:
    """The input as text; ApiError 409 when the key that sealed it is gone."""
    if action.get("sealed") is None:
        return None
    try:
        return unseal(action["sealed"])
    except ValueError:
        raise ApiError(
            409,
            "schedule-input-sealed",
            "An input of this schedule was encrypted with a key that is not there any more. "
            "Save the schedule's actions again.",
        ) from None


def start(schedule: Schedule, action: dict[str, Any], scheduled_at: datetime) -> Run:
    """The run of one action; ApiError as `runs.create_run`, 404 when its target is gone."""
    asked = options.arguments(action["options"])
    body = body_of(action)
    over = None if body is None else body.encode()
    if action["type"] == RUN_TASK:
        task = Task.objects.filter(id=action["target"], user_id=schedule.user_id).first()
        if task is None:
            raise not_found(f"Actor task {action['target']}")
        wanted = tasks.start_with(task, over=over, asked=asked)
    else:
        mine = Q(user_id=schedule.user_id) | Q(is_public=True)
        actor = Actor.objects.filter(mine, id=action["target"]).first()
        if actor is None:
            raise not_found(f"Actor {action['target']}")
        content_type = action.get("content_type")
        given = {"actor": actor, "input_body": over, "input_content_type": content_type}
        wanted = asked | given
    meta = {"origin": "SCHEDULER", "scheduleId": schedule.id, "scheduledAt": iso(scheduled_at)}
    return runs.create_run(identity_user_id=schedule.user_id, meta=meta, **wanted)
