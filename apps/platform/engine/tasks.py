"""What a run of a task starts with: the caller's word, else the task's, else the Actor's.

Inputs are merged by top-level property and otherwise stay the bytes that came in.
"""

from typing import Any

import msgspec

from apps.platform.domain.errors import ApiError, invalid_request, not_found
from apps.platform.engine import input_secrets, options
from apps.platform.engine.run_start import JSON
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


def sealed(task: Task, given: bytes) -> str:
    """For the row. Secret fields are encrypted inside it, so that the API does not show them."""
    return seal(_without_secrets(task, given).decode())


def _without_secrets(task: Task, given: bytes) -> bytes:
    actor = Actor.objects.filter(id=task.actor_id).first()
    ref = task.options.get("build") or (actor.default_run_options.get("build") if actor else None)
    try:
        build = options.find_build(actor, str(ref or options.DEFAULTS["build"])) if actor else None
    except ApiError:  # no such build: nothing tells which fields are secret
        return given
    if build is None:
        return given
    changed = input_secrets.sealed(build, task.user_id, msgspec.json.decode(given))
    return merged(given, msgspec.json.encode(changed)) if changed else given


def start_with(task: Task, *, over: bytes | None, asked: dict[str, Any]) -> dict[str, Any]:
    """Arguments for `create_run` (rules 145, 147), where `asked` are those of the caller or None;
    ApiError 404 when the Actor is gone or no longer open to the task's owner."""
    actor = Actor.objects.filter(id=task.actor_id).first()
    if actor is None or not (actor.is_public or actor.user_id == task.user_id):
        raise not_found("The Actor of this task")
    return {
        **options.arguments(task.options),
        **{name: value for name, value in asked.items() if value is not None},
        "actor": actor,
        "task_id": task.id,
        "input_body": merged(input_of(task), over or b"{}"),
        "input_content_type": JSON,
    }
