"""The command palette by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.apps.search.test_search import tell_names
from tests.browser.conftest import Visit
from tests.browser.pages import shell
from tests.fakes import FakeApi

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.urls")]


@pytest.fixture
def settings_page(visit: Visit, fake_api: FakeApi) -> Page:
    shell(fake_api)
    tell_names(fake_api)
    page = visit("vera", "/settings/")
    page.wait_for_load_state("networkidle")
    return page


def test_a_name_is_found_and_opened_by_keys_alone(settings_page: Page) -> None:
    page = settings_page
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Search everything")
    expect(palette.get_by_role("link", name="Runs Page")).to_be_visible()
    page.keyboard.type("watch")
    first = palette.get_by_role("link", name="Price <watch>")
    expect(first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(palette.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("workspaces of")
    expect(palette.get_by_text("Nothing is called")).to_be_visible()


def test_enter_goes_to_the_first(settings_page: Page) -> None:
    page = settings_page
    page.keyboard.press("Control+k")
    page.keyboard.type("sett")
    palette = page.get_by_role("dialog", name="Search everything")
    expect(palette.get_by_role("link")).to_have_count(1)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/settings/")


def test_escape_closes_it(settings_page: Page) -> None:
    settings_page.get_by_role("link", name="Search").first.click()
    palette = settings_page.get_by_role("dialog", name="Search everything")
    expect(palette).to_be_visible()
    settings_page.keyboard.press("Escape")
    expect(palette).to_be_hidden()
