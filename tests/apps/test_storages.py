"""Rename and delete are the same for the three kinds of storage."""

import pytest

from tests.conftest import Browse
from tests.fakes import DATASET_ID, QUEUE_ID, STORE_ID, FakeApi

KINDS = pytest.mark.parametrize(
    ("kind", "storage_id"),
    [("datasets", DATASET_ID), ("key-value-stores", STORE_ID), ("request-queues", QUEUE_ID)],
)
ACTIONS = pytest.mark.parametrize("action", ["rename", "delete"])


@KINDS
def test_an_operator_names_a_storage(
    browser: Browse, fake_api: FakeApi, kind: str, storage_id: str
) -> None:
    fake_api.data("PUT", f"/v2/{kind}/{storage_id}", {"id": storage_id, "name": "prices"})
    url = f"/storage/{kind}/{storage_id}/"
    answer = browser("olga").post(f"{url}rename/", {"name": " prices "})
    assert (answer.status_code, answer["Location"]) == (303, url)
    assert fake_api.calls[0].json() == {"name": "prices"}


@KINDS
def test_an_operator_deletes_a_storage(
    browser: Browse, fake_api: FakeApi, kind: str, storage_id: str
) -> None:
    fake_api.raw("DELETE", f"/v2/{kind}/{storage_id}", b"", status=204)
    answer = browser("olga").post(f"/storage/{kind}/{storage_id}/delete/")
    assert (answer.status_code, answer["Location"]) == (303, f"/storage/{kind}/")


@KINDS
def test_the_second_click_on_delete_is_no_error(
    browser: Browse, fake_api: FakeApi, kind: str, storage_id: str
) -> None:
    fake_api.error("DELETE", f"/v2/{kind}/{storage_id}", 404, "record-not-found")
    assert browser("olga").post(f"/storage/{kind}/{storage_id}/delete/").status_code == 303


@KINDS
def test_a_name_that_the_api_refuses_keeps_its_words(
    browser: Browse, fake_api: FakeApi, kind: str, storage_id: str
) -> None:
    fake_api.error("PUT", f"/v2/{kind}/{storage_id}", 400, "invalid-name", "Name is taken.")
    answer = browser("olga").post(f"/storage/{kind}/{storage_id}/rename/", {"name": "x"})
    assert answer.status_code == 400
    assert b"Name is taken." in answer.content


@KINDS
@ACTIONS
def test_actions_refuse_get(
    browser: Browse, fake_api: FakeApi, kind: str, storage_id: str, action: str
) -> None:
    assert browser("olga").get(f"/storage/{kind}/{storage_id}/{action}/").status_code == 405
    assert not fake_api.calls


@KINDS
@ACTIONS
def test_actions_refuse_who_may_not(
    browser: Browse, fake_api: FakeApi, kind: str, storage_id: str, action: str
) -> None:
    url = f"/storage/{kind}/{storage_id}/{action}/"
    for name, status in {"vera": 403, "luke": 403, "eve": 403, "": 302}.items():
        assert browser(name).post(url, {"name": "x"}).status_code == status
    assert not fake_api.calls
