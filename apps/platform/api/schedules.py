"""Schedules and their logs (endpoints 100-105; semantics.md rules 246-255)."""

from typing import Any
from urllib.parse import quote

from django.db import transaction
from starlette.responses import Response

from apps.platform.api import fields, schedule_actions
from apps.platform.api.access import refuse_run_token
from apps.platform.api.refs import missing
from apps.platform.api.unique import unique_name
from apps.platform.domain import cron
from apps.platform.domain.clock import iso, iso_or_none, now
from apps.platform.domain.errors import invalid_value
from apps.platform.http import envelope
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route
from apps.platform.models import Firing, Schedule
from apps.platform.storage import allowances

MOST_LINES = 1000
TEXTS = {"title": "title", "description": "description"}
FLAGS = {"isEnabled": "is_enabled", "isExclusive": "is_exclusive"}


def shape(schedule: Schedule, *, full: bool = True) -> dict[str, Any]:
    shown = {
        "id": schedule.id,
        "userId": schedule.user_id,
        "name": schedule.name,
        "title": schedule.title,
        "cronExpression": schedule.cron_expression,
        "timezone": schedule.timezone,
        "isEnabled": schedule.is_enabled,
        "isExclusive": schedule.is_exclusive,
        "createdAt": iso(schedule.created_at),
        "modifiedAt": iso(schedule.modified_at),
        "nextRunAt": iso_or_none(schedule.next_run_at),
        "lastRunAt": iso_or_none(schedule.last_run_at),
        "actions": [schedule_actions.shape(each, full=full) for each in schedule.actions],
    }
    if full:
        shown |= {"description": schedule.description, "notifications": schedule.notifications}
    return shown


def find_schedule(request: ApiRequest) -> Schedule:
    identity = refuse_run_token(request, "schedule")
    schedule_id = request.params["scheduleId"]
    found = Schedule.objects.filter(id=schedule_id, user_id=identity.user_id).first()
    if found is None:
        raise missing("Schedule", schedule_id)
    return found


def list_schedules(request: ApiRequest) -> Response:
    identity = refuse_run_token(request, "list of schedules")
    page = request.query.page()
    rows = Schedule.objects.filter(user_id=identity.user_id)
    mark = "-" if page.desc else ""
    found = rows.order_by(mark + "created_at", mark + "id")[page.offset : page.offset + page.limit]
    return envelope.listing([shape(each, full=False) for each in found], rows.count(), page)


def create_schedule(request: ApiRequest) -> Response:
    identity = refuse_run_token(request, "schedule")
    body = fields.body_of(request)
    fields.text(body, "cronExpression")
    schedule = Schedule(user_id=identity.user_id)
    schedule.name = f"my-schedule-{schedule.id[:6].lower()}"
    _fill(request, schedule, body)
    _plan(schedule)
    with unique_name("schedule", "a schedule", schedule.name), transaction.atomic("platform"):
        rows = Schedule.objects.filter(user_id=identity.user_id)
        allowances.check_count(identity.user_id, rows)
        schedule.save(force_insert=True)
    location = f"{request.base_url}/v2/schedules/{quote(schedule.id)}"
    return envelope.created(shape(schedule), location)


def get_schedule(request: ApiRequest) -> Response:
    return envelope.data(shape(find_schedule(request)))


def update_schedule(request: ApiRequest) -> Response:
    """Rule 253. When it fires is worked out anew only if that changed, so that a firing which is
    due is not lost by renaming."""
    body = fields.body_of(request)
    schedule = find_schedule(request)
    with unique_name("schedule", "a schedule", body.get("name")), transaction.atomic("platform"):
        schedule = Schedule.objects.select_for_update().get(id=schedule.id)
        before = _time_of(schedule)
        _fill(request, schedule, body)
        if _time_of(schedule) != before:
            _plan(schedule)
        schedule.modified_at = now()
        schedule.save()
    return envelope.data(shape(schedule))


def delete_schedule(request: ApiRequest) -> Response:
    find_schedule(request).delete()
    return envelope.empty()


def get_log(request: ApiRequest) -> Response:
    """Rule 254: the newest thousand, oldest first."""
    schedule = find_schedule(request)
    settled = Firing.objects.filter(schedule=schedule).exclude(state="WAITING")
    columns = ("message", "level", "created_at")
    lines = settled.order_by("-scheduled_at", "-id").values_list(*columns)[:MOST_LINES]
    found = [
        {"message": message, "level": level, "createdAt": iso(created)}
        for message, level, created in lines
    ]
    return envelope.data(found[::-1])


def _time_of(schedule: Schedule) -> tuple[str, str, bool]:
    return schedule.cron_expression, schedule.timezone, schedule.is_enabled


def _plan(schedule: Schedule) -> None:
    schedule.next_run_at = None
    if schedule.is_enabled:
        expression, zone, _ = _time_of(schedule)
        schedule.next_run_at = cron.following(expression, zone, now())


def _fill(request: ApiRequest, schedule: Schedule, body: dict[str, Any]) -> None:
    """Writes what `body` names into the row, which is not saved; ApiError 400 or 404."""
    _fill_words(schedule, body)
    if body.get("cronExpression") is not None:
        schedule.cron_expression = fields.text(body, "cronExpression").strip()
    if body.get("timezone") is not None:
        schedule.timezone = fields.text(body, "timezone")
    cron.check(schedule.cron_expression, schedule.timezone)
    if body.get("notifications") is not None:
        given = fields.mapping(body, "notifications")
        schedule.notifications = {"email": fields.boolean(given, "email")}
    if body.get("actions") is not None:
        schedule.actions = schedule_actions.read(request, body, schedule.actions)


def _fill_words(schedule: Schedule, body: dict[str, Any]) -> None:
    if body.get("name") is not None:
        schedule.name = fields.text(body, "name", most=63).strip()
        if not schedule.name:
            raise invalid_value("name must not be empty")
    for name, column in TEXTS.items():
        if name in body:
            setattr(schedule, column, fields.text_or_null(body, name))
    for name, column in FLAGS.items():
        if body.get(name) is not None:
            setattr(schedule, column, fields.boolean(body, name))


SCHEDULE = "/v2/schedules/{scheduleId}"
ROUTES = [
    Route("GET", "/v2/schedules", list_schedules),
    Route("POST", "/v2/schedules", create_schedule),
    Route("GET", SCHEDULE, get_schedule),
    Route("PUT", SCHEDULE, update_schedule),
    Route("DELETE", SCHEDULE, delete_schedule),
    Route("GET", SCHEDULE + "/log", get_log),
]
