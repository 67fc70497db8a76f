from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from console.templatetags import fmt

MOMENT = datetime(2026, 11, 24, 12, 2, 11, tzinfo=UTC)


@pytest.fixture
def prague() -> Iterator[None]:
    with timezone.override(ZoneInfo("Europe/Prague")):
        yield


@pytest.mark.usefixtures("prague")
def test_a_time_is_shown_in_the_zone_and_says_which() -> None:
    assert fmt.when(MOMENT) == (
        '<time datetime="2026-11-24T12:02:11Z" title="2026-11-24 13:02:11 Europe/Prague">'
        "2026-11-24 13:02:11</time>"
    )
    assert ">13:02</time>" in fmt.clock(MOMENT)


def test_times_may_come_as_text() -> None:
    assert fmt.when("2026-11-24T12:02:11.000Z") == fmt.when(MOMENT)


@pytest.mark.parametrize("value", [None, "", "soon"])
def test_a_missing_time_is_a_dash(value: str | None) -> None:
    assert {fmt.when(value), fmt.clock(value), fmt.ago(value), fmt.since(value)} == {fmt.NONE}


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s ago"),
        (59, "59 s ago"),
        (60, "1 min ago"),
        (3599, "59 min ago"),
        (7300, "2 h ago"),
        (90_000, "25 h ago"),
        (172_800, "2 days ago"),
        (-360, "in 6 min"),
    ],
)
def test_relative_times_read_like_speech(seconds: int, text: str) -> None:
    assert fmt.relative(seconds) == text


def test_a_relative_time_keeps_the_exact_one() -> None:
    shown = fmt.ago(timezone.now() - timedelta(minutes=12, seconds=5))
    assert "data-relative" in shown
    assert "12 min ago" in shown


def test_a_running_time_ticks() -> None:
    assert "data-since" in fmt.since(timezone.now())


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.05, "<0.1 s"),
        (0.4, "0.4 s"),
        (1, "1 s"),
        (1.47, "1.4 s"),
        (9.99, "9.9 s"),
        (10.7, "10 s"),
        (48, "48 s"),
        (708, "11 m 48 s"),
        (3900, "1 h 05 m"),
        (183_600, "2 d 03 h"),
        (timedelta(minutes=2), "2 m 00 s"),
        (-3, "0 s"),
        (None, fmt.NONE),
    ],
)
def test_durations_have_two_units(seconds: float | timedelta | None, text: str) -> None:
    assert fmt.duration(seconds) == text


def test_milliseconds_are_durations_too() -> None:
    assert fmt.millis(248_472) == "4 m 08 s"
    assert fmt.millis(None) == fmt.NONE


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 B"),
        (812, "812 B"),
        (999.9, "1.0 kB"),
        (6400, "6.4 kB"),
        (999_960, "1.0 MB"),
        (4_200_000, "4.2 MB"),
        (9e15, "9000.0 TB"),
        (None, fmt.NONE),
    ],
)
def test_sizes_are_decimal(value: float | None, text: str) -> None:
    assert fmt.size(value) == text


@pytest.mark.parametrize(("value", "text"), [(512, "512 MB"), (4096, "4 GB"), (1536, "1.5 GB")])
def test_memory_is_binary(value: int, text: str) -> None:
    assert fmt.memory(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "$0.000"),
        (0.0001, "<$0.001"),
        (0.4119, "$0.412"),
        (38.12, "$38.12"),
        (1234.5, "$1,234.50"),
        (300, "$300.00"),
        (1_000_000, "$1,000,000"),
    ],
)
def test_sums_have_the_decimals_that_they_need(value: float, text: str) -> None:
    assert fmt.usd(value) == text


@pytest.mark.parametrize("value", [None, "", "many", float("nan"), float("inf")])
def test_what_is_no_figure_is_a_dash(value: str | float | None) -> None:
    figures = {fmt.count(value), fmt.usd(value), fmt.size(value), fmt.memory(value)}
    assert figures == {fmt.NONE}


def test_counts_are_grouped() -> None:
    assert fmt.count(1284) == "1,284"
    assert fmt.count(0) == "0"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://a.example:8443/x/y", "https://a.example:8443/x/y"),
        ("https://user:s3cret@a.example/x?key=s3cret#s3cret", "https://a.example/x?…"),
        ("http://[::1", "http://[::1"),
        ("http://[::1?key=s3cret", "http://[::1"),
    ],
)
def test_an_address_without_its_secrets(address: str, shown: str) -> None:
    assert fmt.plain_address(address) == shown


def test_what_comes_soon() -> None:
    now = timezone.now()
    assert fmt.within_days(now + timedelta(hours=30), 2)
    assert fmt.within_days(now - timedelta(days=1), 2)
    assert not fmt.within_days(now + timedelta(days=6), 2)
    assert not fmt.within_days(None, 2)


def test_a_constant_is_spoken_and_none_says_nothing() -> None:
    assert fmt.spoken("LEAD_GENERATION") == "Lead generation"
    assert fmt.spoken("SEO") == "SEO"
    assert fmt.spoken(None) == ""
