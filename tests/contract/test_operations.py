"""Each of the 194 operations of the reference does its work on a whole Callboard."""

from collections.abc import Iterator

import pytest

from tests.contract.operations import OPERATIONS, Operation
from tests.contract.world import Case, World
from tests.faults.actors import SLEEPER, make
from tests.stack import Stack

pytestmark = pytest.mark.processes


def test_there_are_194_of_them() -> None:
    assert len({operation.name for operation in OPERATIONS}) == len(OPERATIONS) == 194


@pytest.fixture(scope="package")
def world(stack: Stack, pusher: str) -> Iterator[World]:
    with stack.api() as api:
        made = World(api, pusher, make(api, "sleeper", SLEEPER))
        yield made
        made.close()


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.number} {each.name}")
def test_operation(world: World, operation: Operation) -> None:
    case = Case(world, operation)
    answer = case.call()
    assert answer.status_code == operation.status, answer.text
    if answer.status_code == 204:
        assert answer.content == b""
        assert world.api.get(case.path).status_code in (404, 405)
