"""Charts of the last runs, and what they are drawn from."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.utils import timezone

from console.api.models.runs import RunSummary
from console.monitoring import HEIGHT, Measured, charts, daily
from tests.apps.actors.test_pages import PAGE as ACTOR_PAGE
from tests.apps.actors.test_pages import html
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, DATASET_ID, FakeApi, actor_json, dataset_json, page, run_json

PAGE = f"{ACTOR_PAGE}monitoring/"
API = f"/v2/acts/{ACTOR_ID}"
STATUSES = ("SUCCEEDED", "FAILED", "TIMED-OUT", "ABORTED", "RUNNING", "SUCCEEDED", "SUCCEEDED")


def runs() -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        run_json(
            id=f"HG7ML7M8z78YcAPE{number}",
            status=status,
            startedAt=(now - timedelta(days=number)).isoformat(),
            finishedAt=(now - timedelta(days=number, seconds=-60 * (number + 1))).isoformat(),
            usageTotalUsd=0.01 * number,
            defaultDatasetId=DATASET_ID if number else "another",
        )
        for number, status in enumerate(STATUSES)
    ]


def tell(fake_api: FakeApi) -> None:
    fake_api.data("GET", API, actor_json())
    fake_api.data("GET", f"{API}/runs", page(runs()))
    fake_api.data("GET", "/v2/datasets", page([dataset_json(itemCount=1234)]))


def tell_nothing(fake_api: FakeApi) -> None:
    fake_api.data("GET", API, actor_json())
    fake_api.data("GET", f"{API}/runs", page([]))
    fake_api.data("GET", "/v2/datasets", page([]))


def run(**changes: Any) -> RunSummary:
    return msgspec.convert(run_json(**changes), RunSummary)


def test_the_charts_and_their_table(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    shown = html(browser, PAGE, "vera")
    for word in ("Results", "Duration", "Cost", "Daily statuses", "1,234", "7 m 00 s", "$0.060"):
        assert word in shown
    assert shown.split('aria-label="Results"')[1].split("</svg>")[0].count("<rect") == 6
    assert shown.split('aria-label="Cost"')[1].split("</svg>")[0].count("<rect") == 7


@pytest.mark.parametrize(
    ("query", "limit"), [("", "100"), ("?runs=200", "200"), ("?runs=x", "100")]
)
def test_how_many_runs_are_asked_for(
    browser: Browse, fake_api: FakeApi, query: str, limit: str
) -> None:
    tell(fake_api)
    html(browser, PAGE + query, "vera")
    assert fake_api.made("GET", f"{API}/runs")[0].query["limit"] == limit


def test_before_the_first_run(browser: Browse, fake_api: FakeApi) -> None:
    tell_nothing(fake_api)
    assert "Nothing to watch yet" in html(browser, PAGE, "vera")


def test_the_figures_of_a_chart() -> None:
    seconds = [10.0, None, 30.0, 0.0]
    rows = [Measured(run(id=f"r{n}"), None, value, None) for n, value in enumerate(seconds)]
    results, duration, _ = charts(rows)
    assert (results.bars, results.figures) == ([], [])
    names = [("Least", "0 s"), ("Mean", "13 s"), ("Median", "10 s"), ("Most", "30 s")]
    assert duration.figures == names
    heights = [bar.height for bar in duration.bars]
    assert heights[1:] == [HEIGHT, HEIGHT / 3]
    assert 0 < heights[0] < 2


def test_days_are_those_of_the_person() -> None:
    late = datetime.now(UTC).replace(hour=23, minute=30) - timedelta(days=2)
    kinds = ("FAILED", "SUCCEEDED", "SUCCEEDED", "NEW-STATUS")
    found = [run(status=status, startedAt=late.isoformat()) for status in kinds]
    counted = {each.day: each.counts for each in daily(found, UTC) if each.counts}
    by_status = [("SUCCEEDED", 2), ("FAILED", 1), ("NEW-STATUS", 1)]
    assert counted == {late.date(): by_status}
    east = [each.day for each in daily(found, ZoneInfo("Asia/Tokyo")) if each.counts]
    assert east == [late.date() + timedelta(days=1)]


def test_an_actor_that_is_gone_is_404(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.forget("GET", API)
    fake_api.error("GET", API, 404, "record-not-found", "Actor was not found")
    assert browser("vera").get(PAGE).status_code == 404
