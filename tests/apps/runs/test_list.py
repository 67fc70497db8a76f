"""Filters of the list of runs, what a row says, and the button bar for many."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.runs.filters import span
from apps.runs.rows import usual_times
from console.api.models.runs import RunSummary
from tests.apps.runs.test_pages import forgotten, html
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, RUN_ID, FakeApi, actor_json, page, run_json

__all__ = ["forgotten"]
RUNS = "/v2/actor-runs"
ON_NOW = "READY,RUNNING,TIMING-OUT,ABORTING"


def tell(fake_api: FakeApi, *runs: dict[str, Any], total: int | None = None) -> None:
    fake_api.data("GET", "/v2/acts", page([actor_json(title="Crawler")]))
    shown = page(list(runs), total=len(runs) if total is None else total)
    fake_api.data("GET", RUNS, shown)
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}/runs", shown)


def asked(fake_api: FakeApi) -> dict[str, str]:
    return fake_api.calls[0].query


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("status=FAILED&status=TIMED-OUT", "FAILED,TIMED-OUT"),
        ("status=TIMED-OUT,FAILED", "FAILED,TIMED-OUT"),
        ("status=FAILED,NONSENSE", "FAILED"),
        ("status=NONSENSE", None),
        ("status=", None),
    ],
)
def test_several_statuses_are_one_call(
    browser: Browse, fake_api: FakeApi, query: str, sent: str | None
) -> None:
    tell(fake_api)
    html(browser, f"/runs/?{query}")
    assert asked(fake_api).get("status") == sent
    assert len(fake_api.made("GET", RUNS)) == 1


def test_an_actor_is_asked_for_its_own_list(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    shown = html(browser, f"/runs/?actor={ACTOR_ID}&status=FAILED")
    assert fake_api.calls[0].path == f"/v2/acts/{ACTOR_ID}/runs"
    assert asked(fake_api)["status"] == "FAILED"
    assert f'<option value="{ACTOR_ID}" selected>' in shown


@pytest.mark.parametrize("query", ["actor=../x", "started=never", "after=soon", "q=a/b", "page=x"])
def test_what_is_no_filter_is_none(browser: Browse, fake_api: FakeApi, query: str) -> None:
    tell(fake_api)
    html(browser, f"/runs/?{query}")
    assert fake_api.calls[0].path == RUNS
    assert set(asked(fake_api)) == {"offset", "limit", "desc"}


def test_days_begin_at_midnight_of_the_persons_zone() -> None:
    now = datetime(2026, 3, 29, 12, 30, tzinfo=ZoneInfo("Europe/Prague"))
    midnight = datetime(2026, 3, 29, tzinfo=ZoneInfo("Europe/Prague"))
    assert span("today", now) == (midnight, None)
    assert span("yesterday", now)[0] == midnight - timedelta(days=1)
    assert span("hour", now) == (now - timedelta(hours=1), None)
    assert span("", now) == (None, None)


def test_dates_are_typed_in_the_persons_zone(
    browser: Browse, fake_api: FakeApi, cast: dict[str, Any]
) -> None:
    cast["vera"].time_zone = "Asia/Tokyo"
    cast["vera"].save()
    tell(fake_api)
    shown = html(browser, "/runs/?after=2026-01-31T09:00&before=2026-02-01T09:00")
    assert asked(fake_api)["startedAfter"] == "2026-01-31T00:00:00.000Z"
    assert asked(fake_api)["startedBefore"] == "2026-02-01T00:00:00.000Z"
    assert 'value="2026-01-31T09:00"' in shown


def test_an_id_is_looked_up(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.data("GET", f"{RUNS}/{RUN_ID}", run_json(statusMessage="It is here"))
    assert "It is here" in html(browser, f"/runs/?q={RUN_ID}&status=RUNNING")
    fake_api.error("GET", f"{RUNS}/nobody", 404, "record-not-found")
    assert "No run fits these filters" in html(browser, "/runs/?q=nobody")
    assert not fake_api.made("GET", RUNS)


def test_an_api_that_ignores_a_filter_is_told_of(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, run_json(status="SUCCEEDED"))
    ignored = "does not know some of these filters"
    assert ignored in html(browser, "/runs/?status=FAILED")
    assert ignored in html(browser, "/runs/?started=hour")
    assert ignored not in html(browser, "/runs/?status=SUCCEEDED")


def test_tabs_keep_the_other_filters(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, total=150)
    shown = html(browser, f"/runs/?actor={ACTOR_ID}&status={ON_NOW}&page=3")
    assert f"?actor={ACTOR_ID}&amp;status=FAILED%2CTIMED-OUT" in shown
    current = shown.split('aria-label="Views"')[1].split('aria-current="page"')[1]
    assert current.split("<span>")[1].startswith("On now")


def summary(minutes: float, status: str = "SUCCEEDED") -> RunSummary:
    began = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))
    ended = began + timedelta(minutes=minutes)
    return RunSummary(
        id=RUN_ID, act_id=ACTOR_ID, status=status, started_at=began, finished_at=ended
    )


def test_the_usual_time_is_that_of_successes_on_the_page() -> None:
    runs = [summary(9), summary(10), summary(100), summary(1, "FAILED")]
    assert usual_times(runs) == {ACTOR_ID: 600}
    assert usual_times(runs[1:]) == {}


def test_a_slow_run_stands_out(browser: Browse, fake_api: FakeApi) -> None:
    times = [("07:34", "07:36"), ("07:34", "07:36"), ("07:34", "07:36"), ("07:34", "07:40")]
    runs = [
        run_json(id=f"run{n}", startedAt=f"2026-01-01T{a}:00Z", finishedAt=f"2026-01-01T{b}:00Z")
        for n, (a, b) in enumerate(times)
    ]
    tell(fake_api, *runs)
    shown = html(browser, "/runs/")
    assert shown.count("data-over") == 1
    assert "3.0 times the usual" in shown


def test_a_fraction_of_a_second_is_not_slow(browser: Browse, fake_api: FakeApi) -> None:
    at = "2026-01-01T07:34:00"
    runs = [
        run_json(id=f"run{n}", startedAt=f"{at}.000Z", finishedAt=f"{at}.{took}00Z")
        for n, took in enumerate((2, 2, 2, 6))
    ]
    tell(fake_api, *runs)
    shown = html(browser, "/runs/")
    assert "data-over" not in shown
    assert "3.0 times the usual" in shown


def test_a_page_behind_the_last_leads_to_the_last(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.forget("GET", "/v2/actor-runs")
    fake_api.data("GET", "/v2/actor-runs", page([], total=120))
    shown = html(browser, "/runs/?status=FAILED&page=4")
    assert "Nothing on this page" in shown
    assert '?status=FAILED&amp;page=3">Last page</a>' in shown
    assert "No run fits" not in shown


@pytest.mark.parametrize(
    ("name", "offered"),
    [
        ("vera", ["Compare two"]),
        ("luke", ["Compare two", "Run again"]),
        ("olga", ["Compare two", "Run again", "Resurrect", "Abort", "Delete"]),
    ],
)
def test_the_bar_offers_what_a_role_may(
    browser: Browse, fake_api: FakeApi, name: str, offered: list[str]
) -> None:
    tell(fake_api, run_json())
    bar = html(browser, "/runs/", name).split('aria-label="Bulk actions"')[1].split("<table")[0]
    words = ("Compare two", "Run again", "Resurrect", "Abort", "Delete")
    assert [word for word in words if f"{word}</button>" in bar] == offered


def test_all_of_a_filter_says_how_many(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, run_json(), total=211)
    assert "Select all 211" in html(browser, "/runs/", "olga")
    assert "All 211 runs of this filter" in html(browser, "/runs/?all=1", "olga")
    fake_api.forget("GET", RUNS)
    fake_api.data("GET", RUNS, page([run_json()], total=5000))
    assert "The newest 1,000 of 5,000 runs" in html(browser, "/runs/?all=1", "olga")
