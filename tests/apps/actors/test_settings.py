"""New Actors, their settings, publication and end."""

from typing import Any

import pytest

from tests.apps.actors.test_pages import PAGE, html
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, FakeApi, actor_json

API = f"/v2/acts/{ACTOR_ID}"
NEW = {"name": "my-actor", "title": "Mine", "description": "", "template": "python"}
TYPED = {
    "name": "site-crawler",
    "title": "Site crawler",
    "description": "Crawls a site.",
    "build": "latest",
    "memory": "2048",
    "timeout": "3600",
    "example": '{"x": 1}',
    "example_type": "application/json",
}


def tell(fake_api: FakeApi, **changes: Any) -> None:
    fake_api.data("GET", API, actor_json(**changes))
    fake_api.data("PUT", API, actor_json(**changes))
    fake_api.data("DELETE", API, None)


def since(browser: Browse) -> str:
    text = html(browser, f"{PAGE}settings/", "ada")
    return text.split('name="edited_from" value="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("template", "files"), [("python", "main.py"), ("node", "main.js"), ("empty", "")]
)
def test_an_actor_is_created_with_its_first_version(
    browser: Browse, fake_api: FakeApi, template: str, files: str
) -> None:
    fake_api.data("POST", "/v2/acts", actor_json(), status=201)
    answer = browser("ada").post("/actors/create/", {**NEW, "template": template})
    assert answer["Location"] == f"{PAGE}source/"
    sent = fake_api.made("POST", "/v2/acts")[0].json()
    assert (sent["name"], sent["title"], sent["isPublic"]) == ("my-actor", "Mine", False)
    [version] = sent["versions"]
    assert (version["versionNumber"], version["sourceType"]) == ("0.0", "SOURCE_FILES")
    assert files in [each["name"] for each in version["sourceFiles"]] or not files


@pytest.mark.parametrize(("name", "said"), [("", "Write a name"), ("-a", "no dash at either end")])
def test_a_bad_name_is_told_and_the_rest_kept(
    browser: Browse, fake_api: FakeApi, name: str, said: str
) -> None:
    answer = browser("ada").post("/actors/create/", {**NEW, "name": name, "template": "node"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert said in text
    assert 'value="Mine"' in text
    assert 'value="node" checked' in text
    assert not fake_api.calls


def test_a_name_that_is_taken_is_told(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.error("POST", "/v2/acts", 409, "actor-name-not-unique", "You have one of that name")
    answer = browser("ada").post("/actors/create/", NEW)
    assert answer.status_code == 422
    assert "You have one of that name" in answer.content.decode()


def test_settings_send_only_what_was_changed(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = {**TYPED, "edited_from": since(browser), "title": "New", "restart": "on"}
    assert browser("ada").post(f"{PAGE}settings/save/", data)["Location"] == f"{PAGE}settings/"
    assert fake_api.made("PUT", API)[0].json() == {"title": "New", "restartOnError": True}


def test_one_run_option_takes_the_others_along(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = {**TYPED, "edited_from": since(browser), "memory": "512"}
    browser("ada").post(f"{PAGE}settings/save/", data)
    options = {"build": "latest", "memoryMbytes": 512, "timeoutSecs": 3600}
    assert fake_api.made("PUT", API)[0].json() == {"defaultRunOptions": options}


@pytest.mark.parametrize(
    ("text", "kind", "sent"),
    [
        (
            '{"y":\r\n2}',
            "application/json",
            {"body": '{"y":\n2}', "contentType": "application/json"},
        ),
        ("a <b>", "text/plain", {"body": "a <b>", "contentType": "text/plain"}),
        (" ", "application/json", None),
    ],
)
def test_the_example_input_is_edited(
    browser: Browse, fake_api: FakeApi, text: str, kind: str, sent: dict[str, str] | None
) -> None:
    tell(fake_api)
    data = {**TYPED, "edited_from": since(browser), "example": text, "example_type": kind}
    assert browser("ada").post(f"{PAGE}settings/save/", data).status_code == 303
    assert fake_api.made("PUT", API)[0].json() == {"exampleRunInput": sent}


def test_an_example_that_is_no_json_is_told_and_kept(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = {**TYPED, "edited_from": since(browser), "example": "{no <b>"}
    answer = browser("ada").post(f"{PAGE}settings/save/", data)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "This is not valid JSON: line 1, column 2" in shown
    assert "{no &lt;b&gt;" in shown
    assert not fake_api.made("PUT", API)


def test_two_who_edit_see_both_versions(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    data = {**TYPED, "edited_from": since(browser), "title": "Mine"}
    fake_api.forget("GET", API)
    tell(fake_api, title="Theirs")
    answer = browser("ada").post(f"{PAGE}settings/save/", data)
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    assert not fake_api.made("PUT", API)


def test_what_the_api_refuses_is_told_and_kept(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", API, actor_json())
    fake_api.error("PUT", API, 409, "actor-name-not-unique", "Name is taken")
    data = {**TYPED, "edited_from": since(browser), "name": "other"}
    answer = browser("ada").post(f"{PAGE}settings/save/", data)
    assert answer.status_code == 422
    assert "Name is taken" in answer.content.decode()
    assert 'value="other"' in answer.content.decode()
    answer = browser("ada").post(f"{PAGE}settings/save/", {**data, "timeout": "-1"})
    assert answer.status_code == 422


def test_publishing_needs_a_title_and_a_category(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    place = f"{PAGE}publish/"
    answer = browser("ada").post(place, {"public": "1", "title": "T"})
    assert answer.status_code == 422
    assert "Choose at least one category" in answer.content.decode()
    data = {"public": "1", "title": "T", "categories": ["AI", "NEWS"]}
    assert browser("ada").post(place, data).status_code == 303
    assert browser("ada").post(place, {"title": "T"}).status_code == 303
    assert [each.json() for each in fake_api.made("PUT", API)] == [
        {"isPublic": True, "title": "T", "categories": ["AI", "NEWS"]},
        {"isPublic": False},
    ]


def test_an_actor_is_deprecated_and_taken_back(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, isDeprecated=True)
    assert "Take it back" in html(browser, f"{PAGE}settings/", "ada")
    for value in "10":
        browser("ada").post(f"{PAGE}deprecate/", {"deprecated": value})
    sent = [each.json()["isDeprecated"] for each in fake_api.made("PUT", API)]
    assert sent == [True, False]


def test_an_actor_is_deleted_also_twice(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    assert browser("ada").post(f"{PAGE}delete/")["Location"] == "/actors/"
    fake_api.forget("DELETE", API)
    fake_api.error("DELETE", API, 404, "record-not-found", "Actor was not found")
    assert browser("ada").post(f"{PAGE}delete/")["Location"] == "/actors/"


ACTIONS = ("settings/save/", "publish/", "deprecate/", "delete/")


@pytest.mark.parametrize("action", ACTIONS)
def test_actions_refuse_get_and_who_may_not(
    browser: Browse, fake_api: FakeApi, action: str
) -> None:
    assert browser("ada").get(PAGE + action).status_code == 405
    assert browser("olga").post(PAGE + action).status_code == 403
    assert not fake_api.calls


@pytest.mark.parametrize("action", ACTIONS[:-1])
def test_an_actor_that_is_gone_is_404(browser: Browse, fake_api: FakeApi, action: str) -> None:
    for method in ("GET", "PUT"):
        fake_api.error(method, API, 404, "record-not-found", "Actor was not found")
    assert browser("ada").post(PAGE + action, {"deprecated": "1"}).status_code == 404


def test_who_may_not_edit_only_looks(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    shown = html(browser, f"{PAGE}settings/", "olga")
    for word in ("Delete for good", ">Save<", "Publish now"):
        assert word not in shown
    assert browser("olga").get("/actors/create/").status_code == 403
