"""Rules 47-50, 149-162: key-value stores."""

import gzip
import io
import zipfile
import zlib
from urllib.parse import quote

import brotli
import pytest

from apps.platform.domain.signing import record_signature
from tests.platform.conftest import Account, Platform


@pytest.fixture
def store(ada: Account) -> str:
    return str(ada.data("POST", "key-value-stores")["id"])


def url(store: str, key: str) -> str:
    return f"key-value-stores/{store}/records/{quote(key, safe='')}"


def test_rule_154_value_and_type_come_back(ada: Account, store: str) -> None:
    headers = {"Content-Type": "image/png"}
    put = ada.http.put(url(store, "a"), content=bytes(range(256)), headers=headers)
    assert put.status_code == 201
    got = ada.http.get(url(store, "a"))
    assert got.content == bytes(range(256))
    assert got.headers["content-type"] == "image/png"


ENCODERS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}


@pytest.mark.parametrize("encoding", ENCODERS)
def test_rules_155_157_encoded_values(ada: Account, store: str, encoding: str) -> None:
    body = b"some text " * 5000
    headers = {"Content-Type": "text/plain", "Content-Encoding": encoding}
    packed = ENCODERS[encoding](body)
    assert ada.http.put(url(store, "e"), content=packed, headers=headers).status_code == 201
    with ada.http.stream("GET", url(store, "e"), headers={"Accept-Encoding": encoding}) as got:
        assert got.headers["content-encoding"] == encoding
        assert b"".join(got.iter_raw()) == packed
    plain = ada.http.get(url(store, "e"), headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == body


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
@pytest.mark.parametrize("fault", ["cut", "noise", "empty"])
def test_a_value_that_could_not_be_read_back_is_refused(
    ada: Account, store: str, encoding: str, fault: str
) -> None:
    ada.http.put(url(store, "old"), content=b"old", headers={"Content-Type": "text/plain"})
    packed = ENCODERS[encoding](b"x" * 1000)
    body = {"cut": packed[:-4], "noise": b"\x00\x01nonsense", "empty": b""}[fault]
    answer = ada.http.put(url(store, "old"), content=body, headers={"Content-Encoding": encoding})
    assert answer.status_code == 400
    assert ada.http.get(url(store, "old")).content == b"old"


def test_an_unknown_encoding_is_415(ada: Account, store: str) -> None:
    answer = ada.http.put(url(store, "a"), content=b"x", headers={"Content-Encoding": "zip"})
    assert answer.status_code == 415


def test_rule_50_a_page_of_keys_has_at_most_1000(ada: Account, store: str) -> None:
    for asked, limit in (("", 1000), ("?limit=5000", 1000), ("?limit=0", 1000), ("?limit=7", 7)):
        assert ada.data("GET", f"key-value-stores/{store}/keys{asked}")["limit"] == limit


@pytest.mark.parametrize("key", ["a b", "a/b", "../x", "x" * 257, "é", "a\\b", "a%00b", "a?b"])
def test_rules_9_161_invalid_keys(ada: Account, store: str, key: str) -> None:
    answer = ada.http.put(url(store, key), content=b"x")
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid-record-key"
    assert answer.json()["error"]["message"].startswith("Record key contains invalid character")


@pytest.mark.parametrize("kind", ["nonsense", "a/b/c", "text/ html", "text/html; \x7f"])
def test_an_impossible_content_type_is_refused(ada: Account, store: str, kind: str) -> None:
    answer = ada.http.put(url(store, "t"), content=b"x", headers={"Content-Type": kind})
    assert answer.status_code == 400


def test_rules_47_50_keys_in_binary_order_with_a_cursor(ada: Account, store: str) -> None:
    wanted = ["Z", "a", "a-", "a.", "b'", "B", "_", "!", "(x)", "0", "10", "9"]
    for key in wanted:
        ada.http.put(url(store, key), content=b"x" * len(key))
    page = ada.data("GET", f"key-value-stores/{store}/keys?limit=5")
    assert bool(page["isTruncated"])
    assert page["exclusiveStartKey"] is None
    found = [item["key"] for item in page["items"]]
    while page["isTruncated"]:
        after = quote(page["nextExclusiveStartKey"], safe="")
        page = ada.data("GET", f"key-value-stores/{store}/keys?limit=5&exclusiveStartKey={after}")
        found += [item["key"] for item in page["items"]]
    assert found == sorted(wanted, key=str.encode)
    assert page["nextExclusiveStartKey"] is None
    some = ada.data("GET", f"key-value-stores/{store}/keys?prefix=a")["items"]
    assert [(item["key"], item["size"]) for item in some] == [("a", 1), ("a-", 2), ("a.", 2)]


def test_rule_160_delete_is_idempotent_and_removes_the_bytes(
    platform: Platform, ada: Account, store: str
) -> None:
    ada.http.put(url(store, "gone"), content=b"canary-bytes")
    assert list((platform.home / "platform" / "records" / store).iterdir())
    assert ada.http.delete(url(store, "gone")).status_code == 204
    assert ada.http.delete(url(store, "gone")).status_code == 204
    assert ada.http.get(url(store, "gone")).status_code == 404
    assert not list((platform.home / "platform" / "records" / store).iterdir())


def test_a_replaced_record_leaves_one_file(platform: Platform, ada: Account, store: str) -> None:
    for number in range(5):
        ada.http.put(url(store, "same"), content=str(number).encode())
    assert ada.http.get(url(store, "same")).content == b"4"
    assert len(list((platform.home / "platform" / "records" / store).iterdir())) == 1


def test_head_tells_whether_a_record_is_there(ada: Account, store: str) -> None:
    ada.http.put(url(store, "a"), content=b"12345", headers={"Content-Type": "text/plain"})
    there = ada.http.head(url(store, "a"))
    assert (there.status_code, there.headers["content-length"], there.content) == (200, "5", b"")
    assert ada.http.head(url(store, "b")).status_code == 404


def test_a_record_cannot_act_as_a_page(ada: Account, store: str) -> None:
    ada.http.put(url(store, "p"), content=b"<script>", headers={"Content-Type": "text/html"})
    got = ada.http.get(url(store, "p"))
    assert "sandbox" in got.headers["content-security-policy"]
    assert got.headers["x-content-type-options"] == "nosniff"


def test_public_urls_open_restricted_records(platform: Platform) -> None:
    cleo = platform.account("cleo", "--restricted")
    store = cleo.data("POST", "key-value-stores")
    cleo.http.put(url(store["id"], "k"), content=b"v")
    assert platform.anonymous.get(url(store["id"], "k")).status_code == 401
    signature = record_signature(store["urlSigningSecretKey"], "k")
    opened = platform.anonymous.get(url(store["id"], "k"), params={"signature": signature})
    assert opened.content == b"v"
    wrong = platform.anonymous.get(url(store["id"], "k"), params={"signature": "x" + signature})
    assert wrong.status_code == 401
    public = cleo.client.key_value_store(store["id"]).get_record_public_url("k")
    assert platform.anonymous.get(public).content == b"v"


def test_the_official_client_reads_what_it_wrote(ada: Account, store: str) -> None:
    client = ada.client.key_value_store(store)
    client.set_record("data", {"a": [1, 2], "text": "x" * 5000})
    record = client.get_record("data")
    assert record is not None
    assert record["value"] == {"a": [1, 2], "text": "x" * 5000}
    assert client.record_exists("data")
    assert not client.record_exists("other")


def test_all_records_as_one_archive(ada: Account) -> None:
    store = ada.data("POST", "key-value-stores")["id"]
    path = f"key-value-stores/{store}/records"
    ada.http.put(f"{path}/a-1", content=b"x" * 300_000, headers={"Content-Type": "text/plain"})
    packed = {"Content-Type": "text/plain", "Content-Encoding": "gzip"}
    ada.http.put(f"{path}/a-2", content=gzip.compress(b"folded"), headers=packed)
    ada.http.put(f"{path}/b", content=b"{}", headers={"Content-Type": "application/json"})
    answer = ada.http.get(path)
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert {name: len(archive.read(name)) for name in archive.namelist()} == {
            "a-1": 300_000,
            "a-2": 6,
            "b": 2,
        }
    with zipfile.ZipFile(io.BytesIO(ada.http.get(f"{path}?prefix=a-").content)) as archive:
        assert archive.namelist() == ["a-1", "a-2"]
    empty = ada.data("POST", "key-value-stores")["id"]
    none = ada.http.get(f"key-value-stores/{empty}/records").content
    assert zipfile.ZipFile(io.BytesIO(none)).namelist() == []
