"""F-01 and F-07: whatever the API does or says, every page is a page."""

import json
import random
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from django.core.cache import cache

from tests.browser.pages import PAGES, PARTS
from tests.conftest import Browse
from tests.fakes import FakeApi

pytestmark = pytest.mark.urls("tests.browser.urls")
WALKED = PAGES | PARTS
CALM = {200, 204, 302, 303, 404, 410, 502, 503, 504}
REFUSED = {"not allowed": 403}
CAUSES = {
    "refused": httpx.ConnectError("[Errno 111] Connection refused"),
    "no TLS": httpx.ConnectError("[SSL: WRONG_VERSION_NUMBER] wrong version number"),
    "too slow": httpx.ReadTimeout("timed out"),
}
STRANGE: list[Any] = [
    None, True, -1, 0, 1.5, 10**30, "", "x", "\ud800", "<script>", "9999-99-99T99:99:99Z", [], {},
    [None], [[]], {"a": {}}, "2026-02-30T00:00:00.000Z", "0001-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z", "NEVER-SEEN", ["x"], "a" * 5000,
]  # fmt: skip


def look(browser: Browse, name: str) -> None:
    person, path, _ = WALKED[name]
    cache.clear()
    answer = browser(person).get(path)
    assert answer.status_code in CALM | {REFUSED.get(name)}, (answer.status_code, path)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined] # a stream has one
    assert b"Traceback" not in content


@pytest.mark.parametrize("name", WALKED)
def test_f01_every_page_lives_without_its_api(
    browser: Browse, fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    WALKED[name][2](fake_api)
    for problem in CAUSES.values():

        def fail(_: httpx.Request, problem: Exception = problem) -> httpx.Response:
            raise problem

        monkeypatch.setattr(fake_api, "handle", fail)
        look(browser, name)


def spoiled(value: Any, dice: random.Random) -> Any:
    """`value` with one node replaced, removed or renamed, somewhere."""
    if isinstance(value, dict) and value and dice.random() < 0.8:
        key = dice.choice(list(value))
        rest = {name: each for name, each in value.items() if name != key}
        way = dice.random()
        if way < 0.15:
            return rest
        return rest | {key + "x" if way < 0.2 else key: spoiled(value[key], dice)}
    if isinstance(value, list) and value and dice.random() < 0.8:
        place = dice.randrange(len(value))
        return [spoiled(e, dice) if at == place else e for at, e in enumerate(value)]
    return dice.choice(STRANGE)


def spoil(
    handle: Callable[[httpx.Request], httpx.Response], dice: random.Random
) -> Callable[[httpx.Request], httpx.Response]:
    def spoiling(request: httpx.Request) -> httpx.Response:
        try:
            answer = handle(request)
        except AssertionError:  # what a spoiled answer led to
            return httpx.Response(404, content=b"nothing here")
        try:
            value = json.loads(answer.read())
        except ValueError:
            return answer
        text = json.dumps(spoiled(value, dice)).encode()
        headers = {"content-type": answer.headers["content-type"]}
        return httpx.Response(answer.status_code, headers=headers, content=text)

    return spoiling


@pytest.mark.parametrize("rounds", [3, pytest.param(200, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", WALKED)
def test_f07_no_answer_breaks_a_page(
    browser: Browse, fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch, name: str, rounds: int
) -> None:
    seed = random.randrange(1 << 32)
    WALKED[name][2](fake_api)
    handle = fake_api.handle
    for number in range(rounds):
        dice = random.Random(f"{seed} {number}")
        monkeypatch.setattr(fake_api, "handle", spoil(handle, dice))
        try:
            look(browser, name)
        except Exception as problem:
            raise AssertionError(f"seed {seed}, round {number}") from problem
    fake_api.unknown.clear()
