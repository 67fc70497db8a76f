"""What runs like one usually take, beside its own figures."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.runs.streams import _run_parts
from apps.runs.usual import usual_of
from console.api.models.runs import RunSummary
from console.http import async_api_for
from console.live.feed import Feed, View
from console.roles import Role
from tests.apps.runs.test_pages import PAGE, tell
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, BASE_URL, RUN_ID, TOKEN, FakeApi, page, run_json

ACTORS_OWN = f"/v2/acts/{ACTOR_ID}/runs"
TASK_ID = "tASk1tASk1tASk1tA"
TASKS_OWN = f"/v2/actor-tasks/{TASK_ID}/runs"
PART = f"{PAGE}usual/"


def earlier(*minutes: int, **changes: Any) -> dict[str, Any]:
    """Runs of so many minutes, each a dollar a minute, after the run itself."""
    others = [
        run_json(
            id=f"other{number}",
            startedAt="2019-11-30T07:00:00.000Z",
            finishedAt=f"2019-11-30T07:{each:02}:00.000Z",
            usageTotalUsd=each,
            **changes,
        )
        for number, each in enumerate(minutes)
    ]
    return page([run_json(), *others])


def test_the_median_of_the_others_is_usual(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", ACTORS_OWN, earlier(2, 4, 50))
    shown = browser("vera").get(f"{PART}?actor={ACTOR_ID}").content.decode()
    assert ">usually 4 m 00 s<" in shown
    assert ">usually $4.00<" in shown
    assert [call.query["status"] for call in fake_api.calls] == ["SUCCEEDED"]


def test_a_run_of_a_task_is_compared_with_the_tasks_own(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", TASKS_OWN, earlier(7, 7, 7))
    answer = browser("vera").get(f"{PART}?actor={ACTOR_ID}&task={TASK_ID}")
    assert "usually 7 m 00 s" in answer.content.decode()


@pytest.mark.parametrize(
    ("minutes", "changes"), [((), {}), ((2, 4), {}), ((2, 4, 6), {"status": "FAILED"})]
)
def test_too_few_runs_tell_nothing(
    browser: Browse, fake_api: FakeApi, minutes: tuple[int, ...], changes: dict[str, Any]
) -> None:
    fake_api.data("GET", ACTORS_OWN, earlier(*minutes, **changes))
    answer = browser("vera").get(f"{PART}?actor={ACTOR_ID}")
    assert answer.content.decode().strip() == ""


def test_runs_of_an_unknown_cost_tell_their_time() -> None:
    runs = [RunSummary(id=f"{n}", status="SUCCEEDED") for n in range(3)]
    assert usual_of(runs, "other") == (None, None)


def test_an_actor_that_is_gone_leaves_the_tiles_alone(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.error("GET", ACTORS_OWN, 404, "record-not-found")
    answer = browser("vera").get(f"{PART}?actor={ACTOR_ID}")
    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize(("name", "status"), [("", 302), ("eve", 403)])
def test_nobody_without_a_seat_asks(
    browser: Browse, fake_api: FakeApi, name: str, status: int
) -> None:
    assert browser(name).get(f"{PART}?actor={ACTOR_ID}").status_code == status
    assert not fake_api.calls


@pytest.mark.parametrize(
    ("changes", "asks"),
    [
        ({}, f'?actor={ACTOR_ID}"'),
        ({"actorTaskId": TASK_ID}, f"?actor={ACTOR_ID}&amp;task={TASK_ID}"),
        ({"status": "RUNNING", "finishedAt": None}, ""),
        ({"actId": None}, ""),
    ],
)
def test_the_page_of_a_run_that_has_ended_asks_for_it(
    browser: Browse, fake_api: FakeApi, changes: dict[str, Any], asks: str
) -> None:
    tell(fake_api, **changes)
    shown = browser("vera").get(f"{PAGE}log/").content.decode()
    assert (PART in shown) == bool(asks)
    assert asks in shown


@pytest.mark.parametrize("status", [200, 404])
async def test_the_stream_of_a_run_under_way_asks_once(fake_api: FakeApi, status: int) -> None:
    tell(fake_api, status="RUNNING", finishedAt=None, exitCode=None)
    fake_api.data("GET", ACTORS_OWN, earlier(2, 4, 50), status=status)
    feed = Feed()
    look = _run_parts(async_api_for(BASE_URL, TOKEN), RUN_ID, feed)
    assert not await look()
    assert not await look()
    told = feed.since(0, View(ZoneInfo("UTC"), Role.VIEWER))
    assert ("usually 4 m 00 s" in told) == (status == 200)
    assert "limit 5 m 00 s" in told
    assert len(fake_api.made("GET", ACTORS_OWN)) == 1
