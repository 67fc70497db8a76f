"""When a schedule fires: cron expressions of 5 or 6 fields in IANA zones (rules 249, 251).

Clocks that go forward and back are dealt with here, not by cronsim, which walks over plain wall
time. An expression with fixed hours and minutes fires once a day whatever the clocks do: at the
first minute that exists when its own does not, in the first of two hours of the same name. One
whose hours or minutes begin with `*` fires at every instant that looks right.
"""

import functools
import heapq
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, pairwise

from cronsim import CronSim, CronSimError

from apps.platform.domain.errors import ApiError, invalid_value

SHORTCUTS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
}
FIELDS = ("minute", "hour", "day of month", "month", "day of week")
LONGEST = 200
LEAST_SECONDS = 10
ON_TIME = timedelta(minutes=5)  # later than that a firing is missed
MOST_COUNTED = 1000
FOLD = timedelta(hours=3)  # no zone has put its clocks back further
MINUTE = timedelta(minutes=1)
SOME_DAY = datetime(2024, 1, 1)  # noqa: DTZ001 - wall time; expressions are tried out on it


def check(expression: str, zone: str) -> None:
    """ApiError 400 saying why a schedule with these cannot work."""
    if zone not in _zones():
        raise invalid_value(f"timezone must be an IANA time zone such as UTC, not {zone[:60]!r}")
    try:
        sim = CronSim(_spelled(expression), SOME_DAY)
        next(sim)
    except StopIteration:
        raise _invalid(f"{expression!r} never comes") from None
    except (CronSimError, AssertionError) as problem:
        raise _invalid(_reason(expression, str(problem))) from None
    if _least_gap(sim) < LEAST_SECONDS:
        raise _invalid(f"{expression!r} fires more often than every {LEAST_SECONDS} seconds")


def upcoming(expression: str, zone: str, after: datetime) -> Iterator[datetime]:
    """The instants strictly after `after`, in UTC and in order, for an expression that `check`
    let pass."""
    tz = zoneinfo.ZoneInfo(zone)
    spelled = _spelled(expression)
    minute, hour = spelled.split()[-5:-3]
    fixed = not minute.startswith("*") and not hour.startswith("*")
    offsets = [(after + shift).astimezone(tz).utcoffset() for shift in (-FOLD, FOLD)]
    back = FOLD if offsets[0] != offsets[1] else timedelta()
    second_time: list[datetime] = []  # a heap
    last = after
    for wall in CronSim(spelled, after.astimezone(tz).replace(tzinfo=None) - back):
        instants = [_first(wall, tz)] if fixed else _all(wall, tz)
        if not instants:
            continue
        for instant in instants[1:]:
            heapq.heappush(second_time, instant)
        earlier = []
        while second_time and second_time[0] < instants[0]:
            earlier.append(heapq.heappop(second_time))
        for instant in (*earlier, instants[0]):
            if instant > last:
                last = instant
                yield instant


def following(expression: str, zone: str, after: datetime) -> datetime | None:
    """The first instant after `after`; None when there is none in fifty years."""
    return next(upcoming(expression, zone, after), None)


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done at a moment: `fire` is the instant to fire for. `missed` others have
    gone by since `missed_since` (counting stops at 1,000). `next` is the first still to come."""

    fire: datetime | None
    missed: int
    missed_since: datetime | None
    next: datetime | None


def due(expression: str, zone: str, planned: datetime, moment: datetime) -> Due:
    """From the instant that was planned up to `moment`: the newest fires once unless it is five
    minutes late, the ones before it are missed."""
    edge = moment - ON_TIME
    gone: list[datetime] = []
    times = chain([planned], upcoming(expression, zone, planned))
    coming = None
    for time in times:
        if time > moment:
            coming = time
            break
        gone.append(time)
        if len(gone) == MOST_COUNTED and time < edge:
            late = upcoming(expression, zone, edge)
            gone += iter(functools.partial(_until, late, moment), None)
            coming = following(expression, zone, moment)
            break
    fire = gone[-1] if gone and gone[-1] > edge else None
    missed = gone[:-1] if fire else gone
    return Due(fire, len(missed), missed[0] if missed else None, coming)


def _until(times: Iterator[datetime], moment: datetime) -> datetime | None:
    time = next(times, None)
    return time if time and time <= moment else None


def _first(wall: datetime, tz: zoneinfo.ZoneInfo) -> datetime:
    while not (found := _all(wall, tz)):
        wall += MINUTE
    return found[0]


def _all(wall: datetime, tz: zoneinfo.ZoneInfo) -> list[datetime]:
    """The instants in UTC at which clocks show `wall`: none, one or two."""
    found = []
    for fold in (0, 1):
        instant = wall.replace(tzinfo=tz, fold=fold).astimezone(UTC)
        if instant not in found and instant.astimezone(tz).replace(tzinfo=None) == wall:
            found.append(instant)
    return found


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones() - {"localtime", "Factory"})


def _spelled(expression: str) -> str:
    """Five or six fields; ApiError 400 for another number of them."""
    word = expression.strip().lower()
    spelled = SHORTCUTS.get(word, expression)
    if len(expression) > LONGEST:
        raise _invalid(f"it has more than {LONGEST} characters")
    if word.startswith("@") and word not in SHORTCUTS:
        raise _invalid(f"{expression!r} is none of {', '.join(SHORTCUTS)}")
    if len(spelled.split()) not in {len(FIELDS), len(FIELDS) + 1}:
        raise _invalid(f"{expression!r} must have 5 fields, or 6 with seconds in front")
    return spelled


def _reason(expression: str, problem: str) -> str:
    """cronsim says "Bad minute"; this adds what was written there."""
    name = problem.removeprefix("Bad ").replace("-", " ")
    parts = expression.split()
    names = ("second", *FIELDS)[-len(parts) :]
    if name not in names:
        return f"{expression!r} cannot be understood"
    return f"the {name} {parts[names.index(name)]!r} is not right"


def _invalid(reason: str) -> ApiError:
    return ApiError(400, "cron-expression-invalid", f"Cron expression is not valid: {reason}")


def _least_gap(sim: CronSim) -> int:
    """Seconds between the two closest firings, counted up to a minute."""
    seconds = sorted(sim.seconds)
    gaps = [later - earlier for earlier, later in pairwise(seconds)]
    hours, minutes = sim.hours, sim.minutes
    crosses = {0, 59} <= minutes and any((hour + 1) % 24 in hours for hour in hours)
    if crosses or any(minute + 1 in minutes for minute in minutes):
        gaps.append(60 - seconds[-1] + seconds[0])
    return min(gaps, default=60)
