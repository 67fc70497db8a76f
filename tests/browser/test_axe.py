"""WCAG 2.2 AA as far as a machine can tell, on every type of page, and that pages fit."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit
from tests.browser.pages import PAGES
from tests.fakes import FakeApi

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.urls")]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [(1440, "light"), (1440, "dark"), (390, "light"), (390, "dark")]
WIDTHS = {"desk": 1440, "tablet": 1024, "phone": 390, "small phone": 360, "desk at 200 %": 720}
SPILLED = """() => [...document.querySelectorAll("body *")]
  .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
  .filter((e) => !e.closest("dialog:not([open]), details:not([open])"))
  .filter((e) => !e.closest(".scroll, .log, .tabs, .code, .clip, .vh"))
  .slice(0, 5).map((e) => e.outerHTML.slice(0, 120))"""


def opened(visit: Visit, fake_api: FakeApi, name: str, **options: Any) -> Page:
    person, path, tell = PAGES[name]
    tell(fake_api)
    page = visit(person, path, **options)
    page.wait_for_load_state("networkidle")
    return page


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[0]} {look[1]}")
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(
    visit: Visit, fake_api: FakeApi, axe: str, name: str, look: tuple[int, str]
) -> None:
    size = {"width": look[0], "height": 900}
    page = opened(visit, fake_api, name, viewport=size, color_scheme=look[1])
    page.evaluate(axe)
    found = page.evaluate(
        "(tags) => axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        RULES,
    )
    said = [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for rule in found["violations"]
        for node in rule["nodes"]
        if not is_log_line(rule["id"], node["html"])
    ]
    assert not said, "\n".join(said)


def is_log_line(rule: str, html: str) -> bool:
    """The address of a log line is as tall as its line: a log of tall lines would be no log."""
    return rule == "target-size" and 'class="no"' in html


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_its_window(visit: Visit, fake_api: FakeApi, name: str, width: int) -> None:
    page = opened(visit, fake_api, name, viewport={"width": width, "height": 800})
    assert page.evaluate(SPILLED) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
