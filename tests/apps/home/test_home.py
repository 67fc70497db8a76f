from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.apps.home.made import BESIDE, USAGE, tell_all, tell_nothing
from tests.apps.schedules.made import TASK_ID, task_json
from tests.apps.usage.made import month
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, DATASET_ID, FakeApi, actor_json, page, run_json

RECENTLY = (datetime.now(UTC) - timedelta(hours=1)).isoformat()


@pytest.fixture
def told(fake_api: FakeApi) -> FakeApi:
    fake_api.data("GET", "/v2/acts", page([actor_json()]))
    tell_nothing(fake_api)
    return fake_api


def tell_runs(fake_api: FakeApi, *runs: dict[str, Any]) -> None:
    """The two lists of runs are asked for at once, so one answer must do for both."""

    fake_api.data("GET", "/v2/actor-runs", page(list(runs)))


def test_it_asks_once_for_each_part_and_shows_what_runs(browser: Browse, told: FakeApi) -> None:
    tell_runs(told, run_json(status="RUNNING", statusMessage="Page 4 of 9", startedAt=RECENTLY))
    answer = browser("vera").get("/")
    assert answer.status_code == 200
    assert len(told.calls) == 7
    text = answer.content.decode()
    assert "Site crawler" in text
    assert "Page 4 of 9" in text
    assert 'data-status="RUNNING"' in text


def test_failures_of_the_last_day_need_attention(browser: Browse, told: FakeApi) -> None:
    tell_runs(
        told,
        run_json(status="FAILED", statusMessage="Blocked at login", startedAt=RECENTLY),
        run_json(status="TIMED-OUT", statusMessage="Long ago"),
    )
    text = browser("vera").get("/").content.decode()
    attention = text.partition("Needs attention")[2].partition("Start again")[0]
    assert "Blocked at login" in attention
    assert "Long ago" not in attention


def test_runs_without_rows_are_not_said_to_be_none(browser: Browse, told: FakeApi) -> None:
    tell_runs(told, run_json())
    assert "The newest runs have written no rows." in browser("vera").get("/").content.decode()


def test_an_empty_workspace_says_what_to_do(browser: Browse, told: FakeApi) -> None:
    tell_runs(told)
    text = browser("luke").get("/").content.decode()
    assert "Nothing has run here yet" in text
    assert f"/actors/{ACTOR_ID}/" in text


def test_htmx_gets_the_board_alone(browser: Browse, told: FakeApi) -> None:
    tell_runs(told, run_json())
    text = browser("vera").get("/", headers=PART).content.decode()
    assert text.strip().startswith('<div class="stack board" id="board"')


PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def tell_busy(fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/acts", page([actor_json()]))
    tell_runs(
        fake_api,
        run_json(actorTaskId=TASK_ID, startedAt=RECENTLY, defaultDatasetId=DATASET_ID),
        run_json(id="secondRun00000002", actorTaskId=TASK_ID, startedAt=RECENTLY),
    )
    tell_all(fake_api, task_json(title="Prices DE"))


def test_while_it_is_open_it_asks_for_runs_and_actors_alone(
    browser: Browse, fake_api: FakeApi
) -> None:
    tell_busy(fake_api)
    vera = browser("vera")
    vera.get("/")
    before = len(fake_api.calls)
    text = vera.get("/", headers=PART).content.decode()
    assert len(fake_api.calls) == before + 3
    assert "Usage by day" in text


def test_coming_calls_results_and_usage_are_shown(browser: Browse, fake_api: FakeApi) -> None:
    tell_busy(fake_api)
    text = browser("vera").get("/").content.decode()
    calls, _, rest = text.partition("Latest results")
    assert "2999-01-01T12:00" in calls
    assert rest.count("1,234") == 1
    assert f"/storage/datasets/{DATASET_ID}/export?format=csv" in rest
    assert "$10.00" in text


def test_usage_goes_on_at_the_pace_so_far(browser: Browse, fake_api: FakeApi) -> None:
    tell_busy(fake_api)
    now = datetime.now(UTC)
    start, end = now - timedelta(days=10), now + timedelta(days=10, minutes=5)
    fake_api.forget("GET", USAGE)
    fake_api.data("GET", USAGE, month(start.isoformat(), end.isoformat()))
    text = browser("vera").get("/").content.decode()
    assert f"$20.01 at this pace by {end.day} {end:%b}<" in text
    assert len(fake_api.calls) == 7


def test_a_run_of_a_task_has_its_name_and_is_started_in_place(
    browser: Browse, fake_api: FakeApi
) -> None:
    tell_busy(fake_api)
    start = f'action="/tasks/start/?only={TASK_ID}"'
    seen = browser("luke").get("/").content.decode()
    assert start in seen
    assert seen.partition("Calls around now")[2].index("Prices DE")
    assert start not in browser("vera").get("/").content.decode()


def test_failures_of_one_thing_are_one_line(browser: Browse, told: FakeApi) -> None:
    tell_runs(told, *(run_json(status="FAILED", startedAt=RECENTLY) for _ in range(3)))
    assert ", 3 runs" in browser("vera").get("/").content.decode()


@pytest.mark.parametrize("path", BESIDE)
def test_it_stands_without_what_the_api_denies(
    browser: Browse, fake_api: FakeApi, path: str
) -> None:
    tell_busy(fake_api)
    fake_api.forget("GET", path)
    fake_api.error("GET", path, 403, "insufficient-permissions")
    answer = browser("vera").get("/")
    assert answer.status_code == 200
    assert "Calls around now" in answer.content.decode()


def test_a_viewer_is_offered_nothing_to_start(browser: Browse, told: FakeApi) -> None:
    tell_runs(told, run_json())
    assert "Start a run" not in browser("vera").get("/").content.decode()
    assert "Start a run" in browser("luke").get("/").content.decode()


def test_words_of_strangers_are_escaped(browser: Browse, told: FakeApi) -> None:
    tell_runs(told, run_json(status="RUNNING", statusMessage="<script>alert(1)</script>"))
    assert "<script>alert" not in browser("vera").get("/").content.decode()


def test_a_run_of_an_actor_out_of_sight_shows_its_id(browser: Browse, told: FakeApi) -> None:
    tell_runs(told, run_json(actId="unknownActor00001"))
    assert "unknownActor00001" in browser("vera").get("/").content.decode()


def test_nobody_is_sent_to_sign_in(browser: Browse) -> None:
    assert browser("").get("/").status_code == 302


def limits(**changes: Any) -> dict[str, Any]:
    return {
        "limits": {"maxActorMemoryGbytes": 16, "maxMonthlyUsageUsd": 60},
        "current": {"actorMemoryGbytes": 9, "monthlyUsageUsd": 38.12},
        **changes,
    }


def test_the_meters_ask_once_for_all_pages(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/users/me/limits", limits())
    first, second = (browser("vera").get("/meters/") for _ in range(2))
    assert "<b>9</b> / 16 GB" in first.content.decode()
    assert "$38.12" in second.content.decode()
    assert len(fake_api.calls) == 1


@pytest.mark.parametrize(("used", "is_told"), [(59.99, False), (60, True), (61, True)])
def test_a_limit_that_is_reached_is_told_on_every_page(
    browser: Browse, fake_api: FakeApi, used: float, is_told: bool
) -> None:
    current = {"actorMemoryGbytes": 9, "monthlyUsageUsd": used}
    fake_api.data("GET", "/v2/users/me/limits", limits(current=current))
    told = 'Nothing new starts: the <a href="/limits/">monthly limit</a> is reached.'
    assert (told in browser("vera").get("/meters/").content.decode()) == is_told


def test_unknown_limits_show_nothing(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/users/me/limits", {"limits": {}, "current": {}})
    assert "<meter" not in browser("vera").get("/meters/").content.decode()


def test_the_meters_survive_an_api_that_is_down(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.error("GET", "/v2/users/me/limits", 500, "internal-error")
    answer = browser("vera").get("/meters/")
    assert answer.status_code == 200
    assert "does not answer" in answer.content.decode()


@pytest.fixture(autouse=True)
def no_kept_limits() -> None:
    from django.core.cache import cache

    cache.clear()
