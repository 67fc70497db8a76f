"""Each action: works, refuses GET, refuses who may not, handles what is missing."""

from typing import Any, NamedTuple

import pytest

from tests.conftest import Browse
from tests.fakes import ACTOR_ID, BUILD_ID, RUN_ID, FakeApi, actor_json, build_json, run_json

RUN = f"/v2/actor-runs/{RUN_ID}"
BUILD = f"/v2/actor-builds/{BUILD_ID}"


class Action(NamedTuple):
    url: str
    method: str
    api: str
    answer: dict[str, Any] | None
    may: str
    may_not: str
    leads: str


ACTIONS = {
    "abort": Action(
        f"/runs/{RUN_ID}/abort/",
        "POST",
        f"{RUN}/abort",
        run_json(status="ABORTING"),
        "olga",
        "vera",
        f"/runs/{RUN_ID}/",
    ),
    "resurrect": Action(
        f"/runs/{RUN_ID}/resurrect/",
        "POST",
        f"{RUN}/resurrect",
        run_json(status="RUNNING"),
        "olga",
        "luke",
        f"/runs/{RUN_ID}/",
    ),
    "reboot": Action(
        f"/runs/{RUN_ID}/reboot/",
        "POST",
        f"{RUN}/reboot",
        run_json(status="RUNNING"),
        "olga",
        "luke",
        f"/runs/{RUN_ID}/",
    ),
    "delete": Action(f"/runs/{RUN_ID}/delete/", "DELETE", RUN, None, "olga", "luke", "/runs/"),
    "abort a build": Action(
        f"/builds/{BUILD_ID}/abort/",
        "POST",
        f"{BUILD}/abort",
        build_json(status="ABORTING"),
        "olga",
        "luke",
        f"/builds/{BUILD_ID}/",
    ),
    "delete a build": Action(
        f"/builds/{BUILD_ID}/delete/",
        "DELETE",
        BUILD,
        None,
        "olga",
        "luke",
        f"/actors/{ACTOR_ID}/builds/",
    ),
    "build": Action(
        f"/actors/{ACTOR_ID}/build/",
        "POST",
        f"/v2/acts/{ACTOR_ID}/builds",
        build_json(status="READY"),
        "olga",
        "luke",
        f"/builds/{BUILD_ID}/",
    ),
}


@pytest.fixture(params=ACTIONS, ids=list(ACTIONS))
def action(request: pytest.FixtureRequest, fake_api: FakeApi) -> Action:
    found = ACTIONS[request.param]
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}", actor_json(versions=[{"versionNumber": "0.3"}]))
    fake_api.data("GET", BUILD, build_json(actId=ACTOR_ID))
    return found


def answer(fake_api: FakeApi, action: Action) -> None:
    if action.answer is None:
        fake_api.raw(action.method, action.api, b"", status=204)
    else:
        fake_api.data(action.method, action.api, action.answer)


def test_it_works(browser: Browse, fake_api: FakeApi, action: Action) -> None:
    answer(fake_api, action)
    done = browser(action.may).post(action.url, {"intent": "k"})
    assert (done.status_code, done["Location"]) == (303, action.leads)
    assert len(fake_api.made(action.method, action.api)) == 1


def test_it_refuses_get(browser: Browse, fake_api: FakeApi, action: Action) -> None:
    assert browser(action.may).get(action.url).status_code == 405
    assert not fake_api.made(action.method, action.api)


def test_it_refuses_who_may_not(browser: Browse, fake_api: FakeApi, action: Action) -> None:
    assert browser(action.may_not).post(action.url).status_code == 403
    assert not fake_api.made(action.method, action.api)


def test_it_tells_what_is_missing(browser: Browse, fake_api: FakeApi, action: Action) -> None:
    fake_api.error(action.method, action.api, 404, "record-not-found", "It was not found")
    gone = browser(action.may).post(action.url, {"intent": "k"})
    if action.method == "DELETE":  # what is gone already is as wanted
        assert (gone.status_code, gone["Location"]) == (303, action.leads)
        return
    assert gone.status_code == 404
    assert "It was not found" in gone.content.decode()


def test_f19_the_same_key_aborts_once(browser: Browse, fake_api: FakeApi) -> None:
    abort = ACTIONS["abort"]
    answer(fake_api, abort)
    for _ in range(3):
        assert browser("olga").post(abort.url, {"intent": "same"})["Location"] == abort.leads
    assert len(fake_api.made("POST", abort.api)) == 1


def test_gracefully_is_passed_on(browser: Browse, fake_api: FakeApi) -> None:
    answer(fake_api, ACTIONS["abort"])
    browser("olga").post(ACTIONS["abort"].url, {"intent": "g", "how": "gracefully"})
    assert fake_api.made("POST", f"{RUN}/abort")[0].query == {"gracefully": "1"}


def test_a_launcher_aborts_only_what_they_started(browser: Browse, fake_api: FakeApi) -> None:
    abort = ACTIONS["abort"]
    answer(fake_api, abort)
    assert browser("luke").post(abort.url, {"intent": "a"}).status_code == 403
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}", actor_json(taggedBuilds={}))
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}/builds", {"items": [], "total": 0})
    fake_api.data("POST", f"/v2/acts/{ACTOR_ID}/runs", run_json(status="READY"))
    started = browser("luke").post(
        f"/actors/{ACTOR_ID}/start/", {"intent": "s", "view": "json", "json": "{}", "was": "{}"}
    )
    assert started["Location"] == f"/runs/{RUN_ID}/"
    assert browser("luke").post(abort.url, {"intent": "b"}).status_code == 303
