"""A saved task as a person uses it who writes no code: two fields changed, Start, a run."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.apps.tasks.told import API, PAGE, RUNS, tell
from tests.browser.conftest import Visit
from tests.browser.pages import shell
from tests.browser.test_forms import tell_no_run
from tests.fakes import RUN_ID, FakeApi

pytestmark = pytest.mark.browser


def opened(visit: Visit, fake_api: FakeApi, person: str, path: str) -> Page:
    shell(fake_api)
    tell(fake_api, actName="site-crawler")
    tell_no_run(fake_api)
    return visit(person, path)


def test_two_fields_and_start_are_one_run(
    visit: Visit, fake_api: FakeApi, problems: list[str]
) -> None:
    page = opened(visit, fake_api, "luke", "/tasks/")
    page.get_by_role("link", name="daily").click()
    page.get_by_label("Name", exact=False).first.fill("Ben")
    page.get_by_label("Most").fill("5")
    page.get_by_role("button", name="Start", exact=True).dblclick()
    page.wait_for_url(re.compile(f"/runs/{RUN_ID}/"))
    [call] = fake_api.made("POST", RUNS)
    assert call.json() == {"name": "Ben", "most": 5}
    assert not fake_api.made("PUT", API)
    problems.clear()  # the run's page is not told


def test_a_shortcut_leads_to_the_tasks(visit: Visit, fake_api: FakeApi) -> None:
    page = opened(visit, fake_api, "olga", f"{PAGE}settings/")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/tasks/")
    page.get_by_label("Select daily").check()
    expect(page.get_by_role("button", name="Start selected")).to_be_visible()
