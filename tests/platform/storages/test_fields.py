"""Fields of stores, keys, queues and their heads (rules 48-50, 150-162, 206-222)."""

import gzip
import time
from typing import Any
from urllib.parse import quote

import pytest

from tests.platform.conftest import Account
from tests.stack import wait_for

KINDS = ("key-value-stores", "request-queues")
TIMES = {"createdAt", "modifiedAt", "accessedAt"}


@pytest.fixture
def store(ada: Account) -> str:
    made = str(ada.data("POST", "key-value-stores")["id"])
    for key in ("a", "b", "c"):
        ada.http.put(f"key-value-stores/{made}/records/{key}", json=key)
    return made


@pytest.fixture
def queue(ada: Account) -> str:
    made = str(ada.data("POST", "request-queues")["id"])
    for name in ("a", "b", "c"):
        body = {"url": f"http://x/{name}", "uniqueKey": name, "userData": {"label": "L"}}
        ada.data("POST", f"request-queues/{made}/requests", json=body)
    return made


def test_rule_48_the_start_key_itself_is_skipped(ada: Account, store: str) -> None:
    for start, left in (("a", ["b", "c"]), ("aa", ["b", "c"]), ("c", []), ("zz", [])):
        page = ada.data("GET", f"key-value-stores/{store}/keys?exclusiveStartKey={start}")
        assert [item["key"] for item in page["items"]] == left
        assert page["exclusiveStartKey"] == start


def test_rules_49_159_162_the_page_of_keys(ada: Account, store: str) -> None:
    page = ada.data("GET", f"key-value-stores/{store}/keys?limit=2")
    assert (page["limit"], page["count"], page["isTruncated"]) == (2, 2, True)
    assert (page["exclusiveStartKey"], page["nextExclusiveStartKey"]) == (None, "b")
    assert [(item["key"], item["size"]) for item in page["items"]] == [("a", 3), ("b", 3)]
    rest = ada.data("GET", f"key-value-stores/{store}/keys?limit=2&exclusiveStartKey=b")
    assert (rest["isTruncated"], rest["nextExclusiveStartKey"]) == (False, None)


def test_rule_150_a_store_tells_its_use(ada: Account, store: str) -> None:
    ada.http.get(f"key-value-stores/{store}/records/a")
    ada.http.delete(f"key-value-stores/{store}/records/c")
    ada.data("GET", f"key-value-stores/{store}/keys")
    found = ada.data("GET", f"key-value-stores/{store}")
    assert {"id", "name", "userId", "actId", "actRunId", *TIMES} <= set(found)
    stats = found["stats"]
    counts = [stats[name] for name in ("readCount", "writeCount", "deleteCount", "listCount")]
    assert counts == [1, 3, 1, 1]
    assert stats["s3StorageBytes"] == 6


def test_rules_153_206_names_change(ada: Account, store: str, queue: str) -> None:
    for kind, made in zip(KINDS, (store, queue), strict=True):
        name = f"renamed-{made.lower()}"
        assert ada.data("PUT", f"{kind}/{made}", json={"name": name})["name"] == name
        assert ada.data("GET", f"{kind}/~{name}")["id"] == made


def test_rule_156_the_encoding_as_stored_is_the_encoding_that_comes(
    ada: Account, store: str
) -> None:
    path = f"key-value-stores/{store}/records/packed"
    packed = gzip.compress(b"text " * 900)
    ada.http.put(path, content=packed, headers={"Content-Encoding": "gzip"})
    with ada.http.stream("GET", path, headers={"Accept-Encoding": "br, gzip"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert b"".join(answer.iter_raw()) == packed


def test_rule_158_a_record_may_redirect_but_ours_comes_itself(ada: Account, store: str) -> None:
    answer = ada.http.get(f"key-value-stores/{store}/records/a", follow_redirects=False)
    assert (answer.status_code, answer.json()) == (200, "a")
    assert "location" not in answer.headers


def test_rules_206_211_fields_of_queue_and_request(ada: Account, queue: str) -> None:
    found = ada.data("GET", f"request-queues/{queue}")
    counts = ("totalRequestCount", "handledRequestCount", "pendingRequestCount")
    assert [found[name] for name in counts] == [3, 0, 3]
    assert {"id", "userId", "hadMultipleClients", "name", *TIMES} <= set(found)
    listed = ada.data("GET", "request-queues?unnamed=1&desc=1&limit=1")["items"][0]
    assert {"username", "expireAt", "actId", "actRunId"} <= set(listed)
    (first, *_) = ada.data("GET", f"request-queues/{queue}/requests")["items"]
    asked = {
        **{"url": "http://x/q", "uniqueKey": "q", "method": "POST", "retryCount": 2},
        **{"loadedUrl": "http://x/r", "payload": "p", "noRetry": True, "headers": {"a": "b"}},
        **{"errorMessages": ["no"], "userData": {"label": "L", "image": "i"}},
    }
    made = ada.data("POST", f"request-queues/{queue}/requests", json=asked)["requestId"]
    kept = ada.data("GET", f"request-queues/{queue}/requests/{made}")
    assert {name: kept[name] for name in asked} == asked
    assert kept["id"] == made
    assert first["userData"] == {"label": "L"}


def test_rule_222_place_when_prolonged(ada: Account, queue: str) -> None:
    """`forefront` decides where a request stands once its lock is gone."""
    lock = f"request-queues/{queue}/head/lock?lockSecs=60&limit=3&clientKey=one"
    locked: list[Any] = ada.data("POST", lock)["items"]
    last = locked[2]["id"]
    path = f"request-queues/{queue}/requests/{last}/lock"
    ada.data("PUT", f"{path}?lockSecs=1&forefront=1&clientKey=one")
    for each in locked[:2]:
        free = f"request-queues/{queue}/requests/{each['id']}/lock?clientKey=one"
        assert ada.http.delete(free).status_code == 204

    def head() -> list[str]:
        found = ada.data("GET", f"request-queues/{queue}/head")["items"]
        return [item["uniqueKey"] for item in found]

    wait_for(lambda: len(head()) == len(locked), 20)
    assert head() == ["c", "a", "b"]


def test_rule_214_no_client_key_counts_as_another_client(ada: Account) -> None:
    made = ada.data("POST", "request-queues")["id"]
    body = {"url": "http://x/a", "uniqueKey": "a"}
    ada.data("POST", f"request-queues/{made}/requests?clientKey=one", json=body)
    assert ada.data("GET", f"request-queues/{made}")["hadMultipleClients"] is False
    ada.data("GET", f"request-queues/{made}/head")
    assert ada.data("GET", f"request-queues/{made}")["hadMultipleClients"] is True


def test_rules_216_217_the_head(ada: Account, queue: str) -> None:
    head = ada.data("GET", f"request-queues/{queue}/head?limit=2&clientKey=one")
    assert head["limit"] == 2
    assert {"queueModifiedAt", "hadMultipleClients"} <= set(head)
    assert [item["uniqueKey"] for item in head["items"]] == ["a", "b"]
    assert {"id", "retryCount", "uniqueKey", "url", "method"} <= set(head["items"][0])


def test_rule_219_at_most_25_are_locked_at_once(ada: Account) -> None:
    made = ada.data("POST", "request-queues")["id"]
    for start in (0, 20):
        batch = [{"url": "http://x", "uniqueKey": str(n)} for n in range(start, start + 20)]
        ada.data("POST", f"request-queues/{made}/requests/batch", json=batch)
    locked = ada.data("POST", f"request-queues/{made}/head/lock?lockSecs=60&limit=25")
    assert len(locked["items"]) == 25
    more = ada.data("POST", f"request-queues/{made}/head/lock?lockSecs=60&limit=26")
    assert more["limit"] == 25


def test_rule_161_keys_of_all_allowed_characters(ada: Account, store: str) -> None:
    key = "aZ09!-_.'()"
    path = f"key-value-stores/{store}/records/{quote(key, safe='')}"
    assert ada.http.put(path, content=b"x").status_code == 201
    assert ada.http.get(path).content == b"x"


def test_rule_152_reading_is_use(ada: Account, store: str, queue: str) -> None:
    dataset = ada.data("POST", "datasets")["id"]
    reads = {
        f"key-value-stores/{store}": ("keys", "records/a"),
        f"request-queues/{queue}": ("head", "requests?limit=1"),
        f"datasets/{dataset}": ("items",),
    }
    for path, below in reads.items():
        for each in below:
            before = ada.data("GET", path)["accessedAt"]
            time.sleep(0.002)
            assert ada.http.get(f"{path}/{each}").status_code == 200
            assert ada.data("GET", path)["accessedAt"] > before, (path, each)
