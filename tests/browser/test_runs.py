"""Many runs at once without any script: boxes, the question, and the page of outcomes. One run
beside what is usual."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.pages import PAGES
from tests.browser.work_pages import run_rows
from tests.fakes import FakeApi

pytestmark = pytest.mark.browser


def test_what_is_usual_comes_into_the_tiles(visit: Visit, fake_api: FakeApi) -> None:
    PAGES["run"][2](fake_api)
    page = visit("vera", PAGES["run"][1])
    expect(page.locator("#tiles")).to_contain_text("usually $0.265")
    expect(page.locator("#tiles")).to_contain_text("usually 12 d 01 h exit code 0")


def test_ticked_runs_are_deleted_without_scripts(visit: Visit, fake_api: FakeApi) -> None:
    PAGES["runs"][2](fake_api)
    *_, kept, gone = (row["id"] for row in run_rows())
    fake_api.raw("DELETE", f"/v2/actor-runs/{gone}", b"", status=204)
    fake_api.error("DELETE", f"/v2/actor-runs/{kept}", 400, "cannot-delete", "It is needed.")
    page = visit("olga", "/runs/", java_script_enabled=False)
    bar = page.get_by_role("group", name="Bulk actions")
    expect(bar).to_be_hidden()
    for run in (kept, gone):
        page.get_by_label(f"Select run {run}").check()
    bar.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete: 1 of 2 done")
    expect(page.get_by_role("row").filter(has_text=kept)).to_contain_text("It is needed.")
    expect(page.get_by_role("row").filter(has_text=gone)).to_contain_text("Deleted")
