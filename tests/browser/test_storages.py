"""Storage pages by hand, without a script, and with data that tries to run."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.pages import shell
from tests.browser.storage_pages import (
    DATASET,
    QUEUE,
    STORE,
    dataset,
    queue,
    request_json,
    tell_items,
    tell_keys,
)
from tests.fakes import QUEUE_ID, STORE_ID, FakeApi, queue_json

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.urls")]

HOSTILE = [
    "<script>window.hit=1</script>", "<img src=x onerror='window.hit=1'>",
    "\"><svg onload='window.hit=1'>", "javascript:window.hit=1", "' onmouseover='window.hit=1",
    "data:text/html,<script>window.hit=1</script>", "</title><script>window.hit=1</script>",
    "<div hx-get='/hit' hx-trigger='load'></div>", "<iframe srcdoc='<script>top.hit=1</script>'>",
    "<style>*{display:none}</style>", "<base href='//evil.test/'>", "{{ request.workspace.token }}",
    "<a href='javascript:window.hit=1' autofocus onfocus='window.hit=1'>x</a>", "\u202egnp.exe",
    "https://a.test/\"onfocus='window.hit=1' autofocus", "<hx-partial hx-target='body'>",
    "</pre></dialog><form action='//evil.test/'><button>Export</button>", "<!--", "]]>", "\x00<b>",
]  # fmt: skip


def quiet(opened: Page) -> None:
    """Nothing ran: no mark left, no element of theirs, nothing of the page hidden."""
    opened.wait_for_load_state("networkidle")
    assert opened.evaluate("window.hit") is None
    foreign = "main script, main iframe:not([sandbox='']), base"
    assert opened.locator(foreign).count() == 0
    expect(opened.get_by_role("main")).to_be_visible()


@pytest.mark.parametrize("view", ["table", "json"])
def test_items_never_run(visit: Visit, fake_api: FakeApi, view: str) -> None:
    shell(fake_api)
    items: list[Any] = [
        {"text": text, "list": [text], text: {text: text}, f"#{text}": 1} for text in HOSTILE
    ]
    tell_items(fake_api, items, total=len(items), name=HOSTILE[0])
    opened = visit("vera", f"{DATASET}?hidden=1&view={view}")
    for summary in opened.locator(".more > summary").all():
        summary.click()
    quiet(opened)


def test_addresses_never_run(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    tell_items(fake_api, [{"a": 1}], total=1)
    opened = visit("vera", DATASET)
    for text in HOSTILE:
        opened.goto(
            f"{DATASET}?{'&'.join(f'{name}={text}' for name in ('fields', 'omit', 'view'))}"
        )
        quiet(opened)


def test_keys_and_records_never_run(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    tell_keys(fake_api, [text.replace("/", "|") for text in HOSTILE])
    opened = visit("vera", STORE)
    quiet(opened)
    for number, content_type in enumerate(("text/html", "application/json", "text/plain", "<b>")):
        key = f"X{number}"
        url = f"/v2/key-value-stores/{STORE_ID}/records/{key}"
        fake_api.raw("GET", url, "\n".join(HOSTILE).encode(), content_type=content_type)
        opened.goto(f"{STORE}records/{key}/")
        quiet(opened)


def test_requests_never_run(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    told = [
        request_json(n, url=text, uniqueKey=text, method=text, errorMessages=[text])
        for n, text in enumerate(HOSTILE)
    ]
    fake_api.data("GET", f"/v2/request-queues/{QUEUE_ID}", queue_json(name=HOSTILE[2]))
    fake_api.data("GET", f"/v2/request-queues/{QUEUE_ID}/requests", {"items": told, "limit": 100})
    opened = visit("vera", QUEUE)
    quiet(opened)
    every = " ".join(HOSTILE)
    one = request_json(1, url=every, method=every, errorMessages=HOSTILE, userData={every: every})
    fake_api.data("GET", f"/v2/request-queues/{QUEUE_ID}/requests/{one['id']}", one)
    opened.goto(f"{QUEUE}requests/{one['id']}/")
    quiet(opened)


def test_words_of_the_api_never_run(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    opened = visit("vera", "/settings/")
    every = " ".join(HOSTILE)
    for path in ("/v2/datasets/d1", "/v2/datasets/d1/items"):
        fake_api.error("GET", path, 400, every, every)
    opened.goto(f"/storage/datasets/d1/?{urlencode({'q': every})}")
    quiet(opened)


def test_the_export_dialog_opens_and_closes(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    dataset(fake_api)
    opened = visit("vera", DATASET)
    opened.get_by_role("button", name="Export", exact=True).click()
    dialog = opened.get_by_role("dialog", name="Export items")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("switch", name="Safe for spreadsheets")).to_be_hidden()
    dialog.get_by_role("radio", name="CSV").check()
    expect(dialog.get_by_role("switch", name="Safe for spreadsheets")).to_be_checked()
    expect(dialog.locator("#api-address")).to_have_text(re.compile("format=csv"))
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()


def test_the_export_dialog_works_without_a_script(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    dataset(fake_api)
    opened = visit("vera", DATASET, java_script_enabled=False)
    opened.get_by_role("button", name="Export", exact=True).click()
    expect(opened.get_by_role("dialog", name="Export items")).to_be_visible()
    assert opened.url.endswith("?dialog=export")
    form = opened.locator("form.export")
    assert (form.get_attribute("action") or "").endswith(f"{DATASET}export")


def test_columns_are_chosen_without_a_script(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    dataset(fake_api)
    opened = visit("vera", f"{DATASET}?page=2", java_script_enabled=False)
    for name in ("title", "description"):
        opened.get_by_role("checkbox", name=name, exact=True).uncheck()
    opened.get_by_role("button", name="Apply").click()
    expect(opened.get_by_role("columnheader", name="url")).to_be_visible()
    expect(opened.get_by_role("columnheader", name="title")).to_have_count(0)
    assert "page=2" in opened.url
    opened.get_by_role("button", name="Show all columns").click()
    expect(opened.get_by_role("columnheader", name="title")).to_be_visible()
    assert "page=2" in opened.url


def test_a_dataset_from_its_columns_to_a_shared_link(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    dataset(fake_api)
    opened = visit("olga", DATASET)
    opened.get_by_role("checkbox", name="title", exact=True).uncheck()
    opened.get_by_role("button", name="Apply").click()
    expect(opened.get_by_role("columnheader", name="title")).to_have_count(0)
    opened.goto(DATASET)
    expect(opened.get_by_role("columnheader", name="url")).to_be_visible()
    expect(opened.get_by_role("columnheader", name="title")).to_have_count(0)
    opened.get_by_role("link", name="Overview").click()
    expect(opened.get_by_role("columnheader", name="Product")).to_be_visible()
    opened.get_by_role("button", name="Export", exact=True).click()
    dialog = opened.get_by_role("dialog", name="Export items")
    dialog.get_by_role("radio", name="Excel").check()
    expect(dialog.get_by_role("button", name="View in new tab")).to_be_hidden()
    dialog.get_by_role("link", name="Overview").click()
    expect(dialog.get_by_role("textbox", name="Only these fields")).to_have_value("title,price")
    dialog.get_by_role("button", name="Share link").click()
    share = opened.get_by_role("dialog", name="Share by link")
    share.get_by_label("The link works for").select_option("1 hour")
    share.get_by_role("button", name="Make link").click()
    expect(share.locator("#shared-link")).to_have_text(re.compile("fields=title.*signature="))


def test_a_record_from_its_text_to_its_end(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    tell_keys(fake_api, [])
    url = f"/v2/key-value-stores/{STORE_ID}/records/notes"
    fake_api.raw("PUT", url, b"", status=201)
    fake_api.raw("GET", url, b'{"a": 1}')
    opened = visit("olga", STORE)
    opened.get_by_role("button", name="Add record").click()
    dialog = opened.get_by_role("dialog", name="Add record")
    dialog.get_by_label("Key").fill("notes")
    dialog.get_by_label("Or text").fill("{")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("This is no JSON")
    dialog.get_by_label("Or text").fill('{"a": 1}')
    dialog.get_by_role("button", name="Add", exact=True).click()
    opened.get_by_role("link", name="Edit").click()
    opened.get_by_label("Text").fill('{"a": 2}')
    opened.get_by_role("button", name="Save").click()
    expect(opened.get_by_role("heading", name="notes")).to_be_visible()
    assert [call.body for call in fake_api.made("PUT", url)] == [b'{"a": 1}', b'{"a": 2}']
    fake_api.raw("DELETE", url, b"", status=204)
    opened.get_by_role("button", name="Delete", exact=True).click()
    opened.get_by_role("button", name="Delete for good").click()
    expect(opened.get_by_text("No records yet")).to_be_visible()


def test_requests_from_their_addition_to_their_end(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    queue(fake_api)
    url = f"/v2/request-queues/{QUEUE_ID}/requests/batch"
    done = {"processedRequests": [{"requestId": "a"}, {"requestId": "b"}]}
    fake_api.data("POST", url, done, status=201)
    fake_api.data("DELETE", url, done)
    opened = visit("olga", QUEUE)
    opened.get_by_role("button", name="Add requests").click()
    dialog = opened.get_by_role("dialog", name="Add requests")
    dialog.get_by_label("Addresses").fill("https://a.test/1\nhttps://a.test/2")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(opened.get_by_text("Added 2.")).to_be_visible()
    opened.get_by_role("navigation", name="Requests by state").get_by_text("Handled").click()
    expect(opened.get_by_text("does not tell requests by state")).to_be_visible()
    opened.get_by_role("checkbox", name="Select this page").check()
    expect(opened.get_by_text("2 selected")).to_be_visible()
    opened.get_by_role("button", name="Delete selected").click()
    opened.get_by_role("button", name="Delete for good").last.click()
    expect(opened.get_by_text("Deleted 2.")).to_be_visible()
    assert len(fake_api.made("DELETE", url)[0].json()) == 2


def test_delete_asks_first(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    dataset(fake_api)
    opened = visit("olga", DATASET)
    opened.get_by_role("button", name="Delete", exact=True).click()
    expect(opened.get_by_role("dialog", name="Delete this storage?")).to_be_visible()
    assert not [call for call in fake_api.calls if call.method == "DELETE"]


@pytest.mark.parametrize(("view", "rows"), [("table", "tbody > tr"), ("json", ".json-items > li")])
def test_rows_are_found_by_their_text(
    visit: Visit, fake_api: FakeApi, view: str, rows: str
) -> None:
    shell(fake_api)
    tell_items(fake_api, [{"a": f"Row {n}", "b": {"c": "<b>"}} for n in range(12)], total=12)
    page = visit("vera", f"{DATASET}?view={view}")
    page.get_by_label("Find in these rows").fill("rOW 1")
    shown = page.locator(f"#items :is({rows}):visible")
    expect(shown).to_have_count(3)
    expect(page.locator("[data-found]")).to_have_text("3 of 12 rows")
    assert page.url.endswith("&find=rOW+1")
    page.reload()
    expect(shown).to_have_count(3)
    page.get_by_label("Find in these rows").fill("")
    expect(shown).to_have_count(12)
    assert "find" not in page.url
