"""Files chosen in a form: stored when it is sent, refused with a sentence, nothing typed lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.apps.actors.test_pages import PAGE, RUNS, START, form_of, tell
from tests.conftest import Browse
from tests.console.forms.page import one
from tests.fakes import RUN_ID, STORE_ID, FakeApi, page, store_json

STORES = "/v2/key-value-stores"
SCHEMA = one("string", "fileupload")
SCHEMA["properties"]["name"] = {"title": "Name", "type": "string", "editor": "textfield"}
SCHEMA["required"] = ["name"]


def ready(fake_api: FakeApi, key: str = "a.txt") -> None:
    tell(fake_api, SCHEMA)
    fake_api.data("GET", STORES, page([store_json(name="mine")]))
    fake_api.data("POST", STORES, store_json(), status=201)
    fake_api.raw("PUT", f"{STORES}/{STORE_ID}/records/{key}", b"", status=201)
    fake_api.data("GET", f"{STORES}/{STORE_ID}/keys", {"items": [{"key": key}]})


def chosen(name: str = "a.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"canary", content_type="text/plain")


def test_upload_puts_the_address_in_place(browser: Browse, fake_api: FakeApi) -> None:
    ready(fake_api)
    data = form_of(browser) | {"action": "upload", "in-x!file": chosen()}
    shown = browser("luke").post(START, data)
    assert shown.status_code == 200
    assert f"{STORES}/{STORE_ID}/records/a.txt" in shown.content.decode()
    assert "This field is required" not in shown.content.decode()
    [put] = fake_api.made("PUT", f"{STORES}/{STORE_ID}/records/a.txt")
    assert (put.body, put.headers["content-type"]) == (b"canary", "text/plain")


def test_start_takes_a_chosen_file_along(browser: Browse, fake_api: FakeApi) -> None:
    ready(fake_api)
    data = form_of(browser) | {"in-name": "n", "in-x!file": chosen()}
    assert browser("luke").post(START, data)["Location"] == f"/runs/{RUN_ID}/"
    assert fake_api.made("POST", RUNS)[0].json()["x"].endswith(f"{STORE_ID}/records/a.txt")


def test_a_store_of_ones_own_and_a_new_one(browser: Browse, fake_api: FakeApi) -> None:
    ready(fake_api, "own")
    data = form_of(browser) | {"action": "upload", "in-x!key": "own"}
    browser("luke").post(START, {**data, "in-x!file": chosen(), "in-x!store": STORE_ID})
    assert not fake_api.made("POST", STORES)
    wanted = {"in-x!file": chosen(), "in-x!store": "new", "in-x!named": "my-files"}
    browser("luke").post(START, {**data, **wanted})
    assert fake_api.made("POST", STORES)[0].query == {"name": "my-files"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [({}, "Choose a file first"), ({"in-x!store": "new"}, "Write a name for the new store")],
)
def test_what_is_missing_is_said(
    browser: Browse, fake_api: FakeApi, changes: dict[str, str], said: str
) -> None:
    ready(fake_api)
    file = {"in-x!file": chosen()} if changes else {}
    data = form_of(browser) | {"action": "upload", "in-name": "Typed", **changes, **file}
    answer = browser("luke").post(START, data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="Typed"' in answer.content.decode()


def test_what_the_api_refuses_keeps_what_was_typed(browser: Browse, fake_api: FakeApi) -> None:
    ready(fake_api)
    fake_api.forget("POST", STORES)
    fake_api.error("POST", STORES, 400, "invalid-name", "That name is taken")
    data = form_of(browser) | {"in-name": "Typed", "in-x!file": chosen()}
    answer = browser("luke").post(START, data)
    assert answer.status_code == 422
    assert "That name is taken" in answer.content.decode()
    assert 'value="Typed"' in answer.content.decode()
    assert not fake_api.made("POST", RUNS)


def test_thousands_of_rows_can_be_sent(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, one("array", "stringList"))
    rows = {f"in-x.{number}.text": f"word {number}" for number in range(3000)}
    browser("luke").post(START, form_of(browser, PAGE) | rows)
    assert len(fake_api.made("POST", RUNS)[0].json()["x"]) == 3000
