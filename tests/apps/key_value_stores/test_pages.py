import re
from typing import Any

import pytest

from tests.conftest import Browse
from tests.fakes import STORE_ID, FakeApi, page, store_json

LIST = "/storage/key-value-stores/"
PAGE = f"{LIST}{STORE_ID}/"
API = f"/v2/key-value-stores/{STORE_ID}"


def keys(*names: str, following: str | None = None, size: int = 12) -> dict[str, Any]:
    items = [{"key": name, "size": size} for name in names]
    more = {"isTruncated": following is not None, "nextExclusiveStartKey": following}
    return {"items": items, "count": len(items), "limit": 100, "exclusiveStartKey": None, **more}


def tell_record(
    fake_api: FakeApi, key: str, content: bytes, content_type: str, *, size: int | None = None
) -> None:
    listed = keys(key, size=len(content) if size is None else size)
    fake_api.data("GET", f"{API}/keys", listed)
    fake_api.raw("GET", f"{API}/records/{key}", content, content_type=content_type)


def test_it_lists_stores(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/key-value-stores", page([store_json(name="state")]))
    shown = browser("vera").get(LIST).content.decode()
    assert "state" in shown
    assert "18 B" in shown


def test_keys_are_walked_by_cursor_and_prefix(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", API, store_json())
    fake_api.data("GET", f"{API}/keys", keys("INPUT", "OUT-1", following="OUT-1"))
    answer = browser("vera").get(f"{PAGE}?prefix=OUT&after=AAA&limit=50")
    assert fake_api.made("GET", f"{API}/keys")[0].query == {
        "limit": "50", "exclusiveStartKey": "AAA", "prefix": "OUT",
    }  # fmt: skip
    assert b"prefix=OUT&amp;limit=50&amp;after=OUT-1" in answer.content


@pytest.mark.parametrize(
    ("query", "words"),
    [("", "No records yet"), ("?prefix=x", "No such key"), ("?after=z", "No more keys")],
)
def test_an_empty_page_says_why(browser: Browse, fake_api: FakeApi, query: str, words: str) -> None:
    fake_api.data("GET", API, store_json())
    fake_api.data("GET", f"{API}/keys", keys())
    assert words in browser("vera").get(PAGE + query).content.decode()


@pytest.mark.parametrize(
    ("content", "content_type", "words"),
    [
        (b'{"a":1.50}', "application/json; charset=utf-8", '<span data-token="figure">1.50</span>'),
        (b"<script>alert(1)</script>", "text/html", 'sandbox src="/storage/'),
        (b"ID3", "audio/mpeg", f'controls preload="metadata" src="{PAGE}records/OUT/raw"'),
        (b"ftyp", "video/mp4", f'controls preload="metadata" src="{PAGE}records/OUT/raw"'),
        (b"a\xffb", "text/plain", "a\ufffdb"),
        (b"\x89PNG", "image/png", f'src="{PAGE}records/OUT/raw"'),
        (b"<svg onload='x()'/>", "image/svg+xml", f'src="{PAGE}records/OUT/raw"'),
        (b"\x00\x01", "application/octet-stream", "This is no text"),
        (b"", "text/plain", "This record is empty"),
        (b"{broken", "application/json", "{broken"),
        (b"x" * 300_000, "text/plain", "100,000 more characters"),
    ],
)
def test_a_record_is_shown_as_what_it_is(
    browser: Browse, fake_api: FakeApi, content: bytes, content_type: str, words: str
) -> None:
    tell_record(fake_api, "OUT", content, content_type)
    shown = browser("vera").get(f"{PAGE}records/OUT/").content.decode()
    assert words in shown
    assert "<script>alert" not in shown


def test_the_source_of_a_page_is_text(browser: Browse, fake_api: FakeApi) -> None:
    tell_record(fake_api, "OUT", b"<script>alert(1)</script>", "text/html")
    answer = browser("vera").get(f"{PAGE}records/OUT/?view=source")
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in answer.content
    assert "frame-src 'self'" in answer["Content-Security-Policy"]


def test_public_links_are_for_those_who_may_share(browser: Browse, fake_api: FakeApi) -> None:
    tell_record(fake_api, "OUT", b"1", "application/json")
    fake_api.forget("GET", f"{API}/keys")
    listed = keys("OUT")
    listed["items"][0]["recordPublicUrl"] = "http://api.test/r?signature=s1"
    fake_api.data("GET", f"{API}/keys", listed)
    fake_api.data("GET", API, store_json())
    for path in (PAGE, f"{PAGE}records/OUT/"):
        assert b"signature=s1" in browser("olga").get(path).content
        assert b"signature=s1" not in browser("vera").get(path).content


def test_a_large_record_is_not_read(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", f"{API}/keys", keys("BIG", size=900_000_000))
    assert b"Too large to show here" in browser("vera").get(f"{PAGE}records/BIG/").content


def test_a_record_that_is_gone_is_a_page(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", f"{API}/keys", keys("OUT-1"))
    fake_api.error("GET", f"{API}/records/OUT", 404, "record-not-found", "No such record")
    answer = browser("vera").get(f"{PAGE}records/OUT/")
    assert answer.status_code == 404
    assert b"No such record" in answer.content


@pytest.mark.parametrize("key", ["a'b(c)!", "..", "-._", "A" * 256, "%2e%2e", "ř"])
def test_keys_of_any_shape_have_a_page(browser: Browse, fake_api: FakeApi, key: str) -> None:
    fake_api.data("GET", API, store_json())
    fake_api.data("GET", f"{API}/keys", keys(key))
    assert browser("vera").get(PAGE).status_code == 200


@pytest.mark.parametrize("path", ["", f"{STORE_ID}/", f"{STORE_ID}/records/A/"])
def test_nobody_without_a_seat_sees_data(browser: Browse, path: str, fake_api: FakeApi) -> None:
    assert browser("").get(LIST + path).status_code == 302
    assert browser("eve").get(LIST + path).status_code == 403
    assert not fake_api.calls


def bar(shown: str) -> str:
    return shown.partition('aria-label="Collections"')[2].partition("</nav>")[0]


def test_collections_of_the_definition_are_tabs(browser: Browse, fake_api: FakeApi) -> None:
    named = {
        "shots": {"title": "Shots <b>", "keyPrefix": "shot-"},
        "report": {"key": "REPORT"},
        "odd": {"title": 7},
        "none": "x",
    }
    fake_api.data("GET", API, store_json(schema={"collections": named}))
    fake_api.data("GET", f"{API}/keys", keys("shot-1"))
    shown = browser("vera").get(f"{PAGE}?prefix=shot-").content.decode()
    tabs = re.findall(r'<a href="([^"]*)"( aria-current="page")?[^>]*><span>([^<]+)', bar(shown))
    assert tabs == [
        (PAGE, "", "All records"),
        (f"{PAGE}?prefix=shot-", ' aria-current="page"', "Shots &lt;b&gt;"),
        (f"{PAGE}?prefix=REPORT", "", "report"),
    ]
    assert ">odd" not in shown
    assert fake_api.made("GET", f"{API}/keys")[0].query["prefix"] == "shot-"


@pytest.mark.parametrize("schema", [None, {}, {"collections": 3}, {"collections": {"a": {}}}])
def test_without_collections_there_are_no_tabs(
    browser: Browse, fake_api: FakeApi, schema: object
) -> None:
    fake_api.data("GET", API, store_json(schema=schema))
    fake_api.data("GET", f"{API}/keys", keys())
    assert 'aria-label="Collections"' not in browser("vera").get(PAGE).content.decode()
