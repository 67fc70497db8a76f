"""The actions of a schedule as the API shows and takes them (semantics.md rules 247, 248)."""

from typing import Any

from apps.platform.api import actor_fields, fields
from apps.platform.api.actors import find_actor
from apps.platform.api.finding import find_task
from apps.platform.domain.errors import ApiError, invalid_value
from apps.platform.domain.ids import new_id
from apps.platform.engine import actions as engine
from apps.platform.http import json
from apps.platform.http.request import ApiRequest

JSON = "application/json"
MOST = 100
TARGETS = {engine.RUN_ACTOR: "actorId", engine.RUN_TASK: "actorTaskId"}


def shape(action: dict[str, Any], *, full: bool) -> dict[str, Any]:
    """Lists do without input and options."""
    shown = {
        "id": action["id"],
        "type": action["type"],
        TARGETS[action["type"]]: action["target"],
    }
    if not full:
        return shown
    body = engine.body_of(action)
    if action["type"] == engine.RUN_TASK:
        shown["input"] = None if body is None else json.raw(body.encode())
    else:
        content_type = action["content_type"]
        shown["runInput"] = None if body is None else {"body": body, "contentType": content_type}
    return shown | {"runOptions": action["options"] or None}


def read(
    request: ApiRequest, body: dict[str, Any], kept: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The actions as they are stored. An action that was there keeps its id; ApiError 400, or 404
    when there is no such Actor or task."""
    given = fields.objects(body, "actions")
    if len(given) > MOST:
        raise invalid_value(f"a schedule can have at most {MOST} actions")
    made: list[dict[str, Any]] = []
    for each in given:
        action = _read(request, each)
        action["id"] = _id(each, action, [old for old in kept if old not in made])
        kept = [old for old in kept if old["id"] != action["id"]]
        made.append(action)
    return made


def _id(given: dict[str, Any], action: dict[str, Any], kept: list[dict[str, Any]]) -> str:
    """By the id that was sent, else by what it starts: clients send actions without ids too."""
    named = [old["id"] for old in kept if old["id"] == given.get("id")]
    same = [old["id"] for old in kept if old["target"] == action["target"]]
    return str((named or same or [new_id()])[0])


def _read(request: ApiRequest, given: dict[str, Any]) -> dict[str, Any]:
    kind = given.get("type")
    if kind not in TARGETS:
        raise invalid_value(f"the type of an action must be one of {', '.join(TARGETS)}")
    body, content_type = _input(given, kind)
    options = fields.mapping(given, "runOptions") if given.get("runOptions") is not None else {}
    return {
        "type": kind,
        "target": _target(request, given, kind),
        "sealed": None if body is None else engine.sealed(body),
        "content_type": content_type,
        "options": actor_fields.run_options(options),
    }


def _target(request: ApiRequest, given: dict[str, Any], kind: str) -> str:
    name = TARGETS[kind]
    ref = fields.text(given, name, most=200)
    try:
        found = find_actor(request, ref) if kind == engine.RUN_ACTOR else find_task(request, ref)
    except ApiError as problem:
        what = "actor" if kind == engine.RUN_ACTOR else "actor-task"
        raise ApiError(404, f"schedule-{what}-not-found", problem.message) from None
    return found.id


def _input(given: dict[str, Any], kind: str) -> tuple[str | None, str]:
    """(body, its type). A task takes an object, as `input` or as the body of `runInput`."""
    if given.get("input") is not None and kind == engine.RUN_TASK:
        return json.encode(fields.mapping(given, "input")).decode(), JSON
    if given.get("runInput") is None:
        return None, JSON
    run_input = fields.mapping(given, "runInput")
    body = fields.text_or_null(run_input, "body", most=9 << 20)
    content_type = fields.text_or_null(run_input, "contentType", most=200) or JSON
    is_json = content_type.partition(";")[0].strip().lower() == JSON
    if body is not None and (is_json or kind == engine.RUN_TASK):
        value = json.decode(body.encode())
        if kind == engine.RUN_TASK and not isinstance(value, dict):
            raise invalid_value("the input of a task must be a JSON object")
    return body, content_type
