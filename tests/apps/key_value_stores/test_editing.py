"""Adding, editing and deleting records, also against others and of what is gone."""

import html
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.apps.key_value_stores.test_pages import API, PAGE, keys
from tests.conftest import Browse
from tests.fakes import FakeApi, store_json

JSON = "application/json; charset=utf-8"
RECORD = f"{API}/records/OUT"
EDIT = f"{PAGE}records/OUT/edit/"


@pytest.fixture
def store(fake_api: FakeApi) -> FakeApi:
    """An empty store that takes a record OUT."""
    fake_api.data("GET", API, store_json())
    fake_api.data("GET", f"{API}/keys", keys())
    fake_api.raw("PUT", RECORD, b"", status=201)
    return fake_api


def sent(fake_api: FakeApi, path: str = RECORD) -> list[tuple[str, bytes]]:
    return [(put.headers["content-type"], put.body) for put in fake_api.made("PUT", path)]


def test_a_text_becomes_a_record(browser: Browse, store: FakeApi) -> None:
    typed = {"key": " OUT ", "text": '{"a":\r\n1.50}', "type": JSON}
    answer = browser("olga").post(f"{PAGE}add/", typed)
    assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}records/OUT/")
    assert sent(store) == [(JSON, b'{"a":\n1.50}')]


def test_files_become_records(browser: Browse, store: FakeApi) -> None:
    store.raw("PUT", f"{API}/records/my-shot.png", b"", status=201)
    shot = SimpleUploadedFile("my shot.png", b"\x89PNG", content_type="image/png")
    out = SimpleUploadedFile("OUT", b"\x00", content_type="")
    answer = browser("olga").post(f"{PAGE}add/", {"file": [shot, out]})
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert sent(store, f"{API}/records/my-shot.png") == [("image/png", b"\x89PNG")]
    assert sent(store) == [("application/octet-stream", b"\x00")]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"key": "OUT", "text": "{broken", "type": JSON}, "This is no JSON"),
        ({"key": "", "text": "mine"}, "Choose a file, or write a key"),
        ({"key": "a/b", "text": "mine"}, "A key has letters"),
        ({"key": "TAKEN", "text": '"mine"'}, "There is TAKEN already"),
    ],
)
def test_what_cannot_be_added_is_said_and_kept(
    browser: Browse, store: FakeApi, typed: dict[str, str], words: str
) -> None:
    store.forget("GET", f"{API}/keys")
    store.data("GET", f"{API}/keys", keys("TAKEN"))
    answer = browser("olga").post(f"{PAGE}add/", typed)
    shown = html.unescape(answer.content.decode())
    assert answer.status_code == 400
    assert words in shown
    assert typed["text"] in shown
    assert not [call for call in store.calls if call.method == "PUT"]


def test_a_record_is_replaced_where_that_is_wanted(browser: Browse, store: FakeApi) -> None:
    typed = {"key": "OUT", "text": "2", "type": JSON, "replace": ["0", "1"]}
    assert browser("olga").post(f"{PAGE}add/", typed).status_code == 303
    assert [call.method for call in store.calls] == ["PUT"]


def form_of(browser: Browse, store: FakeApi, content: bytes, content_type: str = JSON) -> str:
    store.raw("GET", RECORD, content, content_type=content_type)
    shown = browser("olga").get(EDIT).content.decode()
    found = re.search(r'name="edited_from" value="([^"]*)"', shown)
    assert found, shown
    return found[1]


def test_a_text_is_edited_in_place(browser: Browse, store: FakeApi) -> None:
    since = form_of(browser, store, b'{"a": 1,\n"b": 2}', "application/json")
    typed = {"edited_from": since, "text": '{"a": 5,\r\n"b": 2}'}
    answer = browser("olga").post(EDIT, typed)
    assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}records/OUT/")
    assert sent(store) == [("application/json", b'{"a": 5,\n"b": 2}')]


def test_line_ends_stay_as_they_were(browser: Browse, store: FakeApi) -> None:
    since = form_of(browser, store, b"a\r\nb", "text/plain")
    browser("olga").post(EDIT, {"edited_from": since, "text": "a\r\nc"})
    assert sent(store) == [("text/plain", b"a\r\nc")]


def test_an_edit_that_is_no_json_is_kept(browser: Browse, store: FakeApi) -> None:
    since = form_of(browser, store, b"{}")
    answer = browser("olga").post(EDIT, {"edited_from": since, "text": "{mine"})
    assert answer.status_code == 400
    assert b"This is no JSON" in answer.content
    assert b"{mine</textarea>" in answer.content
    assert since.encode() in answer.content


def test_two_people_edit_one_record(browser: Browse, store: FakeApi) -> None:
    since = form_of(browser, store, b'"old"')
    store.forget("GET", RECORD)
    store.raw("GET", RECORD, b'"theirs"', content_type=JSON)
    typed = {"edited_from": since, "text": '"mine"'}
    answer = browser("olga").post(EDIT, typed)
    assert answer.status_code == 409
    assert not sent(store)
    found = re.search(r'name="edited_from" value="([^"]*)"', answer.content.decode())
    assert found
    assert browser("olga").post(EDIT, {**typed, "edited_from": found[1]}).status_code == 303
    assert sent(store) == [(JSON, b'"mine"')]


def test_a_record_deleted_meanwhile_is_a_conflict(browser: Browse, store: FakeApi) -> None:
    since = form_of(browser, store, b'"old"')
    store.forget("GET", RECORD)
    store.error("GET", RECORD, 404, "record-not-found")
    typed = {"edited_from": since, "text": '"mine"', "type": JSON}
    answer = browser("olga").post(EDIT, typed)
    assert answer.status_code == 409
    assert b"&quot;mine&quot;" in answer.content
    assert browser("olga").get(EDIT).status_code == 404


@pytest.mark.parametrize(
    ("content", "content_type"),
    [(b"\xff\xfe", "text/plain"), (b"\x89PNG", "image/png"), (b"a\r\nb\n", "text/plain")],
)
def test_what_a_form_could_not_give_back_is_not_edited(
    browser: Browse, store: FakeApi, content: bytes, content_type: str
) -> None:
    store.raw("GET", RECORD, content, content_type=content_type)
    answer = browser("olga").get(EDIT)
    assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}records/OUT/")


def test_a_record_is_deleted_once_and_twice(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.raw("DELETE", RECORD, b"", status=204)
    fake_api.error("DELETE", RECORD, 404, "record-not-found")
    for _ in range(2):
        answer = browser("olga").post(f"{PAGE}records/OUT/delete/")
        assert (answer.status_code, answer["Location"]) == (303, PAGE)


@pytest.mark.parametrize("path", ["add/", "delete-selected/", "records/OUT/delete/"])
def test_actions_refuse_get(browser: Browse, fake_api: FakeApi, path: str) -> None:
    assert browser("olga").get(PAGE + path).status_code == 405
    assert not fake_api.calls


@pytest.mark.parametrize(
    "path", ["add/", "delete-selected/", "records/OUT/delete/", "records/OUT/edit/"]
)
def test_actions_refuse_who_may_not(browser: Browse, fake_api: FakeApi, path: str) -> None:
    typed: dict[str, Any] = {"key": "OUT", "text": "1"}
    for name, status in {"vera": 403, "luke": 403, "eve": 403, "": 302}.items():
        assert browser(name).post(PAGE + path, typed).status_code == status
    assert not fake_api.calls


def test_a_store_that_is_gone_takes_nothing(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.error("GET", f"{API}/keys", 404, "record-not-found", "Store was not found")
    answer = browser("olga").post(f"{PAGE}add/", {"key": "OUT", "text": "1"})
    assert answer.status_code == 404


def test_selected_records_are_deleted(browser: Browse, store: FakeApi) -> None:
    store.raw("DELETE", RECORD, b"", status=204)
    store.error("DELETE", f"{API}/records/gone", 404, "record-not-found")
    store.error("DELETE", f"{API}/records/held", 403, "forbidden", "Not this one.")
    client = browser("olga")
    place = "delete-selected/?prefix=OU"
    assert f'action="{PAGE}{place}"' in client.get(f"{PAGE}?prefix=OU").content.decode()
    answer = client.post(PAGE + place, {"record": ["OUT", "gone", "held", "OUT"]})
    assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}?prefix=OU")
    shown = html.unescape(client.get(PAGE).content.decode())
    assert "Deleted 2 of 3." in shown
    assert "held: Not this one." in shown
    assert len(store.made("DELETE", RECORD)) == 1


def test_nothing_selected_asks_nothing(browser: Browse, store: FakeApi) -> None:
    client = browser("olga")
    assert client.post(f"{PAGE}delete-selected/").status_code == 303
    assert "Select records first." in client.get(PAGE).content.decode()
    assert not [call for call in store.calls if call.method == "DELETE"]


def test_only_who_may_delete_sees_what_to_select(browser: Browse, store: FakeApi) -> None:
    store.forget("GET", f"{API}/keys")
    store.data("GET", f"{API}/keys", keys("OUT"))
    assert 'name="record" value="OUT"' in browser("olga").get(PAGE).content.decode()
    assert 'name="record"' not in browser("vera").get(PAGE).content.decode()
