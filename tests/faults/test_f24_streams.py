"""F-24 and F-25: a log followed over broken connections and a restarted Console is the log."""

import random
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.bench.console import signed_in
from tests.faults.actors import CALL, make, said, start
from tests.stack import Stack, wait_for

pytestmark = pytest.mark.processes

WRITER = (
    CALL
    + """
for n in range(150):
    print("line", n, flush=True)
    time.sleep(0.04)
"""
)
LINE = re.compile(r'<li id="L(\d+)".*?<p>(.*?)</p>')
AT_BEGINNING = "0-1-00000000"


@pytest.fixture(scope="module")
def person(stack: Stack) -> Iterator[httpx.Client]:
    with signed_in(stack) as client:
        yield client


@pytest.fixture
def run(stack: Stack) -> str:
    with stack.api() as api:
        return start(api, make(api, "writer", WRITER))


def some_lines(
    person: httpx.Client, run: str, after: str, most: int
) -> tuple[list[str], str, bool]:
    """(lines, id to go on from, whether the stream said that it is over)."""
    found: list[str] = []
    headers = {"Last-Event-ID": after}
    url = f"/runs/{run}/events/?shown=RUNNING&after={AT_BEGINNING}"
    with person.stream("GET", url, headers=headers) as answer:
        assert answer.status_code == 200
        place = after
        for line in answer.iter_lines():
            if line.startswith("id: "):
                place = line.removeprefix("id: ")
            found += [text for _, text in LINE.findall(line)]
            if line == "event: end":
                return found, place, True
            if len(found) >= most and not line:
                return found, place, False
    return found, place, False


def written(stack: Stack, run: str) -> list[str]:
    with stack.api() as api:
        return [line[25:] for line in api.get(f"logs/{run}").text.splitlines()]


def test_f24_reconnecting_often_neither_loses_nor_repeats_a_line(
    stack: Stack, person: httpx.Client, run: str
) -> None:
    dice = random.Random(24)
    followed: list[str] = []
    place, over = AT_BEGINNING, False
    while not over:
        lines, place, over = some_lines(person, run, place, dice.randint(1, 9))
        followed += lines
    assert followed == written(stack, run)


def test_f25_the_tail_goes_on_after_the_console_was_killed(
    stack: Stack, person: httpx.Client, run: str
) -> None:
    followed, place, _ = some_lines(person, run, AT_BEGINNING, 20)
    stack.child("console.asgi").kill()

    def again() -> tuple[list[str], str, bool] | None:
        try:
            return some_lines(person, run, place, 10_000)
        except httpx.HTTPError:
            return None

    lines, _, over = wait_for(again)
    assert over
    assert followed + lines == written(stack, run)


def test_f24_an_id_that_means_nothing_is_told_and_followed_live(
    stack: Stack, person: httpx.Client, run: str
) -> None:
    with stack.api() as api:
        said(api, run, "line 3")
        for after in ("-5", "x", "999999999-1-00000000", "12-3-deadbeef", "9" * 400):
            lines, _, _ = some_lines(person, run, after, 2)
            assert lines, after
        api.post(f"actor-runs/{run}/abort")
