"""Each behaviour of static/js is touched once by hand, and what must work without it too."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.pages import PAGES, shell
from tests.fakes import FakeApi, run_json
from tests.fakes import page as runs_page

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.urls")]

GUIDE = "/styleguide/"


@pytest.fixture
def guide(visit: Visit, fake_api: FakeApi) -> Page:
    PAGES["styleguide"][2](fake_api)
    page = visit("ada", GUIDE)
    page.wait_for_load_state("networkidle")
    return page


def test_the_theme_changes_at_once_and_stays(guide: Page) -> None:
    toggle = guide.locator("[data-theme-toggle]")
    toggle.click()
    expect(guide.locator("html")).to_have_attribute("data-theme", "light")
    toggle.click()
    guide.reload()
    expect(guide.locator("html")).to_have_attribute("data-theme", "dark")
    guide.locator("[data-theme-toggle]").click()
    expect(guide.locator("html")).not_to_have_attribute("data-theme", re.compile(".*"))


def test_two_letters_go_to_a_section(guide: Page) -> None:
    guide.keyboard.press("g")
    guide.keyboard.press("s")
    guide.wait_for_url("**/settings/")


def test_letters_typed_into_a_field_are_text(guide: Page) -> None:
    field = guide.get_by_label("Name")
    field.focus()
    field.press_sequentially("gs?")
    expect(field).to_have_value("gs?")
    assert guide.url.endswith(GUIDE)


def test_a_question_mark_lists_the_shortcuts(guide: Page) -> None:
    guide.keyboard.press("?")
    expect(guide.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    guide.keyboard.press("Escape")
    expect(guide.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()


def test_single_letters_can_be_turned_off(guide: Page) -> None:
    guide.keyboard.press("?")
    guide.get_by_role("switch", name="Single letters are shortcuts").click()
    guide.keyboard.press("Escape")
    guide.keyboard.press("?")
    expect(guide.locator("#shortcuts")).to_be_hidden()


def test_a_dialog_opens_without_a_request_and_gives_focus_back(guide: Page) -> None:
    link = guide.get_by_role("link", name="Export")
    link.click()
    dialog = guide.get_by_role("dialog", name="Export 3,389 rows")
    expect(dialog).to_be_visible()
    assert guide.url.endswith(GUIDE)
    expect(dialog.locator(".body input").first).to_be_focused()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


def test_a_dialog_with_an_address_leaves_it_when_closed(guide: Page) -> None:
    guide.goto(f"{GUIDE}?dialog=sample")
    expect(guide.locator("#sample:modal")).to_be_visible()
    guide.keyboard.press("Escape")
    expect(guide).to_have_url(re.compile(f"{GUIDE}$"))


def test_a_menu_closes_on_escape_and_elsewhere(guide: Page) -> None:
    menu = guide.get_by_label("More actions")
    inside = guide.get_by_role("link", name="Rename")
    menu.click()
    expect(inside).to_be_visible()
    guide.keyboard.press("Escape")
    expect(inside).to_be_hidden()
    menu.click()
    guide.get_by_role("heading", name="Styleguide").click()
    expect(inside).to_be_hidden()


def test_copying_is_announced(guide: Page) -> None:
    guide.context.grant_permissions(["clipboard-read", "clipboard-write"])
    guide.get_by_role("button", name="Copy run ID").click()
    expect(guide.locator("#live")).to_have_text("Copied.")
    assert guide.evaluate("navigator.clipboard.readText()") == "Hk3Qz8VtN0pLx1c"


def test_a_toast_is_shown_as_text_and_can_be_dismissed(guide: Page) -> None:
    guide.evaluate(
        """document.body.dispatchEvent(new CustomEvent("toast",
           {bubbles: true, detail: {text: "<b>Gone</b>", tone: "error"}}))"""
    )
    toast = guide.locator("#toasts .toast")
    expect(toast).to_contain_text("<b>Gone</b>")
    toast.get_by_role("button", name="Dismiss").click()
    expect(toast).to_have_count(0)


def test_running_times_tick(guide: Page) -> None:
    time = guide.locator("time[data-since]").first
    before = time.text_content()
    expect(time).not_to_have_text(before or "")


def test_one_box_selects_the_page(guide: Page) -> None:
    form = guide.locator("form[data-selectable]")
    expect(form.locator("[data-selected]")).to_have_text("1 selected")
    guide.get_by_label("Select this page").check()
    expect(form.locator("[data-selected]")).to_have_text("4 selected")
    guide.get_by_label("Select run 2").uncheck()
    assert guide.get_by_label("Select this page").evaluate("box => box.indeterminate")


def test_the_bulk_bar_is_there_when_rows_are_selected(guide: Page) -> None:
    bar = guide.get_by_role("group", name="Bulk actions")
    expect(bar).to_be_visible()
    guide.get_by_label("Select run 1").uncheck()
    expect(bar).to_be_hidden()


def test_arrow_keys_go_from_row_to_row(guide: Page) -> None:
    boxes = guide.locator("tbody input[type=checkbox]")
    boxes.first.focus()
    guide.keyboard.press("ArrowDown")
    expect(boxes.nth(1)).to_be_focused()
    guide.keyboard.press("ArrowUp")
    guide.keyboard.press("ArrowUp")
    expect(boxes.first).to_be_focused()


def test_a_page_is_printed_without_its_controls(guide: Page) -> None:
    guide.emulate_media(media="print")
    expect(guide.get_by_role("heading", level=1)).to_be_visible()
    expect(guide.locator(".sidebar")).to_be_hidden()
    expect(guide.locator(".page-head > .row")).to_be_hidden()


def test_choosing_a_page_length_is_enough(guide: Page) -> None:
    guide.locator("select[name=limit]").select_option("100")
    guide.wait_for_url("**limit=100*")


def test_being_offline_is_said(guide: Page) -> None:
    guide.context.set_offline(True)
    expect(guide.get_by_text("Live updates are paused")).to_be_visible()
    guide.context.set_offline(False)
    expect(guide.get_by_text("Live updates are paused")).to_be_hidden()


def test_an_api_that_is_not_reached_is_said(guide: Page) -> None:
    tell = "word => htmx.trigger(document.body, 'upstream', {data: word})"
    banner = guide.locator("#paused")
    banner.evaluate("found => found.replaceWith(found.cloneNode(true))")  # as a swap of the page
    guide.evaluate(tell, "down")
    expect(guide.get_by_text("Live updates are paused")).to_be_visible()
    guide.evaluate(tell, "up")
    expect(guide.get_by_text("Live updates are paused")).to_be_hidden()


def test_a_form_is_sent_once(visit: Visit, fake_api: FakeApi) -> None:
    PAGES["settings"][2](fake_api)
    page = visit("vera", "/settings/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    twice = "button => { button.click(); button.click(); }"
    page.get_by_role("button", name="Save").evaluate(twice)
    expect(page.locator("#toasts")).to_contain_text("saved")
    assert sent.count("POST") == 1


def test_a_request_that_never_arrived_is_told(guide: Page, problems: list[str]) -> None:
    guide.route("**/operations/seen/", lambda route: route.abort())
    button = guide.get_by_role("button", name="Plain")
    button.evaluate("source => htmx.ajax('POST', '/operations/seen/', {source})")
    expect(guide.locator("#toasts")).to_contain_text("The Console did not answer")
    problems.clear()


def test_what_changed_is_said_once(guide: Page) -> None:
    turn = """htmx.ajax("GET", "/styleguide/?page=2",
      {target: ".pager", select: ".pager", swap: "outerHTML"})"""
    guide.evaluate(turn)
    expect(guide.locator("#live")).to_have_text("51 to 100 of 1,284")
    guide.evaluate("document.getElementById('live').textContent = ''")
    guide.evaluate(turn)
    expect(guide.locator("#live")).to_be_empty()


def test_destroying_asks_first_even_without_a_script(visit: Visit, fake_api: FakeApi) -> None:
    PAGES["styleguide"][2](fake_api)
    page = visit("ada", GUIDE, java_script_enabled=False)
    page.get_by_role("region", name="Buttons").get_by_role("button", name="Delete").click()
    asked = page.get_by_role("dialog", name="Delete this run?")
    expect(asked).to_be_visible()
    asked.get_by_role("button", name="Keep it").click()
    expect(asked).to_be_hidden()


def test_the_page_works_without_a_script(visit: Visit, fake_api: FakeApi) -> None:
    page = visit("ada", f"{GUIDE}?dialog=sample", java_script_enabled=False)
    dialog = page.get_by_role("dialog", name="Export 3,389 rows")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    page.get_by_label("More actions").click()
    expect(page.get_by_role("link", name="Rename")).to_be_visible()
    expect(page.locator("[data-theme-toggle]")).to_be_hidden()


def test_the_keyboard_reaches_the_content_first(guide: Page) -> None:
    guide.keyboard.press("Tab")
    skip = guide.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    skip.press("Enter")
    expect(guide.locator("#main")).to_be_focused()


def test_nothing_moves_for_who_wants_no_motion(guide: Page) -> None:
    moving = "() => document.getAnimations().length"
    guide.emulate_media(reduced_motion="no-preference")
    assert guide.evaluate(moving) > 0
    guide.emulate_media(reduced_motion="reduce")
    guide.get_by_role("button", name="Start", exact=True).first.hover()
    assert guide.evaluate(moving) == 0


def test_a_card_names_no_figure_that_is_not_known(visit: Visit, fake_api: FakeApi) -> None:
    PAGES["actors"][2](fake_api)
    page = visit("luke", "/actors/", viewport={"width": 390, "height": 800})
    row = page.locator("tr", has_text="Site crawler")
    expect(row.locator("[data-label=Runs]")).to_be_visible()
    expect(row.locator("[data-label=Duration]")).to_be_hidden()


def test_a_run_that_ends_is_said(visit: Visit, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/acts", runs_page([]))
    fake_api.data("GET", "/v2/actor-runs", runs_page([run_json(status="RUNNING")]))
    fake_api.data("GET", "/v2/actor-runs", runs_page([run_json(status="FAILED")]))
    shell(fake_api)
    page = visit("vera", "/runs/")
    page.evaluate("htmx.trigger('#stream', 'rows')")
    expect(page.locator("#live")).to_have_text("Runs on this page: 1 failed")


@pytest.mark.parametrize("name", ["home", "runs", "styleguide"])
def test_a_first_view_is_light(visit: Visit, fake_api: FakeApi, name: str) -> None:
    """At most 90 kB on the wire in at most 8 requests, with an empty cache."""
    person, path, tell = PAGES[name]
    tell(fake_api)
    page = visit(person, "about:blank")
    asked: list[str] = []
    received: list[float] = []
    page.on("request", lambda request: asked.append(request.url))
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda it: received.append(it["encodedDataLength"]))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert len(set(asked)) <= 8, asked  # the icons serve twice, and come once
    assert sum(received) <= 90_000


def test_a_form_that_came_back_shows_its_first_fault(visit: Visit, fake_api: FakeApi) -> None:
    shell(fake_api)
    page = visit("ada", "/settings/")
    page.get_by_label("New password").fill("short")
    page.locator("form[action$='/password/'] button").click()
    expect(page.get_by_label("New password")).to_be_focused()


def test_a_refused_publication_is_brought_into_view(visit: Visit, fake_api: FakeApi) -> None:
    who, address, tell = PAGES["actor settings to edit"]
    tell(fake_api)
    page = visit(who, address)
    form = page.get_by_role("form", name="Publication")
    form.get_by_role("button", name="Publish", exact=True).click()
    form.get_by_role("button", name="Publish now").click()
    expect(form.get_by_text("Choose at least one category.")).to_be_in_viewport()
