import csv
import io
import json
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from django.http import QueryDict
from django.urls import reverse

from apps.datasets.export import FLAGS, LISTS, Export, read_export
from tests.conftest import Browse
from tests.console.asking import get
from tests.fakes import DATASET_ID, TOKEN, FakeApi, dataset_json
from tests.faults.scripted import Browser

pytestmark = pytest.mark.django_db(transaction=True)

API = f"/v2/datasets/{DATASET_ID}"
ITEMS = f"{API}/items"
LINES = b'{"a":1.50}\n{"a":"=x"}\n{"a":null}\n'


@pytest.fixture(autouse=True)
def shared_database(transactional_db: None) -> None:
    """The door looks from threads of its own, which see only what is committed."""


async def asked(browser: Browse, name: str, query: str) -> Browser:
    return await get(browser, name, reverse("datasets:export", args=[DATASET_ID]), query)


def tell(fake_api: FakeApi, content: bytes, *, total: int, count: int | None = None) -> None:
    counts = {
        "x-apify-pagination-total": str(total),
        "x-apify-pagination-count": str(total if count is None else count),
    }
    fake_api.raw("GET", ITEMS, content, headers=counts)


async def test_json_is_one_array_of_all_items(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", API, dataset_json(name="prices", itemCount=3, cleanItemCount=3))
    tell(fake_api, LINES, total=3)
    answer = await asked(browser, "vera", "format=json")
    assert answer.whole
    assert json.loads(answer.body) == [{"a": 1.5}, {"a": "=x"}, {"a": None}]
    assert answer.headers["content-disposition"] == 'attachment; filename="dataset-prices.json"'
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert fake_api.made("GET", ITEMS)[0].query == {"format": "jsonl", "clean": "1"}


async def test_jsonl_is_what_the_api_sends(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", API, dataset_json(itemCount=3))
    tell(fake_api, LINES, total=3)
    answer = await asked(browser, "vera", "format=jsonl&clean=0&offset=5&limit=3&desc=1&omit=b")
    assert bytes(answer.body) == LINES
    assert answer.headers["content-type"] == "application/jsonl; charset=utf-8"
    assert fake_api.made("GET", ITEMS)[0].query == {
        "format": "jsonl", "offset": "5", "limit": "3", "desc": "1", "omit": "b",
    }  # fmt: skip


@pytest.mark.parametrize(("query", "cell"), [("", "'=x"), ("&safe=1", "'=x"), ("&safe=0", "=x")])
async def test_csv_is_safe_for_spreadsheets_unless_told_otherwise(
    browser: Browse, fake_api: FakeApi, query: str, cell: str
) -> None:
    fake_api.data("GET", API, dataset_json(itemCount=2))
    tell(fake_api, b"\xef\xbb\xbfa,b\r\n=x,-5\r\n1,2\r\n", total=2)
    answer = await asked(browser, "vera", f"format=csv{query}")
    rows = list(csv.reader(io.StringIO(bytes(answer.body).decode("utf-8-sig"))))
    assert rows == [["a", "b"], [cell, "-5"], ["1", "2"]]


async def test_csv_takes_delimiter_and_header_from_the_dialog(
    browser: Browse, fake_api: FakeApi
) -> None:
    fake_api.data("GET", API, dataset_json(itemCount=1))
    tell(fake_api, b"=1\t2\r\n", total=1)
    query = "format=csv&delimiter=tab&header=0&bom=0&clean=0"
    answer = await asked(browser, "vera", query)
    assert bytes(answer.body) == b"'=1\t2\r\n"
    assert fake_api.made("GET", ITEMS)[0].query == {
        "format": "csv", "delimiter": "\t", "bom": "0", "skipHeaderRow": "1",
    }  # fmt: skip


@pytest.mark.parametrize("format_", ["json", "jsonl", "csv"])
async def test_rule_183_an_answer_that_is_capped_is_gone_on_with(
    browser: Browse, fake_api: FakeApi, format_: str
) -> None:
    """Also when the API leaves out the last line break of a part."""
    fake_api.data("GET", API, dataset_json(itemCount=5))
    parts = {
        "csv": [b"a\r\n1\r\n2\r\n", b"3\r\n4\r\n", b"5"],
        "jsonl": [b'{"a":1}\n{"a":2}\n', b'{"a":3}\n{"a":4}', b'{"a":5}'],
    }
    for content, count in zip(parts.get(format_, parts["jsonl"]), (2, 2, 1), strict=True):
        tell(fake_api, content, total=5, count=count)
    answer = await asked(browser, "vera", f"format={format_}&clean=0&limit=5")
    assert answer.whole
    body = bytes(answer.body).decode()
    items = json.loads(body) if format_ == "json" else body.split()
    assert len(items) == 5 + (format_ == "csv")
    windows = [(c.query.get("offset"), c.query["limit"]) for c in fake_api.made("GET", ITEMS)]
    assert windows == [(None, "5"), ("2", "3"), ("4", "1")]
    if format_ == "csv":
        assert fake_api.made("GET", ITEMS)[1].query["skipHeaderRow"] == "1"


@pytest.mark.parametrize(("format_", "body"), [("json", b"[]\n"), ("jsonl", b""), ("csv", b"")])
async def test_an_empty_dataset_is_an_empty_file(
    browser: Browse, fake_api: FakeApi, format_: str, body: bytes
) -> None:
    fake_api.data("GET", API, dataset_json(itemCount=0))
    tell(fake_api, b"", total=0)
    answer = await asked(browser, "vera", f"format={format_}")
    assert answer.whole
    assert bytes(answer.body) == body


@pytest.mark.parametrize(
    ("clean", "whole"), [("clean_item_count=3", False), ("clean_item_count=2", True)]
)
async def test_fewer_clean_items_are_an_error_only_where_all_were_clean(
    browser: Browse, fake_api: FakeApi, clean: str, whole: bool
) -> None:
    told = dataset_json(itemCount=3, cleanItemCount=int(clean[-1]))
    fake_api.data("GET", API, told)
    tell(fake_api, LINES[:11], total=3)
    assert (await asked(browser, "vera", "format=jsonl")).whole is whole


async def test_items_added_meanwhile_may_be_empty(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", API, dataset_json(itemCount=2, cleanItemCount=2))
    tell(fake_api, LINES[:22], total=3)
    assert (await asked(browser, "vera", "format=jsonl")).whole


@pytest.mark.parametrize("name", ["", "eve"])
async def test_who_may_not_gets_no_file(browser: Browse, fake_api: FakeApi, name: str) -> None:
    """Nobody is asked to sign in and led back, who has no seat is refused."""
    answer = await asked(browser, name, "format=csv")
    assert answer.status == (403 if name else 302)
    assert "content-disposition" not in answer.headers
    if not name:
        wanted = quote(f"{reverse('datasets:export', args=[DATASET_ID])}?format=csv")
        assert answer.headers["location"] == f"{reverse('team:sign_in')}?next={wanted}"
    assert not fake_api.calls


async def test_what_cannot_be_done_is_said_in_the_dialog(
    browser: Browse, fake_api: FakeApi
) -> None:
    answer = await asked(browser, "vera", "format=exe")
    page = reverse("datasets:detail", args=[DATASET_ID])
    assert answer.headers["location"] == f"{page}?format=exe&dialog=export"
    assert not fake_api.calls


@pytest.mark.parametrize("path", [API, ITEMS])
async def test_a_dataset_that_is_gone_is_said_before_anything_is_saved(
    browser: Browse, fake_api: FakeApi, path: str
) -> None:
    if path == ITEMS:
        fake_api.data("GET", API, dataset_json())
    fake_api.error("GET", path, 404, "record-not-found", "Dataset was not found")
    answer = await asked(browser, "vera", "")
    assert answer.status == 404
    assert b"Dataset was not found" in answer.body
    assert "content-disposition" not in answer.headers


async def test_an_api_that_is_down_is_said(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.breaks("GET", API, httpx.ConnectError("refused"))
    answer = await asked(browser, "vera", "")
    assert answer.status >= 500
    assert b"cannot be reached" in answer.body


async def test_a_name_never_breaks_the_header(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", API, dataset_json(name='a"\r\nSet-Cookie: x=1/../řeka', itemCount=0))
    tell(fake_api, b"", total=0)
    answer = await asked(browser, "vera", "")
    header = answer.headers["content-disposition"]
    assert "\r" not in header
    assert "\n" not in header
    assert "/" not in header


def test_the_address_of_the_api_holds_no_token() -> None:
    url = read_export(QueryDict("format=csv&fields=a,b&fields=c")).api_url("http://a.test/", "id")
    assert url == "http://a.test/v2/datasets/id/items?format=csv&fields=a%2Cb%2Cc&clean=1"
    assert TOKEN not in url


@pytest.mark.parametrize(
    ("query", "changes"),
    [
        ("", {}),
        ("clean=0", {"flags": FLAGS | {"clean": False}}),
        ("clean=0&clean=1&limit=0", {}),
        ("limit=7&offset=3", {"limit": 7, "offset": 3}),
        ("offset=&limit=", {}),
        ("format=csv&safe=0&safe=1", {"format": "csv"}),
        ("unwind=a,%20b&unwind=a", {"lists": dict.fromkeys(LISTS, "") | {"unwind": "a,b"}}),
    ],
)
def test_boxes_and_numbers_are_read(query: str, changes: dict[str, Any]) -> None:
    assert read_export(QueryDict(query)) == Export(**changes)


@pytest.mark.parametrize(
    ("query", "sent"),
    [
        ("format=xml&xmlRoot=r&xmlRow=x&feedTitle=no", {"xmlRoot": "r", "xmlRow": "x"}),
        ("format=rss&feedTitle=T&feedDescription=D", {"feedTitle": "T", "feedDescription": "D"}),
        ("format=xlsx&unwind=a&flatten=b", {"unwind": "a", "flatten": "b"}),
        ("format=html&skipHidden=1&skipEmpty=1", {"skipHidden": True, "skipEmpty": True}),
        ("simplified=1&skipFailedPages=1", {"simplified": True, "skipFailedPages": True}),
    ],
)
def test_every_parameter_of_the_api_is_sent_where_it_means_something(
    query: str, sent: dict[str, Any]
) -> None:
    export = read_export(QueryDict(f"clean=0&{query}"))
    told = {name: value for name, value in export.api_params().items() if value is not None}
    assert told == {"format": export.format, **sent}


WHOLE = {
    "xlsx": b"PK\x03\x04...PK\x05\x06" + bytes(18),
    "xml": b"<?xml?>\n<items>\n<item/>\n</items>\n",
    "html": b"<table><tr><td>1</td></tr></table>\n</body>\n</html>\n",
    "rss": b"<rss><channel></channel>\n</rss>",
}


@pytest.mark.parametrize("format_", WHOLE)
@pytest.mark.parametrize("whole", [True, False])
async def test_a_document_is_the_apis_own_and_whole_or_marked_as_broken(
    browser: Browse, fake_api: FakeApi, format_: str, whole: bool
) -> None:
    fake_api.data("GET", API, dataset_json(itemCount=3))
    content = WHOLE[format_] if whole else WHOLE[format_][:12]
    tell(fake_api, content, total=3)
    answer = await asked(browser, "vera", f"format={format_}")
    assert answer.whole is whole
    assert bytes(answer.body) == content
    assert answer.headers["content-disposition"].endswith(f'.{format_}"')


async def test_a_document_that_would_lack_items_is_not_begun(
    browser: Browse, fake_api: FakeApi
) -> None:
    fake_api.data("GET", API, dataset_json(itemCount=9))
    tell(fake_api, WHOLE["xml"], total=9, count=4)
    answer = await asked(browser, "vera", "format=xml&offset=2")
    assert answer.status >= 400
    assert b"The API puts 4 of 7 items into one XML file." in answer.body
    assert b"JSON" in answer.body


@pytest.mark.parametrize(
    ("format_", "kind"),
    [("csv", "text/plain"), ("html", "text/html"), ("xlsx", "application/vnd")],
)
async def test_a_file_is_shown_in_a_sandbox(
    browser: Browse, fake_api: FakeApi, format_: str, kind: str
) -> None:
    fake_api.data("GET", API, dataset_json(itemCount=0))
    tell(fake_api, WHOLE.get(format_, b""), total=0)
    answer = await asked(browser, "vera", f"format={format_}&inline=1")
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["content-disposition"].startswith("attachment") is (format_ == "xlsx")
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"


async def test_unwound_items_are_not_counted(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", API, dataset_json(itemCount=9, cleanItemCount=9))
    tell(fake_api, LINES, total=9)
    assert (await asked(browser, "vera", "format=jsonl&unwind=a")).whole
