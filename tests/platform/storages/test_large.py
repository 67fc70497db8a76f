"""Large things (faults F-18, F-20, F-21): items, stores of many keys, bodies that unfold."""

import gzip
import hashlib
import json
import secrets
import threading
import zlib
from typing import Any
from urllib.parse import quote

import brotli
import pytest

from tests.platform.conftest import Account, Platform

MIB = 1 << 20
MANY = 100_000
VALUE = b'{"old": true}'
PACKED = {
    "gzip": lambda body: gzip.compress(body, mtime=0),
    "deflate": zlib.compress,
    "br": brotli.compress,
}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("size", [int(4.9 * MIB), 5 * MIB, int(5.1 * MIB), int(8.9 * MIB)])
def test_f18_an_item_of_megabytes_comes_back_byte_by_byte(ada: Account, size: int) -> None:
    dataset = ada.data("POST", "datasets")["id"]
    item = b'{"n": 1.10, "t": "%s"}' % secrets.token_hex(size // 2 - 20).encode()
    headers = {"Content-Type": "application/json"}
    answer = ada.http.post(f"datasets/{dataset}/items", content=item, headers=headers)
    assert answer.status_code == 201, answer.text
    found = ada.http.get(f"datasets/{dataset}/items").content
    assert digest(found.strip(b"[]\n")) == digest(item)


def test_f18_a_push_is_taken_whole_or_not_at_all(ada: Account) -> None:
    dataset = ada.data("POST", "datasets")["id"]
    path = f"datasets/{dataset}/items"
    parts = [{"t": "x" * MIB}] * 9
    too_large = ada.http.post(path, json=[*parts, {"t": "x" * MIB}])
    assert (too_large.status_code, too_large.json()["error"]["type"]) == (413, "request-too-large")
    broken = json.dumps(parts[:2]).encode()[:-1] + b", 1]"
    headers = {"Content-Type": "application/json"}
    assert ada.http.post(path, content=broken, headers=headers).status_code == 400
    assert ada.data("GET", f"datasets/{dataset}")["itemCount"] == 0


def test_f18_an_item_of_a_hundred_thousand_fields(ada: Account) -> None:
    dataset = ada.data("POST", "datasets")["id"]
    item = {f"field-{n}": n for n in range(MANY)}
    ada.http.post(f"datasets/{dataset}/items", json=item)
    assert ada.http.get(f"datasets/{dataset}/items").json() == [item]
    table = ada.http.get(f"datasets/{dataset}/items?format=csv")
    assert table.status_code == 200
    assert table.text.splitlines()[0].count(",") < MANY
    assert ada.data("GET", f"datasets/{dataset}")["itemCount"] == 1


@pytest.fixture(scope="module")
def crowded(platform: Platform, ada: Account) -> str:
    """A store with 100,000 keys, of whose values there is none."""
    store = str(ada.data("POST", "key-value-stores")["id"])
    platform.shell(
        f"row = lambda n: Record(store_id='{store}', key=f'k{{n:06d}}', file='x' * 17, size=n,"
        " content_type='text/plain')\n"
        f"for start in range(0, {MANY}, 5000):\n"
        "    Record.objects.bulk_create(map(row, range(start, start + 5000)))"
    )
    return store


def test_f20_all_keys_once_while_others_come_and_go(ada: Account, crowded: str) -> None:
    path = f"key-value-stores/{crowded}"
    done = threading.Event()

    def disturb() -> None:
        number = 0
        while not done.is_set():
            key = f"{path}/records/k{number % MANY:06d}-new"
            ada.http.put(key, content=b"x")
            ada.http.delete(key)
            number += 3001

    thread = threading.Thread(target=disturb)
    thread.start()
    try:
        found: list[str] = []
        page: Any = {"isTruncated": True, "nextExclusiveStartKey": ""}
        while page["isTruncated"]:
            after = quote(page["nextExclusiveStartKey"])
            page = ada.data("GET", f"{path}/keys?limit=1000&exclusiveStartKey={after}")
            found += [item["key"] for item in page["items"]]
    finally:
        done.set()
        thread.join()
    kept = [key for key in found if not key.endswith("-new")]
    assert kept == [f"k{n:06d}" for n in range(MANY)]
    assert found == sorted(set(found), key=str.encode)


def broken(encoding: str) -> dict[str, bytes]:
    whole = PACKED[encoding](b'{"new": true}' * 500)
    return {
        "empty": b"",
        "malformed": b"\x00\xff" * 40,
        "truncated": whole[: len(whole) // 2],
        "trailing": whole + b"garbage",
        "twice": PACKED[encoding](whole)[:-4],
    }


@pytest.mark.parametrize("encoding", PACKED)
def test_f21_a_broken_body_leaves_the_old_value(ada: Account, encoding: str) -> None:
    store = ada.data("POST", "key-value-stores")["id"]
    path = f"key-value-stores/{store}/records/a"
    ada.http.put(path, content=VALUE, headers={"Content-Type": "application/json"})
    for name, body in broken(encoding).items():
        headers = {"Content-Type": "application/json", "Content-Encoding": encoding}
        for refused in (
            ada.http.put(path, content=body, headers=headers),
            ada.http.post("datasets", content=body, headers=headers),
            ada.http.post("acts", content=body, headers=headers),
        )[:: 1 if body else 2]:  # where no body is needed, none is no fault
            assert refused.status_code == 400, (name, refused.text)
            assert refused.json()["error"]["type"]
        assert ada.http.get(path).content == VALUE
    for other in (f"{encoding}, {encoding}", "snappy"):
        headers = {"Content-Type": "application/json", "Content-Encoding": other}
        answer = ada.http.put(path, content=b"x", headers=headers)
        assert answer.status_code in {400, 415}
    assert ada.http.get(path).content == VALUE
