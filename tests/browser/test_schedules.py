"""The editor of a schedule: what it says while one types, without scripts, and to two people."""

import pytest
from playwright.sync_api import expect

from tests.apps.schedules.made import schedule_json
from tests.apps.schedules.test_pages import API, PAGE, tell
from tests.browser.conftest import Visit
from tests.browser.pages import shell
from tests.browser.test_axe import RULES, RUN, fits_every_window, violations
from tests.fakes import FakeApi

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.urls")]


def test_words_and_dates_follow_what_is_typed(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    tell(fake_api)
    page = visit("olga", PAGE)
    page.get_by_text("Cron", exact=True).click()
    page.get_by_label("Cron expression").fill("61 * * * *")
    expect(page.locator("#sentence")).to_contain_text("Minutes go from 0 to 59.")
    page.get_by_label("Cron expression").fill("15 4 * * *")
    expect(page.locator("#sentence")).to_contain_text("At 04:15 every day")
    expect(page.locator("#next")).to_contain_text("04:15")
    page.get_by_text("Weekly", exact=True).click()
    page.get_by_text("Sun", exact=True).click()
    expect(page.locator("#sentence")).to_contain_text("Sunday")


def test_it_can_be_tried_without_scripts(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    page = visit("vera", "/schedules/preview/?mode=daily", java_script_enabled=False)
    page.get_by_label("At", exact=True).fill("04:15")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("#sentence")).to_contain_text("At 04:15 every day")


def test_f22_both_versions_are_shown_side_by_side(
    visit: Visit, fake_api: FakeApi, axe: str, problems: list[str]
) -> None:
    shell(fake_api)
    fake_api.data("GET", API, schedule_json())
    tell(fake_api, timezone="Asia/Tokyo", description="Theirs " * 40)
    fake_api.data("PUT", API, schedule_json())
    page = visit("olga", PAGE)
    page.get_by_label("Description").fill("Mine")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "prices-nightly was changed meanwhile"
    )
    problems.clear()  # the browser complains of the status 409
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(axe)
        assert violations(page.evaluate(RUN, ["tag", RULES])) == []
    fits_every_window(page)
    page.get_by_role("button", name="Save mine anyway").click()
    page.wait_for_url(f"**{PAGE}")
    [call] = fake_api.made("PUT", API)
    assert call.json() == {"description": "Mine", "timezone": "Europe/Prague"}
