"""Many runs at once without any script: boxes, the question, and the page of outcomes. One run
beside what is usual."""

import pytest
from playwright.sync_api import Page, expect

from tests.apps.runs import test_pages as runs
from tests.browser.conftest import STREAM, Visit
from tests.browser.pages import PAGES, shell
from tests.browser.work_pages import earlier, run_rows
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


SWAP = """() => { document.getElementById("main").firstElementChild.id = "before";
    htmx.ajax("GET", location.href, {target: "#main", select: "#main", swap: "outerHTML"}) }"""
GROW = """number => document.getElementById("log-lines").insertAdjacentHTML("beforeend",
    `<li id="L${number}" data-level="E"><p>bad</p></li><li data-more data-level="E"></li>`)"""
GONE = """() => { document.querySelector(".log").remove();
    document.dispatchEvent(new Event("htmx:after:swap")) }"""
LINES = "".join(f"2026-01-01T00:00:00.000Z line-{n}.\n" for n in range(300))


def growing(visit: Visit, fake_api: FakeApi, query: str = "") -> Page:
    """The log of a run under way, whose stream stays open."""
    shell(fake_api)
    earlier(fake_api)
    runs.tell(fake_api, LINES, status="RUNNING", finishedAt=None, exitCode=None)
    page = visit("olga", "/workspaces/")
    page.context.route(STREAM, lambda _: None)
    page.goto(f"{runs.PAGE}log/{query}")
    return page


def test_a_log_is_followed_and_counted_after_its_page_was_renewed(
    visit: Visit, fake_api: FakeApi
) -> None:
    page = growing(visit, fake_api)
    levels = page.get_by_role("navigation", name="Level")
    page.evaluate(SWAP)
    expect(page.locator("#before")).to_have_count(0)
    expect(page.locator("#L300")).to_be_in_viewport()
    page.evaluate(GROW, 301)
    expect(page.locator("#L301")).to_be_in_viewport()
    expect(levels).to_contain_text("Errors 1")
    page.get_by_role("button", name="Follow", pressed=True).click()
    for number in (302, 303, 304):
        page.evaluate(GROW, number)
    expect(levels).to_contain_text("Errors 4")
    expect(page.locator("#L304")).not_to_be_in_viewport()
    page.get_by_role("button", name="Follow", pressed=False).click()
    fake_api.forget("GET", runs.API)
    runs.tell(fake_api, LINES, status="FAILED")
    page.evaluate(SWAP)
    expect(page.get_by_text("300 lines")).to_be_visible()
    expect(page.locator("#L300")).to_be_in_viewport()
    page.evaluate(GONE)
    page.get_by_role("heading", level=1).click()  # without a log there is nothing to leave


def test_results_come_while_they_are_looked_at(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    runs.tell(fake_api, status="RUNNING", finishedAt=None, exitCode=None, items=[])
    page = visit("olga", "/workspaces/")
    page.context.route(STREAM, lambda _: None)
    page.clock.install()
    page.goto(f"{runs.PAGE}output/")
    expect(page.get_by_text("They appear here")).to_be_visible()
    for part in ("dataset", "dataset/items"):
        fake_api.forget("GET", f"{runs.API}/{part}")
    runs.tell(fake_api, status="RUNNING", finishedAt=None, items=[{"name": "first of them"}])
    page.clock.run_for(6000)
    expect(page.get_by_role("cell", name="first of them")).to_be_visible()
    expect(page.get_by_text("The first 1 of 1.")).to_be_visible()


def test_a_search_shows_its_hit_and_says_that_lines_stay_away(
    visit: Visit, fake_api: FakeApi
) -> None:
    page = growing(visit, fake_api, "?find=line-120.")
    expect(page.locator("#L121")).to_be_in_viewport()
    expect(page.locator("#L121")).to_have_attribute("aria-current", "true")
    expect(page.get_by_role("button", name="Follow")).to_have_count(0)
    expect(page.get_by_text("New lines are not added while you search.")).to_be_visible()
