"""WCAG 2.2 AA as far as a machine can tell, on every type of page, and that pages fit."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.pages import PAGES
from tests.fakes import FakeApi

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.urls")]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast"]  # all that the dark theme changes
FOLLOWED = {"run under way"}  # its stream never rests
RUN = """([type, values]) =>
  axe.run({runOnly: {type, values}, resultTypes: ["violations"]})"""
WIDTHS = {"desk": 1440, "tablet": 1024, "desk at 200 %": 720, "phone": 390, "small phone": 360}
SPILLED = """() => [...document.querySelectorAll("body *")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
  .filter((e) => !e.closest("dialog:not([open]), details:not([open])"))
  .filter((e) => !e.closest(".scroll, .log, .tabs, .code, .lined, .clip, .vh"))
  .slice(0, 5).map((e) => e.outerHTML.slice(0, 120))"""
# Fields and buttons above a list that touch or cover the one before.
TOUCHING = """() => [...document.querySelectorAll(".filters")].flatMap((form) => {
  const controls = [...form.querySelectorAll(".input, .select, .button, .menu > summary")]
    .filter((e) => e.checkVisibility()).map((e) => [e, e.getBoundingClientRect()]);
  return controls.slice(1).filter(([, b], i) => {
    const a = controls[i][1];
    const across = Math.max(b.left - a.right, a.left - b.right);
    return Math.max(across, b.top - a.bottom, a.top - b.bottom) < 4;
  }).map(([e]) => e.outerHTML.slice(0, 120));
})"""


def opened(visit: Visit, fake_api: FakeApi, name: str) -> Page:
    person, path, tell = PAGES[name]
    tell(fake_api)
    page = visit(person, path)
    if name not in FOLLOWED:
        page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_the_page_fits(
    visit: Visit, fake_api: FakeApi, axe: str, name: str
) -> None:
    """One visit for both: opening a page costs more than looking at it."""
    page = opened(visit, fake_api, name)
    fits_every_window(page)
    page.evaluate(axe)
    said = []
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="light")
        found = violations(page.evaluate(RUN, ["tag", RULES]))
        said += [f"{width} light {each}" for each in found]
        page.emulate_media(color_scheme="dark")
        found = violations(page.evaluate(RUN, ["rule", COLOURS]))
        said += [f"{width} dark {each}" for each in found]
    assert not said, "\n".join(said)


def violations(found: dict[str, Any]) -> list[str]:
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for rule in found["violations"]
        for node in rule["nodes"]
        if not is_log_line(rule["id"], node["html"])
    ]


def is_log_line(rule: str, html: str) -> bool:
    """The address of a log line is as tall as its line: a log of tall lines would be no log."""
    return rule == "target-size" and 'class="no"' in html


def fits_every_window(page: Page) -> None:
    for window, width in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(SPILLED) == [], window
        assert page.evaluate(TOUCHING) == [], window
        assert page.evaluate("document.documentElement.scrollWidth") <= width, window
