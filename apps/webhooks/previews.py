"""What a template makes of a real run or build."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from apps.webhooks import payload
from console.api.calls import Call
from console.api.errors import Refused
from console.api.models.webhooks import BUILD_EVENTS
from console.api.reading import data
from console.api.resources.builds import get_build, list_actor_builds
from console.api.resources.runs import get_run, list_actor_runs
from console.api.resources.tasks import list_task_runs
from console.request import ConsoleRequest
from console.ui import json_text

KEPT = 20  # seconds: a preview is made anew with every pause in typing
STATUSES = {"READY": "CREATED", "RUNNING": "CREATED", "TIMED-OUT": "TIMED_OUT"}
MADE_UP = {
    "id": "Hq0zTcVbN2rKxYw7A",
    "actId": "Kb3mPzQw8LsDfGh1J",
    "userId": "Tn5vXcRe9UyIoPa2S",
    "startedAt": "2030-01-01T12:00:00.000Z",
    "finishedAt": "2030-01-01T12:01:00.000Z",
    "status": "SUCCEEDED",
    "defaultDatasetId": "Zx4cVbNm6QwErTy3U",
    "defaultKeyValueStoreId": "Ui7oPlKj5HgFdSa9Q",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A run or build as the API tells it, all its keys; `page` is its address in the Console."""

    kind: str
    resource: dict[str, Any]
    is_made_up: bool = False

    @property
    def id(self) -> str:
        return str(self.resource.get("id", ""))


@dataclass(frozen=True, slots=True)
class Preview:
    """`errors` by the name of the form's field, each with its line and column."""

    source: Source
    event: str
    body: str = ""
    plain: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    variables: list[tuple[str, str]] = field(default_factory=list)


def whole(request: ConsoleRequest, kind: str, its_id: str) -> Source:
    """Kept for a moment. Raises `Refused` when it is gone."""
    key = f"webhook-source-{request.workspace.id}-{kind}-{its_id}"
    known: dict[str, Any] | None = cache.get(key)
    if known is None:
        call: Call[Any] = get_run(its_id) if kind == "run" else get_build(its_id)
        known = request.api.run(replace(call, read=data(dict[str, Any])))
        cache.set(key, known, KEPT)
    return Source(kind, known)


def source_for(
    request: ConsoleRequest, *, events: list[str], scope: str, its_id: str, chosen: str
) -> Source:
    """The run that was chosen, else the newest one that the webhook would have watched."""
    try:
        if chosen:
            return whole(request, "run", chosen)
        if events and set(events) <= set(BUILD_EVENTS):
            builds = request.api.run(list_actor_builds(its_id, limit=1)).items if its_id else []
            return whole(request, "build", builds[0].id) if builds else made_up("build")
        found = newest_run(request, scope, its_id)
        return whole(request, "run", found) if found else made_up("run")
    except Refused:
        return made_up("run")


def newest_run(request: ConsoleRequest, scope: str, its_id: str) -> str:
    if scope == "run" or not its_id:
        return its_id
    listing = list_task_runs if scope == "task" else list_actor_runs
    runs = request.api.run(listing(its_id, limit=1)).items
    return runs[0].id if runs else ""


def made_up(kind: str) -> Source:
    return Source(kind, MADE_UP, is_made_up=True)


def event_of(source: Source, events: list[str]) -> str:
    """The event among those chosen that fits the run as it is now, else the first."""
    status = str(source.resource.get("status", ""))
    fitting = f"ACTOR.{source.kind.upper()}.{STATUSES.get(status, status)}"
    of_kind = [event for event in events if f".{source.kind.upper()}." in event]
    return fitting if fitting in events or not of_kind else of_kind[0]


def variables(source: Source, event: str, at: datetime | None = None) -> dict[str, Any]:
    """Of an event at `at`, else when the run or build ended or began."""
    found = source.resource
    stamp = iso(at) if at else found.get("finishedAt") or found.get("startedAt")
    moment = when(stamp)
    ids = {"actorId": found.get("actId"), "actorTaskId": found.get("actorTaskId")}
    key = "actorRunId" if source.kind == "run" else "actorBuildId"
    return {
        "userId": found.get("userId"),
        "createdAt": stamp,
        "eventType": event,
        "eventData": {name: each for name, each in ids.items() if each} | {key: source.id},
        "resource": found,
        "globals": {"dateISO": iso(moment), "dateUnix": int(moment.timestamp())},
    }


def when(stamp: Any) -> datetime:
    try:
        return datetime.fromisoformat(str(stamp))
    except ValueError:
        return timezone.now()


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def preview(
    source: Source,
    event: str,
    *,
    template: str,
    headers: str,
    interpolate: bool,
    at: datetime | None = None,
) -> Preview:
    values = variables(source, event, at)
    errors: dict[str, str] = {}
    text, made = "", {}
    try:
        wanted = template if template.strip() else payload.DEFAULT
        text = payload.render(wanted, values, interpolate=interpolate)
    except payload.Problem as problem:
        errors["payload"] = problem.sentence
    try:
        made = payload.headers(headers, values, interpolate=interpolate)
    except payload.Problem as problem:
        errors["headers"] = problem.sentence
    body = json_text.coloured(json_text.indented(text.encode("utf-8", "replace")))
    return Preview(source, event, body, text, made, errors, listed(values))


def listed(values: dict[str, Any]) -> list[tuple[str, str]]:
    """Every variable with its value now, two levels deep, for the list beside the editor."""
    found = []
    for name, value in values.items():
        found.append((name, "{…}" if isinstance(value, dict) else short(value)))
        if isinstance(value, dict):
            found += [(f"{name}.{key}", short(inner)) for key, inner in value.items()]
    return found


def short(value: Any) -> str:
    if isinstance(value, dict | list):
        return "{…}" if isinstance(value, dict) else f"list of {len(value)}"
    return "null" if value is None else str(value)[:80]
