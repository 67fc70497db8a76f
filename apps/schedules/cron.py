"""Reading cron expressions: in words, and when they fire. cronsim does the heavy part.

Five fields, six with seconds first, or a shortcut; evaluated in an IANA zone (rule 251). When the
clocks change, an expression with named hours and minutes fires once: at the first time that exists
when its own does not, at the first of two. One with `*` for them fires whenever clocks look right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

SHORTCUTS: Final = {
    "@yearly": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@hourly": "0 * * * *",
}
LONGEST: Final = 200
LEAST_APART: Final = timedelta(seconds=10)
YEAR: Final = 366
MOST_BACK: Final = timedelta(hours=3)  # no zone puts its clocks back further
WORKDAYS: Final = "Monday, Tuesday, Wednesday, Thursday, and Friday"
SOME_DAY: Final = datetime(2024, 1, 1, tzinfo=UTC)  # expressions are tried out on it
FIELDS: Final = "minute, hour, day of month, month, day of week"
HINTS: Final = {
    "Bad second": "Seconds go from 0 to 59.",
    "Bad minute": "Minutes go from 0 to 59.",
    "Bad hour": "Hours go from 0 to 23.",
    "Bad day-of-month": "Days of a month go from 1 to 31, and the months chosen must have the day.",
    "Bad month": "Months go from 1 to 12 or JAN to DEC.",
    "Bad day-of-week": "Days of a week go from 0 to 7 or SUN to SAT.",
    "Wrong number of fields": f"Give five fields ({FIELDS}), or six with seconds first.",
}


class BadCron(ValueError):
    """Its text says what to change."""


@dataclass(frozen=True, slots=True)
class Firing:
    """`at` is in the schedule's zone. `shift` is the step of its clock since the firing before."""

    at: datetime
    shift: timedelta = timedelta()
    is_moved: bool = False  # its own time does not exist on that day
    is_twice: bool = False  # its own time comes twice on that day


@dataclass(frozen=True, slots=True)
class Jump:
    """A step of a zone's clock: forwards when `by` is positive."""

    at: datetime
    by: timedelta

    @property
    def is_forward(self) -> bool:
        return self.by > timedelta()


def simulate(expression: str, after: datetime) -> CronSim:
    """Raises BadCron."""
    text = SHORTCUTS.get(expression.strip().lower(), expression)
    if len(text) > LONGEST:
        raise BadCron(f"An expression has at most {LONGEST} characters.")
    if text.startswith("@"):
        raise BadCron(f"The shortcuts are {', '.join(SHORTCUTS)}.")
    try:
        found = CronSim(text, after)
    except (CronSimError, AssertionError) as problem:
        raise BadCron(HINTS.get(str(problem), f"{problem}.")) from None
    return found


def sentence(expression: str) -> str:
    """In words: At 02:30 on Monday to Friday. Raises BadCron."""
    found = simulate(expression, SOME_DAY)
    words: str = found.explain().replace(" through ", " to ").replace(WORKDAYS, "Monday to Friday")
    return words if found.day_and else f"{words} (a day fires when either fits)"


def is_zone(name: str) -> bool:
    return name in available_timezones()


def firings(
    expression: str, zone: ZoneInfo, after: datetime, most: int, *, until: datetime | None = None
) -> list[Firing]:
    """The next ones after a moment, at most `most`, and before `until`. Raises BadCron."""
    found = simulate(expression, SOME_DAY)
    made: list[Firing] = []
    last = after.astimezone(zone)
    for at, is_moved in islice(instants(" ".join(found.parts), zone, after, is_fixed(found)), most):
        if until and at >= until:
            break
        step = (at.utcoffset() or timedelta()) - (last.utcoffset() or timedelta())
        made.append(Firing(at, step, is_moved=is_moved, is_twice=is_twice(at)))
        last = at
    return made


def is_fixed(found: CronSim) -> bool:
    """Whether hours and minutes are named, and so it fires once a day whatever the clocks do."""
    return not any(part.startswith("*") for part in found.parts[1:3])


def instants(
    spelled: str, zone: ZoneInfo, after: datetime, fixed: bool
) -> Iterator[tuple[datetime, bool]]:
    """(moment in `zone`, whether clocks going forward moved it), in order, each after `after`.

    cronsim walks over wall time; the second of two equal times waits until its turn comes.
    """
    changes = offset(zone, after - MOST_BACK) != offset(zone, after + MOST_BACK)
    start = after.astimezone(zone).replace(tzinfo=None) - (MOST_BACK if changes else timedelta())
    last = after.astimezone(UTC)
    waiting: list[tuple[datetime, bool]] = []
    for wall in CronSim(spelled, start):
        found = [moved(wall, zone)] if fixed else [(each, False) for each in shown(wall, zone)]
        for each in found:
            heappush(waiting, each)
        while found and waiting and waiting[0][0] <= found[0][0]:
            moment, is_moved = heappop(waiting)
            if moment > last:
                last = moment
                yield moment.astimezone(zone), is_moved


def shown(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """The moments in UTC at which the zone's clocks show `wall`: none, one or two."""
    moments = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(at for at in moments if at.astimezone(zone).replace(tzinfo=None) == wall)


def moved(wall: datetime, zone: ZoneInfo) -> tuple[datetime, bool]:
    """The first minute from `wall` on that the zone's clocks show, and whether it is another."""
    at = wall
    while not (found := shown(at, zone)):
        at += timedelta(minutes=1)
    return found[0], at != wall


def is_twice(at: datetime) -> bool:
    first, second = at.replace(fold=0).utcoffset(), at.replace(fold=1).utcoffset()
    return first is not None and second is not None and first > second


def next_jump(zone: ZoneInfo, after: datetime) -> Jump | None:
    """The zone's next change of clocks within a year, to the minute."""
    day = after.astimezone(UTC)
    for _ in range(YEAR):
        following = day + timedelta(days=1)
        by = offset(zone, following) - offset(zone, day)
        if by:
            return Jump(found_between(zone, day, following), by)
        day = following
    return None


def found_between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = offset(zone, low)
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if offset(zone, middle) == before else (low, middle)
    return high.replace(second=0, microsecond=0).astimezone(zone)


def offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def hours(
    expression: str, zone: ZoneInfo, after: datetime, until: datetime
) -> Iterator[tuple[datetime, int]]:
    """Each hour in which it fires, with the first firing's time and how many there are.

    The work does not grow with the number of firings. Raises BadCron.
    """
    found = simulate(expression, SOME_DAY)
    number = len(found.minutes) * len(found.seconds)
    first = f"{min(found.seconds)} {min(found.minutes)} {' '.join(found.parts[2:])}"
    start = after.replace(minute=0, second=0, microsecond=0) - timedelta(seconds=1)
    for at, _ in instants(first, zone, start, is_fixed(found)):
        if at >= until:
            return
        yield at, number
