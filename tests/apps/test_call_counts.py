"""How many calls to the API each type of page makes: a budget, committed beside the pages.

`call_counts.json` has a row for each name in `tests.browser.pages`. A page that asks more than its
row says, or less, fails here; so does a page without a row and a route that no page walks.
"""

import json
from pathlib import Path

import httpx
import pytest
from django.core.cache import cache
from django.urls import Resolver404, resolve

from tests.browser.pages import PAGES, PARTS
from tests.conftest import Browse
from tests.fakes import FakeApi
from tests.routes import routes

pytestmark = pytest.mark.urls("tests.browser.urls")

COUNTS: dict[str, int] = json.loads(Path(__file__).with_name("call_counts.json").read_text())
WALKED = PAGES | PARTS
REFUSED = 405
STATUSES = {"nothing there": 404, "not allowed": 403, "run that is gone": 404, "used link": 410}
NO_PAGES = {
    "datasets:export": "the event loop streams it; the page at this address shows its problems",
    "key_value_stores:archive": "the event loop streams it",
    "runs:previous": "leads to another run",
    "runs:next": "leads to another run",
    "actors:run": "leads to the run, for programs that know it by this address",
    "key_value_stores:raw": "the event loop streams it",
    "health": "says ok to whoever watches the process",
}


@pytest.mark.parametrize("name", WALKED)
def test_a_page_makes_the_calls_of_its_row(browser: Browse, fake_api: FakeApi, name: str) -> None:
    """Counted with nothing remembered, which is the most that the page ever asks."""
    person, path, tell = WALKED[name]
    client = browser(person)
    tell(fake_api)
    cache.clear()
    assert client.get(path).status_code == STATUSES.get(name, 200)
    made = [f"{call.method} {call.path}" for call in fake_api.calls]
    row = f'"{name}": {len(made)}'
    assert COUNTS.get(name) == len(made), f"call_counts.json wants the row {row}: {made}"


def test_every_row_is_of_a_page() -> None:
    assert set(COUNTS) == set(WALKED)
    assert list(COUNTS) == sorted(COUNTS)


def test_every_page_is_walked(
    browser: Browse, fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Actions refuse GET; a route that does not is a page, or has its reason above."""
    walked = {name_at(path) for _, path, _ in WALKED.values()}
    monkeypatch.setattr(fake_api, "handle", lambda _: httpx.Response(404))
    client = browser("ada")
    left = [route for route in routes() if route.name not in walked | set(NO_PAGES)]
    assert [route.name for route in left if client.get(route.path).status_code != REFUSED] == []


def name_at(path: str) -> str:
    try:
        return resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return ""
