"""When schedules fire: rules 249 and 251, both days on which clocks change."""

import bisect
import itertools
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim

from apps.platform.domain import cron
from apps.platform.domain.errors import ApiError

ZONES = {  # a day of 2026 before each change of the clocks
    "Europe/Prague": ("2026-03-28", "2026-10-24"),
    "America/New_York": ("2026-03-07", "2026-10-31"),
    "Australia/Lord_Howe": ("2026-10-03", "2026-04-04"),  # by half an hour
    "America/Santiago": ("2026-09-05", "2026-04-04"),  # at midnight
    "Africa/Cairo": ("2026-04-23", "2026-10-29"),  # at midnight
    "Asia/Kolkata": ("2026-03-28", "2026-10-24"),  # never
}
WILD = (
    "* * * * *",
    "*/5 * * * *",
    "*/15 * * * *",
    "*/30 * * * *",
    "0 * * * *",
    "7 * * * *",
    "0,45 * * * *",
    "0 */2 * * *",
    "0 */6 * * *",
    "30 */3 * * *",
    "*/20 1-3 * * *",
    "* 2 * * *",
    "*/10 0 * * *",
    "*/15 */12 * * *",
    "* * 25 * *",
    "0 * * * SUN",
    "*/30 * * * 1-5",
    "@hourly",
    "0 0 * * * *",
    "30 */7 * * * *",
)
FIXED = (
    "0 0 * * *",
    "30 0 * * *",
    "0 1 * * *",
    "30 1 * * *",
    "59 1 * * *",
    "0 2 * * *",
    "15 2 * * *",
    "30 2 * * *",
    "59 2 * * *",
    "0 3 * * *",
    "0 12 * * *",
    "59 23 * * *",
    "0,30 1,2,3 * * *",
    "0 1-3 * * *",
    "30 2 * * SUN",
    "0 0 1 * *",
    "@daily",
    "@weekly",
    "30 30 2 * * *",
    "0,30 15 1 * * *",
)
SECONDS = "30 */7 * * * *"


def times(expression: str, zone: str, after: datetime, until: datetime) -> list[datetime]:
    return list(itertools.takewhile(lambda t: t <= until, cron.upcoming(expression, zone, after)))


def days_of_change() -> list[tuple[str, datetime]]:
    return [
        (zone, datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))
        for zone, days in ZONES.items()
        for day in days
    ]


def walls(expression: str, start: datetime, zone: str) -> set[datetime]:
    """The wall times around two days on which cronsim, which knows no zones here, would stop."""
    first = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - timedelta(hours=4)
    last = first + timedelta(hours=40)
    spelled = cron.SHORTCUTS.get(expression, expression)
    return set(itertools.takewhile(lambda wall: wall <= last, CronSim(spelled, first)))


@pytest.mark.parametrize("expression", WILD)
def test_rule_251_a_wild_expression_fires_at_each_instant_that_looks_right(expression: str) -> None:
    second = 30 if expression == SECONDS else 0
    for zone, start in days_of_change():
        tz, right = ZoneInfo(zone), walls(expression, start, zone)
        every = (start + timedelta(minutes=n, seconds=second) for n in range(30 * 60))
        wanted = [each for each in every if each.astimezone(tz).replace(tzinfo=None) in right]
        last = start + timedelta(hours=30) - timedelta(seconds=1)
        assert times(expression, zone, start - timedelta(seconds=1), last) == wanted, zone


@pytest.mark.parametrize("expression", FIXED)
def test_rule_251_a_fixed_expression_fires_once_for_each_wall_time(expression: str) -> None:
    for zone, start in days_of_change():
        tz = ZoneInfo(zone)
        wanted: set[datetime] = set()
        for wall in walls(expression, start, zone):
            there = wall
            while (instant := there.replace(tzinfo=tz).astimezone(UTC)).astimezone(
                tz
            ) != there.replace(tzinfo=tz):
                there += timedelta(minutes=1)
            wanted.add(instant)
        last = start + timedelta(hours=30)
        found = times(expression, zone, start - timedelta(seconds=1), last)
        assert found == sorted(each for each in wanted if start <= each <= last), zone


@pytest.mark.parametrize("expression", [*WILD, *FIXED])
def test_what_follows_an_instant_does_not_depend_on_the_past(expression: str) -> None:
    """A scheduler restarted at any moment goes on where it was."""
    for zone, start in days_of_change():
        found = times(expression, zone, start, start + timedelta(hours=30))
        for at in range(0, len(found) - 1, 7):
            assert cron.following(expression, zone, found[at]) == found[at + 1]
        for minutes in range(0, 30 * 60, 37):
            moment = start + timedelta(minutes=minutes)
            at = bisect.bisect_right(found, moment)
            if at < len(found):
                assert cron.following(expression, zone, moment) == found[at]


def test_rule_251_both_days_by_the_calendar() -> None:
    def shown(expression: str, day: str, count: int) -> list[str]:
        zone = "Europe/Prague"
        after = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
        found = itertools.islice(cron.upcoming(expression, zone, after), count)
        return [each.astimezone(ZoneInfo(zone)).strftime("%d %H:%M %z") for each in found]

    spring, autumn = "2026-03-28T12:00", "2026-10-24T12:00"
    assert shown("30 2 * * *", spring, 2) == ["29 03:00 +0200", "30 02:30 +0200"]
    assert shown("30 2 * * *", autumn, 2) == ["25 02:30 +0200", "26 02:30 +0100"]
    hours = ["25 01:00 +0200", "25 02:00 +0200", "25 02:00 +0100", "25 03:00 +0100"]
    assert shown("0 * * * *", "2026-10-25T00:59", 4) == hours


@pytest.mark.parametrize(
    ("shortcut", "wanted"),
    [
        ("@hourly", "2026-05-14T16:00"),
        ("@daily", "2026-05-15T00:00"),
        ("@weekly", "2026-05-17T00:00"),
        ("@monthly", "2026-06-01T00:00"),
        ("@yearly", "2027-01-01T00:00"),
    ],
)
def test_rule_249_the_five_shortcuts(shortcut: str, wanted: str) -> None:
    cron.check(shortcut, "UTC")
    after = datetime(2026, 5, 14, 15, 9, 26, tzinfo=UTC)
    found = cron.following(shortcut, "UTC", after)
    assert found == datetime.fromisoformat(wanted).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("", "5 fields"),
        ("* * * *", "5 fields"),
        ("* * * * * * *", "5 fields"),
        ("61 * * * *", "minute '61'"),
        ("* 25 * * *", "hour '25'"),
        ("* * 0 * *", "day of month '0'"),
        ("* * * 13 *", "month '13'"),
        ("* * * * MON#6", "day of week 'MON#6'"),
        ("70 * * * * *", "second '70'"),
        ("a b c d e", "minute 'a'"),
        ("*/0 * * * *", "minute"),
        ("² * * * *", "minute"),
        ("0 0 31 2 *", "day of month"),
        ("0 0 30 2 *", "day of month"),
        ("@reboot", "none of @hourly"),
        ("0 0 " + "1," * 200 + "1 * *", "characters"),
        ("* * * * * *", "more often"),
        ("*/5 * * * * *", "more often"),
        ("*/9 * * * * *", "more often"),
        ("0,55 * * * * *", "more often"),
        ("0,55 0,59 3,4 * * *", "more often"),
    ],
)
def test_rule_249_what_cannot_work_is_refused_with_the_reason(expression: str, reason: str) -> None:
    with pytest.raises(ApiError) as caught:
        cron.check(expression, "UTC")
    assert (caught.value.status, caught.value.type) == (400, "cron-expression-invalid")
    assert reason in caught.value.message


@pytest.mark.parametrize(
    "expression",
    ["*/10 * * * * *", "0,55 0 * * * *", "0,55 0,59 3 * * *", "0 0 29 2 *", "0 0 L * *"],
)
def test_rule_249_what_works_is_taken(expression: str) -> None:
    cron.check(expression, "UTC")


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../etc/passwd", "localtime", "europe/prague"])
def test_rule_251_a_zone_must_exist(zone: str) -> None:
    with pytest.raises(ApiError) as caught:
        cron.check("@daily", zone)
    assert (caught.value.status, caught.value.type) == (400, "invalid-value")


NOON = datetime(2026, 5, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("late", "fire", "missed", "coming"),
    [
        (0, 0, 0, 60),
        (59, 0, 0, 60),
        (61, 60, 1, 120),
        (299, 240, 4, 300),
        (3600, 3600, 60, 3660),
        (3659, 3600, 60, 3660),
    ],
)
def test_the_newest_fires_once_and_the_others_are_missed(
    late: int, fire: int, missed: int, coming: int
) -> None:
    due = cron.due("* * * * *", "UTC", NOON, NOON + timedelta(seconds=late))
    assert due.fire == NOON + timedelta(seconds=fire)
    assert (due.missed, due.next) == (missed, NOON + timedelta(seconds=coming))
    assert due.missed_since == (NOON if missed else None)


@pytest.mark.parametrize(("late", "fires"), [(299, True), (300, False), (7200, False)])
def test_five_minutes_late_is_missed(late: int, fires: bool) -> None:
    due = cron.due("0 12 * * *", "UTC", NOON, NOON + timedelta(seconds=late))
    assert (due.fire, due.missed) == ((NOON, 0) if fires else (None, 1))
    assert due.next == NOON + timedelta(days=1)


def test_years_of_absence_are_counted_quickly() -> None:
    moment = NOON + timedelta(days=1000)
    due = cron.due("*/10 * * * * *", "UTC", NOON, moment)
    assert (due.fire, due.missed_since) == (moment, NOON)
    assert 1000 <= due.missed <= 1030
    assert due.next == moment + timedelta(seconds=10)
