"""The month by service, day, Actor and task (endpoint 110)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from console.api.models.users import Cycle, MonthlyUsage
from console.forecast import forecast
from console.templatetags.days import HEIGHT, days
from tests.apps.usage.made import MONTH, month, tell_month
from tests.conftest import Browse
from tests.fakes import FakeApi

START = datetime(2026, 11, 1, tzinfo=UTC)


def test_it_shows_the_month(browser: Browse, fake_api: FakeApi) -> None:
    tell_month(fake_api)
    text = browser("vera").get("/usage/").content.decode()
    assert "1 November 2019 to 30 November 2019" in text
    assert "$10.00" in text
    assert "of $300.00" in text
    assert text.index("Actor compute units") < text.index("Dataset reads")
    assert "Proxy serps" not in text
    assert text.count('<rect class="day"') == 30


def test_sums_by_actor_and_task_are_of_this_cycle(browser: Browse, fake_api: FakeApi) -> None:
    tell_month(fake_api)
    text = browser("vera").get("/usage/").content.decode()
    assert "Price watch" in text
    assert '<td class="num">$1.75</td>' in text
    assert "nightly" in text
    assert '<td class="num">$1.50</td>' in text
    assert "$99" not in text


def test_another_month_is_asked_by_date(browser: Browse, fake_api: FakeApi) -> None:
    tell_month(fake_api)
    text = browser("vera").get("/usage/?date=2019-11-05").content.decode()
    assert fake_api.made("GET", MONTH)[0].query == {"date": "2019-11-05"}
    asked = fake_api.made("GET", "/v2/actor-runs")[0].query
    assert asked["startedAfter"] == "2019-11-01T00:00:00Z"
    assert "?date=2019-10-31" in text
    assert "?date=2019-12-01" in text


def test_the_dates_of_the_cycle_are_utc_for_whoever_lives_elsewhere(
    browser: Browse, cast: dict[str, Any], fake_api: FakeApi
) -> None:
    tell_month(fake_api)
    cast["vera"].time_zone = "America/Lima"
    cast["vera"].save()
    text = browser("vera").get("/usage/").content.decode()
    assert "1 November 2019 to 30 November 2019" in text


@pytest.mark.parametrize("date", ["", "today", "2019-02-30", "0"])
def test_what_is_no_date_is_the_present_cycle(
    browser: Browse, fake_api: FakeApi, date: str
) -> None:
    tell_month(fake_api)
    assert browser("vera").get(f"/usage/?date={date}").status_code == 200
    assert fake_api.made("GET", MONTH)[0].query == {}


def test_a_bare_answer_makes_a_page(browser: Browse, fake_api: FakeApi) -> None:
    tell_month(fake_api)
    fake_api.forget("GET", MONTH)
    fake_api.data("GET", MONTH, {})
    text = browser("vera").get("/usage/").content.decode()
    assert "Nothing was used in this cycle" in text


def usage_of() -> MonthlyUsage:
    cycle = Cycle(start_at=START, end_at=START + timedelta(days=30))
    return MonthlyUsage(usage_cycle=cycle, total_usage_credits_usd_after_volume_discount=10)


@pytest.mark.parametrize(
    ("day", "expected"), [(-1, None), (0.1, None), (3, 100.0), (15, 20.0), (31, None)]
)
def test_a_forecast_goes_on_at_the_pace_so_far(day: float, expected: float | None) -> None:
    found = forecast(usage_of(), START + timedelta(days=day))
    assert found == (None if expected is None else pytest.approx(expected))


def test_bars_reach_the_top_on_the_dearest_day() -> None:
    told = month("2026-11-01T00:00:00.000Z", "2026-11-30T23:59:59.999Z")
    usage = msgspec.convert(told, MonthlyUsage)
    bars = days(usage)
    assert (bars[0].y, bars[0].height) == (0, HEIGHT)
    assert bars[1].height == 0
