"""The form of an Actor in a browser: rows, lines, files and secrets, as a person uses them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.apps.actors.test_pages import PAGE, RUNS
from tests.browser.conftest import Visit
from tests.browser.pages import shell
from tests.browser.work_pages import form
from tests.fakes import RUN_ID, STORE_ID, FakeApi, store_json

pytestmark = pytest.mark.browser
OPEN_ALL = "document.querySelectorAll('details.section').forEach((each) => (each.open = true))"
RECORD = f"/v2/key-value-stores/{STORE_ID}"


@pytest.fixture
def page(visit: Visit, fake_api: FakeApi) -> Page:
    shell(fake_api)
    form(fake_api)
    opened = visit("luke", PAGE)
    opened.evaluate(OPEN_ALL)
    return opened


def box(page: Page, key: str) -> Locator:
    return page.locator(f"#f-in-{key}-box")


def sent(page: Page, fake_api: FakeApi) -> Any:
    """What the API got when Start was pressed."""
    with page.expect_request(lambda request: request.url.endswith(f"/runs/{RUN_ID}/")):
        page.locator("[data-submit]").click()
    return json.loads(fake_api.made("POST", RUNS)[-1].body)


def tell_no_run(fake_api: FakeApi) -> None:
    for part in ("", "/dataset", "/request-queue"):
        fake_api.error("GET", f"/v2/actor-runs/{RUN_ID}{part}", 404, "record-not-found")


def test_rows_are_added_moved_and_taken_away(page: Page, fake_api: FakeApi) -> None:
    tell_no_run(fake_api)
    urls = box(page, "urls")
    urls.get_by_label("URL 2").fill("https://b.example")
    urls.get_by_label("URL 2").press("Enter")
    page.keyboard.type("https://c.example")
    urls.get_by_label("Remove row 1").click()
    urls.get_by_label("Move row 3 up").click()
    expect(urls.locator("[data-row-count]")).to_have_text("2 rows")
    people = box(page, "people")
    people.get_by_label("Name").fill("Ann")
    people.get_by_role("button", name="Add").click()
    page.keyboard.type("Ben")
    people.get_by_label("Is in").nth(1).uncheck()
    got = sent(page, fake_api)
    assert got["urls"] == [{"url": "https://c.example"}, {"url": "https://b.example"}]
    assert got["people"] == [{"in": True, "name": "Ann"}, {"in": False, "name": "Ben"}]


def test_lines_become_rows_and_keep_what_stands_in_them(
    page: Page, fake_api: FakeApi, tmp_path: Path
) -> None:
    tell_no_run(fake_api)
    urls = box(page, "urls")
    urls.get_by_text("Advanced").first.click()
    urls.get_by_label("Method").first.select_option("POST")
    (tmp_path / "list.txt").write_text("https://b.example\r\n\nhttps://c.example\n")
    urls.locator("[data-lines]").set_input_files(tmp_path / "list.txt")
    area = urls.locator("[data-bulk] textarea")
    urls.get_by_text("Bulk edit").click()
    expect(area).to_have_value("https://a.example\nhttps://b.example\nhttps://c.example")
    area.fill("https://d.example\nhttps://c.example\nhttps://a.example")
    assert sent(page, fake_api)["urls"] == [
        {"url": "https://d.example"},
        {"url": "https://c.example"},
        {"url": "https://a.example", "method": "POST"},
    ]


def test_a_file_becomes_a_record_and_its_address_the_value(
    page: Page, fake_api: FakeApi, tmp_path: Path
) -> None:
    fake_api.data("POST", "/v2/key-value-stores", store_json(), status=201)
    fake_api.raw("PUT", f"{RECORD}/records/a-b.csv", b"", status=201)
    link = {"key": "a-b.csv", "size": 3, "recordPublicUrl": "https://api.test/a-b.csv?signature=s"}
    fake_api.data("GET", f"{RECORD}/keys", {"items": [link], "count": 1, "limit": 1})
    page.get_by_label("Many lines").fill("typed")
    (tmp_path / "a b.csv").write_text("1,2")
    box(page, "file").get_by_text("Upload a file").click()
    page.get_by_label("A file, file").set_input_files(tmp_path / "a b.csv")
    box(page, "file").get_by_role("button", name="Upload").click()
    expect(page.locator("#f-in-file")).to_have_value("https://api.test/a-b.csv?signature=s")
    expect(page.get_by_label("Many lines")).to_have_value("typed")
    assert fake_api.made("PUT", f"{RECORD}/records/a-b.csv")[0].body == b"1,2"


def test_a_secret_is_typed_once_and_never_seen_again(page: Page, fake_api: FakeApi) -> None:
    tell_no_run(fake_api)
    box(page, "secret").get_by_label("API key").fill("canary-1")
    box(page, "sub").get_by_label("Password").fill("canary-2")
    for view in ("JSON", "Form", "JSON"):
        page.get_by_role("button", name=view, exact=True).click()
        page.wait_for_load_state()
        assert "canary" not in page.content()
    expect(page.locator("#json")).to_have_value(re.compile("•••• 1"))
    got = sent(page, fake_api)
    assert (got["secret"], got["sub"]["pass"]) == ("canary-1", "canary-2")


def test_code_is_numbered_and_coloured_as_it_is_typed(page: Page, fake_api: FakeApi) -> None:
    tell_no_run(fake_api)
    for key, text, token, found in (
        ("code", "// why\nreturn 1;\n", "note", "// why"),
        ("py", "# why\ndef f():\n", "note", "# why"),
        ("data", '{\n  "a": true\n}', "word", "true"),
    ):
        page.locator(f"#f-in-{key}").fill(text)
        lined = page.locator(f"#f-in-{key}-box .lined")
        expect(lined.locator("ol > li")).to_have_count(3)
        expect(lined.locator(f'[data-token="{token}"]')).to_have_text(found)
    page.get_by_label("Python").press("Tab")
    expect(page.get_by_label("Python")).not_to_be_focused()  # a form is walked with Tab
    assert sent(page, fake_api)["py"] == "# why\ndef f():\n"


def test_without_scripts_code_is_plain_text(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    form(fake_api)
    page = visit("luke", PAGE, java_script_enabled=False)
    expect(page.locator(".lined")).to_have_count(0)
    expect(page.locator("textarea#f-in-py")).to_be_attached()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_wrong_field_in_a_closed_section_comes_into_view(
    visit: Visit, fake_api: FakeApi, problems: list[str], scripts: bool
) -> None:
    shell(fake_api)
    form(fake_api)
    page = visit("luke", PAGE, java_script_enabled=scripts)
    section = page.locator("details.section").filter(has=page.locator("input[type=number]")).first
    number = section.locator("input[type=number]").first
    if not section.evaluate("each => each.open"):
        section.locator("> summary").click()
    number.fill("")
    number.type("1e")
    section.locator("> summary").click()
    page.locator("[data-submit]").click()
    expect(number).to_be_in_viewport()
    expect(number).to_be_focused()
