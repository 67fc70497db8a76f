"""What open pages are told while the API is away."""

from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.runs import streams
from console.api.errors import ApiError, Refused, Unreachable
from console.live.feed import Feed, View
from console.roles import Role

DOWN, UP = "event: upstream\ndata: down\n\n", "event: upstream\ndata: up\n\n"
AWAY = Unreachable("GET /x", host="api.test", cause="it refuses connections")
GONE = Refused("GET /x", status=404, kind="record-not-found", message="No.")
SICK = Refused("GET /x", status=502, kind="internal", message="No.")


def looking(steps: Iterator[ApiError | bool], heard: Callable[[], None]) -> Any:
    async def look() -> bool:
        heard()
        step = next(steps)
        if isinstance(step, ApiError):
            raise step
        return step

    return look


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([AWAY, False, AWAY, True], []),
        ([AWAY, AWAY, False, True], [DOWN, UP]),
        ([SICK, AWAY, AWAY, True], [DOWN, UP]),
        ([GONE, GONE, GONE, True], []),
    ],
)
async def test_pages_are_told_when_the_api_is_away(
    monkeypatch: pytest.MonkeyPatch, steps: list[ApiError | bool], told: list[str]
) -> None:
    monkeypatch.setattr(streams, "LOOK", 0)
    feed, view, found = Feed(), View(ZoneInfo("UTC"), Role.VIEWER), [""]

    def hear() -> None:
        message = feed.since(0, view)
        if message != found[-1]:
            found.append(message)

    api: Any = None
    await streams._look(feed, api, "run", looking(iter(steps), hear))
    hear()
    assert found[1:] == told
