"""The editor of source files: lines, colours and keys; and the same page without scripts."""

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.apps.actors.test_source import FILES, SOURCE, VERSION, tell
from tests.browser.conftest import Visit
from tests.browser.pages import shell
from tests.fakes import FakeApi

pytestmark = pytest.mark.browser
AT = f"{SOURCE}?file=main.py"


@pytest.fixture
def page(visit: Visit, fake_api: FakeApi) -> Page:
    shell(fake_api)
    tell(fake_api)
    return visit("ada", AT)


def test_numbers_and_colours_follow_what_is_typed(page: Page) -> None:
    area = page.get_by_label("Text of main.py")
    area.fill("# a note\nif 1:\n    'text'\n\n")
    expect(page.locator(".lined > ol > li")).to_have_count(5)
    for token, text in {"note": "# a note", "word": "if", "figure": "1", "text": "'text'"}.items():
        expect(page.locator(f'.lined [data-token="{token}"]')).to_have_text(text)
    assert page.locator(".lined pre").text_content() == "# a note\nif 1:\n    'text'\n\n\n"


def test_what_is_typed_is_never_markup(page: Page) -> None:
    page.get_by_label("Text of main.py").fill("<img src=x onerror=alert(1)> '<b>'")
    expect(page.locator(".lined pre img, .lined pre b")).to_have_count(0)


def test_tab_indents_and_escape_lets_it_leave(page: Page) -> None:
    area = page.get_by_label("Text of main.py")
    area.fill("")
    area.press("Tab")
    expect(area).to_have_value("    ")
    area.press("Escape")
    area.press("Tab")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_focused()


def test_a_new_line_keeps_the_indentation_and_a_long_one_wraps(page: Page) -> None:
    area = page.get_by_label("Text of main.py")
    area.fill("if 1:\n    a()")
    area.press("Enter")
    expect(area).to_have_value("if 1:\n    a()\n    ")
    expect(page.locator(".lined > ol")).to_be_visible()
    area.fill("a" * 500)
    expect(page.locator(".lined > ol")).to_be_hidden()


def test_ctrl_s_saves(page: Page, fake_api: FakeApi) -> None:
    area = page.get_by_label("Text of main.py")
    area.fill("saved = True\n")
    with page.expect_navigation():
        area.press("Control+s")
    [call] = fake_api.made("PUT", VERSION)
    assert call.json()["sourceFiles"][0]["content"] == "saved = True\n"


def test_leaving_with_unsaved_text_asks_first(page: Page) -> None:
    asked: list[str] = []
    page.get_by_label("Text of main.py").press("x")

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.get_by_role("link", name="deep.js").click()
    page.wait_for_url("**deep.js")
    assert asked == ["beforeunload"]


def test_without_scripts_a_file_is_saved(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    tell(fake_api)
    page = visit("ada", AT, java_script_enabled=False)
    expect(page.locator(".lined > ol > li")).to_have_count(3)
    page.get_by_label("Text of main.py").fill("plain\n")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**main.py")
    [call] = fake_api.made("PUT", VERSION)
    assert [each["name"] for each in call.json()["sourceFiles"]] == [f["name"] for f in FILES]
