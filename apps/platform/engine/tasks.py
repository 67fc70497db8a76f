"""What a run of a task starts with: the caller's word, else the task's, else the Actor's.

Inputs are merged by top-level property and otherwise stay the bytes that came in.
"""

from typing import Any

import msgspec

from apps.platform.domain.errors import ApiError, invalid_request, not_found
from apps.platform.engine.runs import JSON
from apps.platform.models import Actor, Task
from apps.platform.storage.secrets import seal, unseal

_split = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def merged(base: bytes, over: bytes) -> bytes:
    """The JSON object `base` with the properties of `over` (rules 144, 145); ApiError 400 when
    `over` is no object."""
    try:
        return msgspec.json.encode({**_split(base), **_split(over)})
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise invalid_request("The input of a task must be a JSON object") from None


def input_of(task: Task) -> bytes:
    """The stored input as JSON; ApiError 409 when the key that sealed it is gone."""
    if not task.sealed_input:
        return b"{}"
    try:
        return unseal(task.sealed_input).encode()
    except ValueError:
        raise ApiError(
            409,
            "task-input-sealed",
            "The task's input was encrypted with a key that is not there any more. Save it again.",
        ) from None


def sealed(given: bytes) -> str:
    return seal(given.decode())


def start_with(
    task: Task,
    *,
    over: bytes | None,
    build_ref: str | None = None,
    timeout_secs: int | None = None,
    memory_mbytes: int | None = None,
    max_items: int | None = None,
    max_total_charge_usd: float | None = None,
    restart_on_error: bool | None = None,
) -> dict[str, Any]:
    """Arguments for `runs.create_run` (rules 145, 147); ApiError 404 when the Actor is gone or no
    longer open to the task's owner."""
    actor = Actor.objects.filter(id=task.actor_id).first()
    if actor is None or not (actor.is_public or actor.user_id == task.user_id):
        raise not_found("The Actor of this task")
    own = task.options
    return {
        "actor": actor,
        "task_id": task.id,
        "build_ref": build_ref or own.get("build"),
        "timeout_secs": own.get("timeoutSecs") if timeout_secs is None else timeout_secs,
        "memory_mbytes": own.get("memoryMbytes") if memory_mbytes is None else memory_mbytes,
        "max_items": own.get("maxItems") if max_items is None else max_items,
        "max_total_charge_usd": (
            own.get("maxTotalChargeUsd") if max_total_charge_usd is None else max_total_charge_usd
        ),
        "restart_on_error": (
            own.get("restartOnError") if restart_on_error is None else restart_on_error
        ),
        "input_body": merged(input_of(task), over or b"{}"),
        "input_content_type": JSON,
    }
