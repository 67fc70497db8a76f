"""Rename and delete are the same for the three kinds of storage."""

import base64
import html
import time

import pytest
from apify_client._utils.crypto import create_storage_content_signature
from django.core.cache import cache

from console.api.signing import storage_signature
from tests.conftest import Browse
from tests.fakes import (
    BASE_URL,
    DATASET_ID,
    QUEUE_ID,
    STORE_ID,
    TOKEN,
    FakeApi,
    actor_json,
    dataset_json,
    page,
    queue_json,
    store_json,
)

KINDS = pytest.mark.parametrize(
    ("kind", "storage_id"),
    [("datasets", DATASET_ID), ("key-value-stores", STORE_ID), ("request-queues", QUEUE_ID)],
)
PAGES = {
    "datasets": (dataset_json, "items", b"[]"),
    "key-value-stores": (store_json, "keys", b'{"data":{"items":[]}}'),
    "request-queues": (queue_json, "requests", b'{"data":{"items":[]}}'),
}
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
@pytest.mark.parametrize("status", [400, 409])
def test_a_name_that_the_api_refuses_stands_in_the_dialog(
    browser: Browse, fake_api: FakeApi, kind: str, storage_id: str, status: int
) -> None:
    api, at = f"/v2/{kind}/{storage_id}", f"/storage/{kind}/{storage_id}/"
    made, inside, content = PAGES[kind]
    fake_api.data("GET", api, made(actId=None, actRunId=None))
    fake_api.raw("GET", f"{api}/{inside}", content)
    fake_api.error("PUT", api, status, "invalid-name", "Name is taken.")
    answer = browser("olga").post(f"{at}rename/", {"name": "x y"}, follow=True)
    assert answer.redirect_chain == [(f"{at}?dialog=rename&name=x+y", 303)]
    shown = answer.content.decode()
    assert "Name is taken." in shown
    assert 'id="storage-name" name="name" value="x y"' in shown


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


@KINDS
@pytest.mark.parametrize("name", ["", "prices"])
def test_an_operator_makes_a_storage(
    browser: Browse, fake_api: FakeApi, kind: str, storage_id: str, name: str
) -> None:
    fake_api.data("POST", f"/v2/{kind}", {"id": storage_id, "name": name or None}, status=201)
    answer = browser("olga").post(f"/storage/{kind}/create/", {"name": f" {name} "})
    assert (answer.status_code, answer["Location"]) == (303, f"/storage/{kind}/{storage_id}/")
    assert fake_api.calls[0].query == ({"name": name} if name else {})


@KINDS
def test_making_refuses_get_and_who_may_not(
    browser: Browse, fake_api: FakeApi, kind: str, storage_id: str
) -> None:
    url = f"/storage/{kind}/create/"
    assert browser("olga").get(url).status_code == 405
    for name, status in {"vera": 403, "luke": 403, "eve": 403, "": 302}.items():
        assert browser(name).post(url, {"name": "x"}).status_code == status
    assert not fake_api.calls


@KINDS
def test_a_list_says_when_unnamed_ones_expire(
    browser: Browse, fake_api: FakeApi, kind: str, storage_id: str
) -> None:
    kept = {"id": "Named1", "name": "kept", "expireAt": None}
    goes = {"id": storage_id, "name": "", "expireAt": "2026-12-24T12:00:00.000Z"}
    fake_api.data("GET", f"/v2/{kind}", page([kept, goes]))
    shown = browser("olga").get(f"/storage/{kind}/?dialog=create").content.decode()
    assert shown.count("Expires ") == 1
    assert '<dialog class="dialog" id="create" aria-labelledby="create-title" open>' in shown


SHARED = pytest.mark.parametrize(
    ("kind", "storage_id", "place"),
    [
        ("datasets", DATASET_ID, f"/v2/datasets/{DATASET_ID}/items?format=csv&clean=1&signature="),
        ("key-value-stores", STORE_ID, f"/v2/key-value-stores/{STORE_ID}/keys?signature="),
    ],
)


@SHARED
def test_a_link_is_signed_and_ends(
    browser: Browse, fake_api: FakeApi, kind: str, storage_id: str, place: str
) -> None:
    told = {"id": storage_id, "urlSigningSecretKey": "canary-key"}
    fake_api.data("GET", f"/v2/{kind}/{storage_id}", told)
    url = f"/storage/{kind}/{storage_id}/share/"
    answer = browser("olga").post(url, {"format": "csv", "expires": "3600"})
    shown = html.unescape(answer.content.decode())
    link = shown.split('id="shared-link">')[1].split("<")[0]
    assert link.startswith(f"{BASE_URL}{place}")
    signature = link.rpartition("=")[2]
    version, until, _ = base64.urlsafe_b64decode(signature + "==").decode().split(".")
    assert version == "0"
    assert 3500 < int(until) / 1000 - time.time() <= 3600
    assert "canary" not in shown
    assert TOKEN not in shown


@SHARED
def test_sharing_refuses_get_and_who_may_not(
    browser: Browse, fake_api: FakeApi, kind: str, storage_id: str, place: str
) -> None:
    url = f"/storage/{kind}/{storage_id}/share/"
    assert browser("olga").get(url).status_code == 405
    for name, status in {"vera": 403, "luke": 403, "eve": 403, "": 302}.items():
        assert browser(name).post(url).status_code == status
    assert not fake_api.calls


@SHARED
def test_what_is_gone_or_has_no_key_cannot_be_shared(
    browser: Browse, fake_api: FakeApi, kind: str, storage_id: str, place: str
) -> None:
    fake_api.data("GET", f"/v2/{kind}/{storage_id}", {"id": storage_id})
    fake_api.error("GET", f"/v2/{kind}/{storage_id}", 404, "record-not-found", "Gone.")
    url = f"/storage/{kind}/{storage_id}/share/"
    assert b"gives no key to sign" in browser("olga").post(url).content
    assert browser("olga").post(url).status_code == 404


def test_a_signature_is_that_of_the_official_clients() -> None:
    signed = storage_signature("secret", "abc", expires_at=None)
    assert base64.urlsafe_b64decode(signed + "==").startswith(b"0.0.")
    assert signed == create_storage_content_signature("abc", "secret").rstrip("=")


def test_an_actor_that_is_known_is_named(browser: Browse, fake_api: FakeApi) -> None:
    cache.clear()
    fake_api.data("GET", f"/v2/datasets/{DATASET_ID}", dataset_json(actRunId=None))
    fake_api.raw("GET", f"/v2/datasets/{DATASET_ID}/items", b"[]")
    client, url = browser("vera"), f"/storage/datasets/{DATASET_ID}/"
    assert ">its Actor</a>" in client.get(url).content.decode()
    fake_api.data("GET", "/v2/acts", page([actor_json(title="Known <b>")]))
    fake_api.data("GET", "/v2/actor-runs", page([]))
    client.get("/runs/")
    assert ">Known &lt;b&gt;</a>" in client.get(url).content.decode()
