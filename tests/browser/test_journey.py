"""The main job before a whole Callboard: sign in, start, watch, look, take home, start again."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.faults.actors import SLEEPER, make
from tests.stack import Stack, running

pytestmark = [pytest.mark.browser, pytest.mark.processes]
LONG = 90_000  # milliseconds: a sample may still be building
RUN_PAGE = re.compile(r"/runs/\w{17}/")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running(tmp_path_factory.mktemp("journey") / "home") as started:
        yield started


@pytest.fixture(scope="module")
def person(stack: Stack, chromium: Browser) -> Iterator[BrowserContext]:
    """Signed in by the link that `up` printed; Home is where it leads."""
    context = chromium.new_context(base_url=stack.console_url, accept_downloads=True)
    page = context.new_page()
    page.goto(stack.sign_in_url)
    expect(page).to_have_url(stack.console_url + "/")
    yield context
    context.close()


@pytest.fixture
def page(person: BrowserContext) -> Iterator[Page]:
    errors: list[str] = []
    opened = person.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    opened.close()
    assert not errors


@pytest.fixture(scope="module")
def crawled(person: BrowserContext) -> str:
    """The address of a finished run of the crawler, started from its form."""
    page = person.new_page()
    page.goto("/actors/")
    page.get_by_role("link", name="Site crawler").click()
    expect(page.get_by_label("Page limit")).to_have_value("50")
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url(RUN_PAGE)
    done = page.locator('.page-head [data-status="SUCCEEDED"]')
    expect(done).to_be_visible(timeout=LONG)
    address = RUN_PAGE.search(page.url)
    page.close()
    assert address
    return address[0]


def status(page: Page, word: str) -> Any:
    return page.locator(f'.page-head [data-status="{word}"]')


def test_the_link_works_once(stack: Stack, person: BrowserContext, chromium: Browser) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(stack.sign_in_url)
    expect(page).not_to_have_url(stack.console_url + "/")
    context.close()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"startUrls": [{"url": "http://127.0.0.1:9/"}]}, "No page could be read. http://127."),
        ({"startUrls": [{"requestsFromUrl": "http://127.0.0.1:9/"}]}, "A list of URLs could not"),
        ({"fields": [{"key": "a", "value": "((b"}]}, "((b is no CSS selector (field a)"),
    ],
)
def test_a_crawl_that_cannot_be_says_why(
    stack: Stack, crawled: str, given: dict[str, Any], said: str
) -> None:
    whole = {"startUrls": [{"url": f"{stack.api_url}/demo/"}], "maxRetries": 0, **given}
    with stack.api() as api:
        run = api.post("actors/~site-crawler/runs?waitForFinish=60", json=whole).json()["data"]
    assert run["status"] == "FAILED"
    assert run["statusMessage"].startswith(said)


def test_the_finished_run_shows_results_and_figures(page: Page, crawled: str) -> None:
    page.goto(crawled)
    expect(page.get_by_role("table")).to_contain_text("The Lantern House")
    expect(page.locator("#tiles")).to_contain_text("exit code 0")
    for tab in ("Log", "Input", "Storage", "Output"):
        page.get_by_role("navigation", name="Run").get_by_role("link", name=tab).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Crawled")


def test_the_log_can_be_searched(page: Page, crawled: str) -> None:
    page.goto(f"{crawled}log/")
    expect(page.locator("#L1")).to_contain_text("ACTOR:")
    page.get_by_label("Find in the log").fill("paper-crown")
    page.get_by_label("Find in the log").press("Enter")
    expect(page.locator("mark").first).to_have_text("paper-crown")


@pytest.mark.parametrize("kind", ["CSV", "JSON", "JSONL"])
def test_results_are_taken_home(page: Page, crawled: str, kind: str, tmp_path: Path) -> None:
    page.goto(crawled)
    page.get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(kind, exact=True).check(force=True)
    with page.expect_download() as downloading:
        dialog.get_by_role("button", name="Download").click()
    file = tmp_path / "file"
    downloading.value.save_as(file)
    text = file.read_text("utf-8-sig")
    if kind == "CSV":
        rows: Any = list(csv.DictReader(text.splitlines()))
    elif kind == "JSON":
        rows = json.loads(text)
    else:
        rows = [json.loads(line) for line in text.splitlines()]
    assert len(rows) > 20
    assert all(row["title"] for row in rows)


def test_it_starts_again_with_the_input_changed(page: Page, crawled: str) -> None:
    page.goto(crawled)
    page.get_by_role("link", name="Start again").click()
    page.get_by_label("Page limit").fill("3")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(RUN_PAGE)
    expect(status(page, "SUCCEEDED")).to_be_visible(timeout=LONG)
    page.get_by_role("navigation", name="Run").get_by_role("link", name="Input").click()
    expect(page.locator("code").last).to_contain_text('"maxPages": 3')


def test_a_wrong_field_is_told_and_nothing_typed_is_lost(page: Page, crawled: str) -> None:
    page.goto("/actors/")
    page.get_by_role("link", name="Site crawler").click()
    field = page.get_by_label("Page limit")
    field.fill("0")
    page.get_by_role("button", name="Start", exact=True).click()
    assert field.evaluate("field => field.validity.rangeUnderflow")
    expect(field).to_be_focused()
    field.evaluate("field => { field.form.noValidate = true }")  # as a browser without the check
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Use 1 pages or more.")
    expect(page.get_by_label("Page limit")).to_have_value("0")


def test_a_run_is_watched_aborted_and_deleted(page: Page, stack: Stack) -> None:
    with stack.api() as api:
        actor = make(api, "sleeper", SLEEPER)
    page.goto(f"/actors/{actor}/")
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url(RUN_PAGE)
    expect(page.locator("#log-lines")).to_contain_text("asleep")
    expect(status(page, "RUNNING")).to_be_visible()
    page.get_by_role("button", name="Abort", exact=True).click()
    expect(status(page, "ABORTED")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page).to_have_url(re.compile(r"/runs/$"))


def test_the_list_of_runs_changes_by_itself(page: Page, stack: Stack) -> None:
    with stack.api() as api:
        actor = make(api, "sleeper", SLEEPER)
        page.goto("/runs/?status=RUNNING")
        expect(page.get_by_text("No run fits these filters")).to_be_visible()
        run = api.post(f"actors/{actor}/runs").json()["data"]["id"]
        row = page.get_by_role("row").filter(has_text=run)
        expect(row.locator('[data-status="RUNNING"]')).to_be_visible(timeout=15_000)
        api.post(f"actor-runs/{run}/abort")
        expect(row).to_have_count(0, timeout=15_000)


def test_many_runs_are_compared_aborted_and_deleted(page: Page, stack: Stack) -> None:
    with stack.api() as api:
        actor = make(api, "sleeper", SLEEPER)
        runs = [api.post(f"actors/{actor}/runs").json()["data"]["id"] for _ in range(3)]
    page.goto(f"/runs/?actor={actor}&status=READY,RUNNING")
    for run in runs[:2]:
        page.get_by_label(f"Select run {run}").check()
    expect(page.locator("[data-selected]")).to_have_text("2 selected")
    page.get_by_role("button", name="Compare two").click()
    expect(page.get_by_role("table", name="Figures and options of both")).to_contain_text(runs[0])
    page.go_back()
    page.get_by_role("link", name="Act on all of them").click()
    page.get_by_role("button", name="Abort", exact=True).click()
    page.get_by_role("button", name="Abort them").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Abort: 3 of 3 done")
    page.goto(f"/runs/?actor={actor}")
    for run in runs:
        row = page.get_by_role("row").filter(has_text=run)
        expect(row.locator('[data-status="ABORTED"]')).to_be_visible(timeout=20_000)
        page.get_by_label(f"Select run {run}").check()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete: 3 of 3 done")
    page.get_by_role("link", name="Back to the runs").click()
    expect(page.locator("#rows")).not_to_contain_text(runs[0])


def test_a_run_is_rebooted_changed_and_resurrected(page: Page, stack: Stack) -> None:
    with stack.api() as api:
        actor = make(api, "sleeper", SLEEPER)
        run = api.post(f"actors/{actor}/runs").json()["data"]["id"]
    page.goto(f"/runs/{run}/")
    expect(page.locator("#log-lines")).to_contain_text("asleep")
    page.get_by_label("More actions").click()
    page.get_by_role("button", name="Reboot", exact=True).click()
    page.get_by_role("button", name="Reboot it").click()
    expect(page.get_by_text("asleep")).to_have_count(2, timeout=20_000)
    page.get_by_label("More actions").click()
    page.get_by_role("link", name="Metamorph").click()
    page.get_by_label("Actor", exact=True).select_option(label="Hello world")
    page.get_by_label("Input, as JSON").fill('{"count": 1, "pauseSecs": 0}')
    page.get_by_role("button", name="Metamorph").click()
    expect(status(page, "SUCCEEDED")).to_be_visible(timeout=20_000)
    page.get_by_label("More actions").click()
    page.get_by_role("link", name="Resurrect with other options").click()
    page.get_by_role("form", name="Resurrect").get_by_label("Memory").select_option("512")
    page.get_by_role("form", name="Resurrect").get_by_role("button", name="Resurrect").click()
    page.wait_for_url(re.compile(rf"/runs/{run}/$"), wait_until="commit")
    expect(page.get_by_role("definition").filter(has_text="512 MB")).to_be_visible()
    expect(status(page, "SUCCEEDED")).to_be_visible(timeout=20_000)


def test_f19_a_double_click_starts_one_run(page: Page, stack: Stack) -> None:
    with stack.api() as api:
        actor = make(api, "sleeper", SLEEPER)
        before = api.get(f"actors/{actor}/runs").json()["data"]["total"]
        page.goto(f"/actors/{actor}/")
        page.get_by_role("button", name="Start", exact=True).dblclick()
        page.wait_for_url(RUN_PAGE)
        runs = api.get(f"actors/{actor}/runs?desc=1").json()["data"]
        assert runs["items"][0]["meta"]["origin"] == "WEB"
        api.post(f"actor-runs/{runs['items'][0]['id']}/abort")
    assert runs["total"] == before + 1


def test_an_actor_is_made_edited_built_and_run(page: Page) -> None:
    page.goto("/actors/")
    page.get_by_role("link", name="New Actor").first.click()
    page.get_by_role("textbox", name="Name").fill("made-here")
    page.get_by_role("button", name="Create").click()
    page.get_by_role("link", name="main.py").click()
    area = page.get_by_label("Text of main.py")
    area.fill(area.input_value().replace("print(greeting", "print('edited', greeting"))
    expect(page.locator('.lined [data-token="word"]').first).to_have_text("import")
    page.get_by_role("button", name="Save and build").click()
    beside = page.locator("#beside")
    expect(beside.locator('[data-status="SUCCEEDED"]')).to_be_visible(timeout=LONG)
    expect(beside.get_by_role("log")).to_contain_text("done")
    beside.get_by_role("link", name="Start").click()
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url(RUN_PAGE)
    expect(status(page, "SUCCEEDED")).to_be_visible(timeout=LONG)
    expect(page.get_by_role("table")).to_contain_text("Hello world")
    page.get_by_role("navigation", name="Run").get_by_role("link", name="Log").click()
    expect(page.locator("#log-lines")).to_contain_text("edited Hello world")


def test_without_scripts_a_run_can_be_started(stack: Stack, person: BrowserContext) -> None:
    browser = person.browser
    assert browser is not None
    context = browser.new_context(
        base_url=stack.console_url,
        java_script_enabled=False,
        storage_state=person.storage_state(),
    )
    page = context.new_page()
    page.goto("/actors/")
    page.get_by_role("link", name="Hello world").click()
    page.get_by_label("Times", exact=False).fill("1")
    page.get_by_role("button", name="Start", exact=True).click()
    page.wait_for_url(RUN_PAGE)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    context.close()
