"""How the tests are shared out among the workers of pytest-xdist.

A file stays on one worker, and a package whose tests share a running Callboard does too. The places
that take longest go out first, so that the workers end together.
"""

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/contract/", "tests/faults/", "tests/platform/engine/")
LONGEST = (
    "tests/platform/engine/",
    "tests/browser/test_axe.py",
    "tests/architecture/test_tools.py",
    "tests/contract/",
    "tests/faults/",
    "tests/processes/test_up.py",
    "tests/browser/test_journey.py",
)


def place_of(nodeid: str) -> str:
    path = nodeid.partition("::")[0]
    return next((package for package in TOGETHER if path.startswith(package)), path)


class ByPlace(LoadScopeScheduling):  # type: ignore[misc] # xdist ships no types
    def _split_scope(self, nodeid: str) -> str:
        return place_of(nodeid)


def in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """Place by place, the longest first; else in the (random) order in which they come."""
    places = list(dict.fromkeys(place_of(item.nodeid) for item in items))
    longest = [place for place in LONGEST if place in places]
    rank = {place: number for number, place in enumerate(dict.fromkeys([*longest, *places]))}
    return sorted(items, key=lambda item: rank[place_of(item.nodeid)])
