"""Adding, editing, deleting and unlocking requests, also against others and of what is gone."""

import html
import json
import re
from typing import Any

import pytest

from tests.apps.request_queues.test_pages import API, PAGE, request_json, tell
from tests.conftest import Browse
from tests.fakes import FakeApi

ONE = request_json()
REQUEST = f"{API}/requests/{ONE['id']}"
EDIT = f"{PAGE}requests/{ONE['id']}/edit/"
BATCH = f"{API}/requests/batch"
FREED = f"{API}/requests/unlock"


def processed(*known: bool, refused: int = 0) -> dict[str, Any]:
    done = [{"requestId": f"r{n}", "wasAlreadyPresent": each} for n, each in enumerate(known)]
    return {"processedRequests": done, "unprocessedRequests": [{"url": "x"}] * refused}


def test_many_addresses_are_added_25_at_once(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("POST", BATCH, processed(True, False, refused=1), status=201)
    tell(fake_api)
    urls = [f"https://a.test/{n}" for n in range(60)]
    client = browser("olga")
    answer = client.post(
        f"{PAGE}add/", {"urls": "\r\n".join(urls), "forefront": "1", "headers": '{"A": "b"}'}
    )
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    calls = fake_api.made("POST", BATCH)
    assert sorted(len(call.json()) for call in calls) == [10, 25, 25]
    assert {call.query["forefront"] for call in calls} == {"1"}
    sent = [each for call in calls for each in call.json()]
    assert {each["url"] for each in sent} == set(urls)
    assert sent[0]["uniqueKey"] == sent[0]["url"]
    assert sent[0]["headers"] == {"A": "b"}
    said = html.unescape(client.get(PAGE).content.decode())
    assert "Added 3. 3 were there already. The API took 3 not" in said


def test_one_address_may_have_a_key_and_a_payload(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("POST", BATCH, processed(False), status=201)
    typed = {"urls": "https://a.test/", "method": "POST", "uniqueKey": "k", "payload": "p"}
    browser("olga").post(f"{PAGE}add/", typed)
    assert fake_api.calls[0].json() == [
        {"url": "https://a.test/", "method": "POST", "uniqueKey": "k", "payload": "p"}
    ]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"urls": " "}, "Write 1 to 500 addresses"),
        (
            {"urls": "https://a.test/\nhttps://b.test/", "uniqueKey": "mine"},
            "are for one address alone",
        ),
        ({"urls": "https://a.test/", "userData": "{mine"}, "userData is no JSON"),
        ({"urls": "https://a.test/", "headers": "[1]"}, "headers must be a JSON object"),
        ({"urls": "https://a.test/\nb.test/c"}, "This is no address: b.test/c."),
        ({"urls": "https://[oh"}, "This is no address: https://[oh."),
    ],
)
def test_what_cannot_be_added_is_said_and_kept(
    browser: Browse, fake_api: FakeApi, typed: dict[str, str], words: str
) -> None:
    tell(fake_api)
    answer = browser("olga").post(f"{PAGE}add/", typed)
    shown = html.unescape(answer.content.decode())
    assert answer.status_code == 400
    assert words in shown
    assert all(text in shown for text in typed.values())
    assert not [call for call in fake_api.calls if call.method == "POST"]


def form_of(browser: Browse, fake_api: FakeApi) -> str:
    fake_api.data("GET", REQUEST, ONE)
    found = re.search(
        r'name="edited_from" value="([^"]*)"', browser("olga").get(EDIT).content.decode()
    )
    assert found
    return found[1]


def test_a_request_is_edited_as_json(browser: Browse, fake_api: FakeApi) -> None:
    since = form_of(browser, fake_api)
    fake_api.data("PUT", REQUEST, {"requestId": ONE["id"]})
    text = json.dumps({**ONE, "retryCount": 3})
    answer = browser("olga").post(EDIT, {"edited_from": since, "text": text})
    assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}requests/{ONE['id']}/")
    assert fake_api.made("PUT", REQUEST)[0].body == text.encode()


@pytest.mark.parametrize("text", ["{mine", "[1]", ""])
def test_an_edit_that_is_no_request_is_kept(browser: Browse, fake_api: FakeApi, text: str) -> None:
    since = form_of(browser, fake_api)
    answer = browser("olga").post(EDIT, {"edited_from": since, "text": text})
    assert answer.status_code == 400
    assert f"{text}</textarea>".encode() in answer.content


def test_two_people_edit_one_request(browser: Browse, fake_api: FakeApi) -> None:
    since = form_of(browser, fake_api)
    fake_api.forget("GET", REQUEST)
    fake_api.data("GET", REQUEST, {**ONE, "retryCount": 1})
    typed = {"edited_from": since, "text": json.dumps({**ONE, "method": "POST"})}
    assert browser("olga").post(EDIT, typed).status_code == 409
    assert not fake_api.made("PUT", REQUEST)


def test_what_the_api_refuses_is_said_in_the_form(browser: Browse, fake_api: FakeApi) -> None:
    since = form_of(browser, fake_api)
    fake_api.error("PUT", REQUEST, 400, "invalid-value", "url must be a text")
    text = json.dumps({**ONE, "url": 3})
    answer = browser("olga").post(EDIT, {"edited_from": since, "text": text})
    shown = html.unescape(answer.content.decode())
    assert answer.status_code == 400
    assert "url must be a text" in shown
    assert text in shown


def test_a_request_that_is_gone_is_not_edited(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.error("GET", REQUEST, 404, "record-not-found")
    assert browser("olga").get(EDIT).status_code == 404
    assert browser("olga").post(EDIT, {"text": "{}"}).status_code == 404


def test_a_request_is_deleted_once_and_twice(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.raw("DELETE", REQUEST, b"", status=204)
    fake_api.error("DELETE", REQUEST, 404, "record-not-found")
    for _ in range(2):
        answer = browser("olga").post(f"{PAGE}requests/{ONE['id']}/delete/")
        assert (answer.status_code, answer["Location"]) == (303, PAGE)


def test_rule_226_selected_requests_are_deleted_25_at_once(
    browser: Browse, fake_api: FakeApi
) -> None:
    tell(fake_api)
    fake_api.data("DELETE", BATCH, processed(False, False, refused=1))
    client = browser("olga")
    ids = [f"id{n}" for n in range(30)]
    assert client.post(f"{PAGE}delete-selected/", {"request": ids}).status_code == 303
    sent = [each["id"] for call in fake_api.made("DELETE", BATCH) for each in call.json()]
    assert sorted(sent) == sorted(ids)
    assert b"Deleted 4. 26 were gone already." in client.get(PAGE).content
    place = client.post(f"{PAGE}delete-selected/?state=handled&dialog=add")["Location"]
    assert place == f"{PAGE}?state=handled"
    assert b"Select requests first." in client.get(PAGE).content


@pytest.mark.parametrize(("count", "words"), [(4, "Unlocked 4."), (0, "holds no locks here")])
def test_locks_of_a_client_are_released(
    browser: Browse, fake_api: FakeApi, count: int, words: str
) -> None:
    tell(fake_api)
    fake_api.data("POST", FREED, {"unlockedCount": count})
    client = browser("olga")
    assert client.post(f"{PAGE}unlock/", {"clientKey": " c1 "}).status_code == 303
    assert fake_api.made("POST", FREED)[0].query == {"clientKey": "c1"}
    assert words in client.get(PAGE).content.decode()


def test_one_lock_is_released_by_the_key_of_its_client(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.raw("DELETE", f"{REQUEST}/lock", b"", status=204)
    fake_api.error("DELETE", f"{REQUEST}/lock", 409, "request-lock-not-owned", "Another holds it")
    typed = {"clientKey": "c1", "forefront": "1"}
    answer = browser("olga").post(f"{PAGE}requests/{ONE['id']}/unlock/", typed)
    assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}requests/{ONE['id']}/")
    assert fake_api.calls[0].query == {"clientKey": "c1", "forefront": "1"}
    answer = browser("olga").post(f"{PAGE}requests/{ONE['id']}/unlock/", typed)
    assert answer.status_code == 409
    assert b"Another holds it" in answer.content


def test_an_api_that_unlocks_nothing_says_so(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.error("POST", FREED, 404, "page-not-found", "We have no such page")
    answer = browser("olga").post(f"{PAGE}unlock/")
    assert answer.status_code == 404
    assert b"We have no such page" in answer.content


ACTIONS = pytest.mark.parametrize(
    "path",
    [
        "add/",
        "unlock/",
        "delete-selected/",
        f"requests/{ONE['id']}/delete/",
        f"requests/{ONE['id']}/unlock/",
    ],
)


@ACTIONS
def test_actions_refuse_get(browser: Browse, fake_api: FakeApi, path: str) -> None:
    assert browser("olga").get(PAGE + path).status_code == 405
    assert not fake_api.calls


@ACTIONS
def test_actions_refuse_who_may_not(browser: Browse, fake_api: FakeApi, path: str) -> None:
    for name, status in {"vera": 403, "luke": 403, "eve": 403, "": 302}.items():
        assert browser(name).post(PAGE + path, {"urls": "a"}).status_code == status
    assert browser("vera").post(EDIT, {"text": "{}"}).status_code == 403
    assert not fake_api.calls
