"""All upcoming firings: a week of hours with the memory that each may need, and the next ones."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from apps.schedules import cron
from apps.schedules.targets import Action, default_memories, get_call, own_memory, ref
from apps.schedules.views import list_tabs
from console.api.models.schedules import Schedule
from console.api.resources.schedules import get_schedule, list_schedules
from console.api.resources.users import get_limits
from console.http import Api
from console.request import ConsoleRequest, needs
from console.ui.query import with_params
from console.ui.responses import render_page

DAYS = 7
MOST = 1000
MOST_LOOKED_UP = 40
SHOWN = 20
IN_AN_HOUR = 200
MB_PER_GB = 1024
HALF = 0.5
HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Cell:
    """One hour. `gigabytes` is what its schedules need if all their targets are on at once."""

    at: datetime  # in the person's zone
    calls: int = 0
    gigabytes: float = 0
    ids: set[str] = field(default_factory=set)
    load: str = ""
    url: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    at: datetime
    schedule: Schedule
    gigabytes: float


@needs("read")
def page(request: ConsoleRequest) -> HttpResponse:
    listed, limits = request.api.gather(list_schedules(limit=MOST), get_limits())
    readable = [each for each in listed.items if each.is_enabled and is_readable(each)]
    enabled = [each for each in complete(request.api, readable) if is_readable(each)]
    memory = memories(request.api, enabled)
    limit = limits.limits.get("maxActorMemoryGbytes")
    now = datetime.now(UTC)
    week = grid(enabled, memory, request.zone, now)
    chosen = hour_asked(request)
    for cell in (cell for _, cells in week for cell in cells):
        cell.load = load(cell, limit)
        cell.url = with_params(request, hour=f"{cell.at:%Y-%m-%dT%H}")
        cell.is_chosen = cell.at == chosen
    since, until = (chosen, chosen + HOUR) if chosen else (now, now + timedelta(days=DAYS))
    most = IN_AN_HOUR if chosen else SHOWN
    context = {
        "tabs": list_tabs("Week"),
        "week": week,
        "hours": range(24),
        "limit": limit,
        "crowded": [cell for _, cells in week for cell in cells if cell.load == "3"],
        "chosen": chosen,
        "calls": calls(enabled, memory, request.zone, since=since, until=until, most=most),
        "most": most,
        "is_part": len(listed.items) < listed.total,
        "marked": request.GET.get("schedule", ""),
    }
    return render_page(request, "schedules/week.html", context, partial="week")


def complete(api: Api, schedules: Sequence[Schedule]) -> list[Schedule]:
    """Lists tell no options of actions, which hold the memory."""
    short = [
        each for each in schedules if any("runOptions" not in one for one in each.actions or [])
    ]
    ended = api.try_all(*(get_schedule(each.id) for each in short[:MOST_LOOKED_UP]))
    whole = {found.id: found for found in ended if isinstance(found, Schedule)}
    return [whole.get(each.id, each) for each in schedules]


def is_readable(schedule: Schedule) -> bool:
    try:
        cron.sentence(schedule.cron_expression)
    except cron.BadCron:
        return False
    return cron.is_zone(schedule.timezone)


def hour_asked(request: ConsoleRequest) -> datetime | None:
    try:
        asked = datetime.strptime(request.GET.get("hour", "") + "Z", "%Y-%m-%dT%H%z")
    except ValueError:
        return None
    return asked.replace(tzinfo=request.zone)


def grid(
    schedules: Sequence[Schedule], memory: dict[str, float], zone: ZoneInfo, now: datetime
) -> list[tuple[datetime, list[Cell]]]:
    """Days with their 24 hours of the wall clock; an hour that comes twice is one cell."""
    today = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    days = [today + timedelta(days=number) for number in range(DAYS)]
    cells = {(day.date(), hour): Cell(day.replace(hour=hour)) for day in days for hour in range(24)}
    until = today + timedelta(days=DAYS)
    for each in schedules:
        for first, number in cron.hours(each.cron_expression, ZoneInfo(each.timezone), now, until):
            local = first.astimezone(zone)
            left = still_to_come(each, first, number, now)
            if left and (cell := cells.get((local.date(), local.hour))):
                cell.calls += left
                cell.gigabytes += 0 if each.id in cell.ids else memory[each.id]
                cell.ids.add(each.id)
    return [(day, [cells[day.date(), hour] for hour in range(24)]) for day in days]


def still_to_come(schedule: Schedule, first: datetime, number: int, now: datetime) -> int:
    """Of the `number` firings of an hour that begin with `first`, those after `now`."""
    if first > now:
        return number
    zone = ZoneInfo(schedule.timezone)
    until = first.astimezone(zone).replace(minute=0, second=0) + HOUR
    return len(cron.firings(schedule.cron_expression, zone, now, number, until=until))


def load(cell: Cell, limit: float | None) -> str:
    """0 to 3 for the ground of the cell; 3 is more than the account's limit."""
    if not cell.calls:
        return ""
    if limit and cell.gigabytes > limit:
        return "3"
    return "2" if limit and cell.gigabytes > limit * HALF else "1"


def calls(
    schedules: Iterable[Schedule],
    memory: dict[str, float],
    zone: tzinfo,
    *,
    since: datetime,
    until: datetime,
    most: int,
) -> list[Call]:
    """The earliest `most` firings within the span."""
    found = [
        Call(each.at.astimezone(zone), schedule, memory[schedule.id])
        for schedule in schedules
        for each in cron.firings(
            schedule.cron_expression,
            ZoneInfo(schedule.timezone),
            since.astimezone(UTC) - timedelta(seconds=1),
            most,
            until=until,
        )
    ]
    return sorted(found, key=lambda call: call.at.astimezone(UTC))[:most]


def memories(api: Api, schedules: Sequence[Schedule]) -> dict[str, float]:
    """Gigabytes by id of the schedule; a target whose memory cannot be known counts nothing."""
    unknown: dict[str, Action] = {}
    for schedule in schedules:
        for action in schedule.actions or []:
            if own_memory(action) is None and len(unknown) < MOST_LOOKED_UP:
                unknown.setdefault(ref(action), action)
    ended: tuple[Any, ...] = api.try_all(*map(get_call, unknown.values()))
    known = dict(zip(unknown, default_memories(api, ended), strict=True))
    made: dict[str, float] = defaultdict(float)
    for schedule in schedules:
        made[schedule.id] = sum(
            (own_memory(action) or known.get(ref(action)) or 0) / MB_PER_GB
            for action in schedule.actions or []
        )
    return made
