"""What a script looks for by role and by words is there once, whatever the figures beside it."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_axe import opened
from tests.fakes import FakeApi

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.urls")]

TABS = {
    "actor input": ["Input", "Information", "Runs", "Builds", "Source", "Settings"],
    "run output": ["Output", "Log", "Input", "Storage"],
}
BUTTONS = {
    "actor input": ["Start"],
    "run output": ["Export", "Delete"],
    "run under way": ["Abort", "Abort gracefully"],
}
BUTTON_OF_PAGE = [(page, name) for page, names in BUTTONS.items() for name in names]


@pytest.mark.parametrize("name", TABS)
def test_tabs_are_called_what_they_are(visit: Visit, fake_api: FakeApi, name: str) -> None:
    tabs = opened(visit, fake_api, name).locator("nav.tabs")
    for label in TABS[name]:
        for found in (
            tabs.get_by_role("link", name=label, exact=True),
            tabs.get_by_text(label, exact=True),
        ):
            expect(found).to_have_count(1)


@pytest.mark.parametrize("window", [(1440, 900), (390, 800)])
@pytest.mark.parametrize(("name", "label"), BUTTON_OF_PAGE)
def test_a_button_is_there_once_and_nothing_lies_over_it(
    visit: Visit, fake_api: FakeApi, name: str, label: str, window: tuple[int, int]
) -> None:
    page = opened(visit, fake_api, name)
    page.set_viewport_size({"width": window[0], "height": window[1]})
    for found in (
        page.get_by_role("button", name=label, exact=True),
        visible(page, f'button:text-is("{label}")'),
    ):
        expect(found).to_have_count(1)
        expect(found).to_be_in_viewport()
        found.click(trial=True)


def visible(page: Page, selector: str) -> Locator:
    return page.locator(selector).filter(visible=True)
