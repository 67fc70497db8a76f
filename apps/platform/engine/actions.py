"""Actions of schedules: kept with their input sealed, started as the API starts runs (rule 248)."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from apps.platform.domain.clock import iso
from apps.platform.domain.errors import ApiError, not_found
from apps.platform.engine import options, tasks
from apps.platform.engine.run_start import Batch, create_run
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


def start(schedule: Schedule, action: dict[str, Any], scheduled_at: datetime, batch: Batch) -> Run:
    """The run of one action; ApiError as `run_start.create_run`, 404 when its target is gone."""
    asked = options.arguments(action["options"])
    body = body_of(action)
    over = None if body is None else body.encode()
    if action["type"] == RUN_TASK:
        task = Task.objects.filter(id=action["target"], user_id=schedule.user_id).first()
        if task is None:
            raise not_found(f"Actor task {action['target']}")
        wanted = tasks.start_with(task, over=over, asked=asked)
    else:
        actor = _actor(schedule.user_id, action["target"], batch)
        if actor is None:
            raise not_found(f"Actor {action['target']}")
        content_type = action.get("content_type")
        given = {"actor": actor, "input_body": over, "input_content_type": content_type}
        wanted = asked | given
    meta = {"origin": "SCHEDULER", "scheduleId": schedule.id, "scheduledAt": iso(scheduled_at)}
    return create_run(identity_user_id=schedule.user_id, meta=meta, batch=batch, **wanted)


def _actor(user_id: str, actor_id: str, batch: Batch) -> Actor | None:
    if (user_id, actor_id) not in batch.actors:
        mine = Q(user_id=user_id) | Q(is_public=True)
        batch.actors[user_id, actor_id] = Actor.objects.filter(mine, id=actor_id).first()
    return batch.actors[user_id, actor_id]
