"""Versions: where the source comes from, tags, new and deleted ones, variables."""

from typing import Any

import pytest

from tests.apps.actors.test_pages import PAGE, html
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, FakeApi, actor_json
from tests.fakes import version_json as version

API = f"/v2/acts/{ACTOR_ID}"
VERSION = f"{API}/versions/0.1"
SETUP = f"{PAGE}source/setup/"
VARIABLES = f"{PAGE}source/variables/"
KNOWN: list[dict[str, Any]] = [{"name": "OPEN", "value": "<b>"}, {"name": "KEY", "isSecret": True}]
TYPED = {"version": "0.1", "type": "SOURCE_FILES", "tag": "latest"}


def tell(fake_api: FakeApi, **changes: Any) -> None:
    source = version(**{"envVars": KNOWN, **changes})
    fake_api.data("GET", API, actor_json(versions=[source], deploymentKey="ssh-rsa AAA"))
    fake_api.data("PUT", VERSION, source)
    fake_api.data("DELETE", VERSION, None)
    fake_api.data("POST", f"{API}/versions", version(versionNumber="0.2"), status=201)
    fake_api.data("POST", f"{VERSION}/env-vars", KNOWN[0], status=201)
    for each in KNOWN:
        fake_api.data("PUT", f"{VERSION}/env-vars/{each['name']}", each)
        fake_api.data("DELETE", f"{VERSION}/env-vars/{each['name']}", None)


def since(browser: Browse) -> str:
    return html(browser, SETUP, "ada").split('name="edited_from" value="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("typed", "body"),
    [
        (
            {"type": "GIT_REPO", "git": "https://git.example/a.git#main:src"},
            {"sourceType": "GIT_REPO", "gitRepoUrl": "https://git.example/a.git#main:src"},
        ),
        (
            {"type": "TARBALL", "tarball": "https://files.example/a.zip"},
            {"sourceType": "TARBALL", "tarballUrl": "https://files.example/a.zip"},
        ),
        (
            {"type": "GITHUB_GIST", "gist": "https://gist.github.com/a/1"},
            {"sourceType": "GITHUB_GIST", "gitHubGistUrl": "https://gist.github.com/a/1"},
        ),
        ({"tag": "", "apply": "on"}, {"buildTag": None, "applyEnvVarsToBuild": True}),
    ],
)
def test_setup_sends_only_what_was_changed(
    browser: Browse, fake_api: FakeApi, typed: dict[str, str], body: dict[str, Any]
) -> None:
    tell(fake_api)
    data = {**TYPED, "edited_from": since(browser), **typed}
    assert browser("ada").post(f"{SETUP}save/", data)["Location"] == f"{SETUP}?version=0.1"
    assert fake_api.made("PUT", VERSION)[0].json() == body


def test_an_address_is_needed_and_what_is_refused_is_kept(
    browser: Browse, fake_api: FakeApi
) -> None:
    tell(fake_api)
    data = {**TYPED, "edited_from": since(browser), "type": "GIT_REPO"}
    answer = browser("ada").post(f"{SETUP}save/", data)
    assert answer.status_code == 422
    assert "Write the address" in answer.content.decode()
    fake_api.forget("PUT", VERSION)
    fake_api.error("PUT", VERSION, 400, "invalid-value", "gitRepoUrl: no such scheme")
    answer = browser("ada").post(f"{SETUP}save/", {**data, "git": "ftp://x"})
    assert answer.status_code == 422
    assert 'value="ftp://x"' in answer.content.decode()
    assert "no such scheme" in answer.content.decode()


def test_two_who_set_up_see_both_versions(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = {**TYPED, "edited_from": since(browser), "tag": "mine"}
    fake_api.forget("GET", API)
    tell(fake_api, buildTag="theirs")
    answer = browser("ada").post(f"{SETUP}save/", data)
    assert answer.status_code == 409
    assert "theirs" in answer.content.decode()


def test_a_new_version_is_a_copy_without_secrets(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    assert 'value="0.2"' in html(browser, f"{SETUP}?dialog=new-version", "ada")
    place = f"{PAGE}source/versions/add/"
    data = {"version": "0.1", "number": "0.2", "tag": "beta"}
    assert browser("ada").post(place, data)["Location"] == f"{PAGE}source/?version=0.2"
    assert fake_api.made("POST", f"{API}/versions")[0].json() == {
        "versionNumber": "0.2",
        "sourceType": "SOURCE_FILES",
        "buildTag": "beta",
        "envVars": [{"name": "OPEN", "value": "<b>"}],
        "applyEnvVarsToBuild": False,
        "sourceFiles": version()["sourceFiles"],
    }
    answer = browser("ada").post(place, {**data, "number": "one"})
    assert answer.status_code == 422
    fake_api.forget("POST", f"{API}/versions")
    fake_api.error("POST", f"{API}/versions", 409, "version-already-exists", "It is already there")
    answer = browser("ada").post(place, data)
    assert answer.status_code == 422
    assert "It is already there" in answer.content.decode()


def test_a_version_is_deleted_also_twice(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    place = f"{PAGE}source/versions/delete/"
    assert browser("ada").post(place, {"version": "0.1"})["Location"] == SETUP
    fake_api.forget("DELETE", VERSION)
    fake_api.error("DELETE", VERSION, 404, "record-not-found", "Gone")
    assert browser("ada").post(place, {"version": "0.1"})["Location"] == SETUP


def test_secrets_are_never_shown(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, envVars=[KNOWN[0], {"name": "KEY", "isSecret": True, "value": "canary"}])
    for query in ("", "?name=KEY"):
        shown = html(browser, VARIABLES + query, "ada")
        assert "canary" not in shown
        assert "&lt;b&gt;" in shown


def test_variables_are_made_replaced_and_deleted(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    at = f"{VARIABLES}?version=0.1"
    new = {"version": "0.1", "name": "NEW", "value": " x ", "secret": "on"}
    assert browser("ada").post(f"{VARIABLES}set/", new)["Location"] == at
    body = {"name": "NEW", "value": " x ", "isSecret": True}
    assert fake_api.made("POST", f"{VERSION}/env-vars")[0].json() == body
    browser("ada").post(f"{VARIABLES}set/", {"version": "0.1", "name": "KEY", "value": "y"})
    body = {"name": "KEY", "value": "y", "isSecret": False}
    assert fake_api.made("PUT", f"{VERSION}/env-vars/KEY")[0].json() == body
    for _ in range(2):
        gone = {"version": "0.1", "name": "OPEN"}
        assert browser("ada").post(f"{VARIABLES}delete/", gone)["Location"] == at
        fake_api.forget("DELETE", f"{VERSION}/env-vars/OPEN")
        fake_api.error("DELETE", f"{VERSION}/env-vars/OPEN", 404, "record-not-found", "Gone")


def test_a_bad_variable_is_told_and_kept(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = {"version": "0.1", "name": "1 A", "value": "typed"}
    answer = browser("ada").post(f"{VARIABLES}set/", data)
    assert answer.status_code == 422
    assert "no digit first" in answer.content.decode()
    assert "typed" in answer.content.decode()


ACTIONS = (
    f"{SETUP}save/",
    f"{PAGE}source/versions/add/",
    f"{PAGE}source/versions/delete/",
    f"{VARIABLES}set/",
    f"{VARIABLES}delete/",
)


@pytest.mark.parametrize("place", ACTIONS)
def test_actions_refuse_get_and_who_may_not(browser: Browse, fake_api: FakeApi, place: str) -> None:
    assert browser("ada").get(place).status_code == 405
    assert browser("olga").post(place).status_code == 403
    assert not fake_api.calls


@pytest.mark.parametrize("place", [ACTIONS[0], ACTIONS[1], ACTIONS[3]])
def test_an_actor_that_is_gone_is_404(browser: Browse, fake_api: FakeApi, place: str) -> None:
    fake_api.error("GET", API, 404, "record-not-found", "Actor was not found")
    assert browser("ada").post(place, {"version": "0.1"}).status_code == 404
