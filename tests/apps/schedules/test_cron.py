from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.schedules import cron, presets

PRAGUE = ZoneInfo("Europe/Prague")
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def shown(expression: str, after: datetime, most: int = 3) -> list[str]:
    return [f"{each.at:%d %H:%M}" for each in cron.firings(expression, PRAGUE, after, most)]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("30 2 * * 1-5", "At 02:30 on Monday to Friday"),
        ("@daily", "At 00:00 every day"),
        ("10 0 2 * * *", "At 02:00:10 every day"),
        (
            "0 0 13 * 5",
            "At 00:00 on the 13th day of month and on Friday (a day fires when either fits)",
        ),
    ],
)
def test_an_expression_in_words(expression: str, words: str) -> None:
    assert cron.sentence(expression) == words


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("61 * * * *", "Minutes go from 0 to 59"),
        ("* * *", "Give five fields"),
        ("* * * * 8", "Days of a week"),
        ("0 0 31 2 *", "the months chosen must have the day"),
        ("@never", "The shortcuts are"),
        ("*/0 * * * *", "Minutes"),
        ("", "Give five fields"),
        ("1" * 201, "at most 200"),
    ],
)
def test_a_bad_expression_says_what_to_change(expression: str, says: str) -> None:
    with pytest.raises(cron.BadCron, match=says):
        cron.sentence(expression)


@given(st.text(st.sampled_from("0123456789*/,-#LW @abcSUNMON\x00é"), max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        cron.sentence(text)
        cron.firings(text, PRAGUE, NOON, 3)
    except cron.BadCron:
        pass


def test_rule_251_firings_are_in_the_schedules_zone() -> None:
    assert shown("30 2 * * 1-5", NOON) == ["27 02:30", "30 02:30", "01 02:30"]


def test_a_time_that_does_not_exist_is_marked() -> None:
    found = cron.firings("30 2 * * *", PRAGUE, datetime(2027, 3, 27, 12, tzinfo=UTC), 2)
    assert [(f"{each.at:%d %H:%M}", each.is_moved) for each in found] == [
        ("28 03:00", True),
        ("29 02:30", False),
    ]
    assert found[0].shift == timedelta(hours=1)


def test_a_time_that_comes_twice_is_marked() -> None:
    found = cron.firings("30 2 * * *", PRAGUE, datetime(2026, 10, 24, 12, tzinfo=UTC), 2)
    assert [(f"{each.at:%d %H:%M}", each.is_twice) for each in found] == [
        ("25 02:30", True),
        ("26 02:30", False),
    ]


def test_the_next_change_of_clocks() -> None:
    jump = cron.next_jump(PRAGUE, NOON)
    assert jump is not None
    assert f"{jump.at:%Y-%m-%d %H:%M}" == "2027-03-28 03:00"
    assert jump.is_forward
    assert cron.next_jump(ZoneInfo("UTC"), NOON) is None


@pytest.mark.parametrize("expression", ["*/5 1-3 * * *", "30 2 * * *", "*/20 0 4 * * *", "@hourly"])
@pytest.mark.parametrize(
    "day", [datetime(2026, 10, 24, tzinfo=UTC), datetime(2027, 3, 27, tzinfo=UTC)]
)
def test_hours_agree_with_the_firings(expression: str, day: datetime) -> None:
    until = day + timedelta(days=3)
    found = cron.firings(expression, PRAGUE, day - timedelta(seconds=1), 5000, until=until)
    by_hour: dict[str, int] = {}
    for each in found:
        name = each.at.strftime("%d %H %z")
        by_hour[name] = by_hour.get(name, 0) + 1
    hours = {
        first.strftime("%d %H %z"): number
        for first, number in cron.hours(expression, PRAGUE, day, until)
    }
    assert hours == by_hour


@pytest.mark.parametrize(
    ("expression", "mode"),
    [
        ("* * * * *", "minute"),
        ("*/15 * * * *", "minute"),
        ("5 */2 * * *", "hourly"),
        ("5 * * * *", "hourly"),
        ("30 2 * * *", "daily"),
        ("30 2 * * 1-5", "weekly"),
        ("30 2 * * 1,3", "weekly"),
        ("0 9 15 * *", "monthly"),
        ("0 9 15 6 *", "yearly"),
        ("*/7 * * * *", "cron"),
        ("0 9 L * *", "cron"),
        ("@daily", "cron"),
        ("0 0 9 * * *", "cron"),
    ],
)
def test_a_pattern_is_recognised_and_means_the_same(expression: str, mode: str) -> None:
    fields = presets.fields(expression)
    assert fields["mode"] == mode
    if mode != "cron":
        made = presets.expression(mode, fields)
        assert shown(made, NOON, 30) == shown(expression, NOON, 30)
