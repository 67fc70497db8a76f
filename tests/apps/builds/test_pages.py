"""Builds: the list, the page, abort, delete, tags."""

from typing import Any

import pytest
from django.core.cache import cache

from tests.conftest import Browse
from tests.fakes import ACTOR_ID, BUILD_ID, FakeApi, actor_json, build_json, page

PAGE = f"/builds/{BUILD_ID}/"
API = f"/v2/actor-builds/{BUILD_ID}"
ACTOR = f"/v2/acts/{ACTOR_ID}"


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """Names of Actors are kept for a minute, longer than a test lasts."""
    cache.clear()


def tell(fake_api: FakeApi, tags: list[str] | None = None, **changes: Any) -> None:
    tagged = {tag: {"buildId": BUILD_ID, "buildNumber": "0.1.1"} for tag in tags or []}
    fake_api.data("GET", ACTOR, actor_json(taggedBuilds=tagged))
    fake_api.data("PUT", ACTOR, actor_json())
    fake_api.data("GET", API, build_json(**changes))
    fake_api.data("DELETE", API, None)
    fake_api.data("POST", f"{API}/abort", build_json(status="ABORTED"))
    fake_api.raw("GET", f"/v2/logs/{BUILD_ID}", b"2026-01-01T00:00:00.000Z Installing <b>\n")
    fake_api.data("GET", "/v2/actor-builds", page([build_json()]))
    fake_api.data("GET", "/v2/acts", page([actor_json(title="<i>Crawler")]))


def html(browser: Browse, url: str, name: str = "ada") -> str:
    answer = browser(name).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_names_the_actors(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    assert "&lt;i&gt;Crawler" in html(browser, "/builds/", "vera")


def test_the_page_shows_log_schema_and_tags(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, tags=["beta"])
    shown = html(browser, PAGE, "vera")
    assert "Installing &lt;b&gt;" in shown
    assert "Input schema" in shown
    assert '<span class="tag">beta</span>' in shown
    assert "sse:connect" not in shown.split('class="split"')[0].split('id="work"')[0]
    for word in ("Add tag", "Delete for good"):
        assert word not in shown
    assert f"/actors/{ACTOR_ID}/?build=0.1.1" in html(browser, PAGE, "luke")


def test_a_build_under_way_is_followed(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, status="RUNNING", finishedAt=None)
    shown = html(browser, PAGE, "olga")
    assert f"{PAGE}events/?shown=RUNNING&amp;after=" in shown
    assert "status from:#stream" in shown
    assert "Start with this build" not in shown


def test_a_build_that_failed_leads_to_its_source(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, status="FAILED")
    fake_api.forget("GET", f"/v2/logs/{BUILD_ID}")
    log = b"2026-01-01T00:00:00.000Z error: No solution found\n"
    fake_api.raw("GET", f"/v2/logs/{BUILD_ID}", log)
    shown = html(browser, PAGE)
    assert f'href="/actors/{ACTOR_ID}/source/"' in shown
    assert 'id="L1" data-level="E"' in shown
    assert "Edit the source" not in html(browser, PAGE, "vera")


def test_the_default_build_is_not_deleted(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, tags=["latest"])
    shown = html(browser, PAGE)
    assert "it cannot be deleted" in shown
    assert "Delete for good" not in shown
    fake_api.forget("DELETE", API)
    fake_api.error("DELETE", API, 400, "cannot-delete-default-build", "It is the default build")
    answer = browser("ada").post(f"{PAGE}delete/", follow=True)
    assert answer.redirect_chain == [(PAGE, 303)]
    assert "It is the default build" in answer.content.decode()


def test_a_build_is_deleted_or_was_gone(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, tags=["beta"])
    assert "Delete for good" in html(browser, PAGE, "olga")
    assert browser("olga").post(f"{PAGE}delete/")["Location"] == f"/actors/{ACTOR_ID}/builds/"
    fake_api.forget("DELETE", API)
    fake_api.error("DELETE", API, 404, "record-not-found", "Gone")
    assert browser("olga").post(f"{PAGE}delete/").status_code == 303


def test_a_build_is_aborted_once(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, status="RUNNING")
    for _ in range(2):
        assert browser("olga").post(f"{PAGE}abort/", {"intent": "k"})["Location"] == PAGE
    assert len(fake_api.made("POST", f"{API}/abort")) == 1


def test_tags_are_added_and_removed(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, tags=["beta"])
    assert 'aria-label="Remove the tag beta"' in html(browser, PAGE)
    assert browser("ada").post(f"{PAGE}tags/add/", {"tag": " stable "})["Location"] == PAGE
    assert browser("ada").post(f"{PAGE}tags/remove/", {"tag": "beta"})["Location"] == PAGE
    assert [each.json() for each in fake_api.made("PUT", ACTOR)] == [
        {"taggedBuilds": {"stable": {"buildId": BUILD_ID}}},
        {"taggedBuilds": {"beta": None}},
    ]
    for bad in ("", "a b", "x" * 65):
        browser("ada").post(f"{PAGE}tags/add/", {"tag": bad})
    assert len(fake_api.made("PUT", ACTOR)) == 2


def test_a_tag_that_is_refused_is_told(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.forget("PUT", ACTOR)
    fake_api.error("PUT", ACTOR, 400, "invalid-value", "Only builds that succeeded")
    answer = browser("ada").post(f"{PAGE}tags/add/", {"tag": "x"}, follow=True)
    assert "Only builds that succeeded" in answer.content.decode()


ACTIONS = {"abort/": "luke", "delete/": "luke", "tags/add/": "olga", "tags/remove/": "olga"}


@pytest.mark.parametrize("action", ACTIONS)
def test_actions_refuse_get_and_who_may_not(
    browser: Browse, fake_api: FakeApi, action: str
) -> None:
    assert browser("ada").get(PAGE + action).status_code == 405
    assert browser(ACTIONS[action]).post(PAGE + action).status_code == 403
    assert not fake_api.calls


@pytest.mark.parametrize("action", ["", *ACTIONS])
def test_a_build_that_is_gone_is_404(browser: Browse, fake_api: FakeApi, action: str) -> None:
    for method, path in (("GET", API), ("POST", f"{API}/abort"), ("GET", f"/v2/logs/{BUILD_ID}")):
        fake_api.error(method, path, 404, "record-not-found", "Build was not found")
    client = browser("ada")
    answer = client.post(PAGE + action, {"tag": "x"}) if action else client.get(PAGE)
    assert answer.status_code == 404
