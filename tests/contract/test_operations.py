"""Each of the 194 operations of the reference does its work on a whole Callboard."""

from collections.abc import Iterator

import pytest

from tests.contract import shapes
from tests.contract.operations import OPERATIONS, Operation
from tests.contract.world import Case, World
from tests.faults.actors import SLEEPER, make
from tests.stack import Stack

pytestmark = pytest.mark.processes
# what makes something says where it is; what is sent to a queue or waits for a run does not
LOCATED = {
    each.name
    for each in OPERATIONS
    if each.status == 201
    and each.method in ("POST", "PUT")
    and not each.name.endswith(("/requests", "/requests/batch", "/head/lock", "/limits", "/test"))
    and "run-sync" not in each.name
}


def test_there_are_194_of_them() -> None:
    assert len({operation.name for operation in OPERATIONS}) == len(OPERATIONS) == 194


@pytest.fixture(scope="package")
def world(stack: Stack, pusher: str) -> Iterator[World]:
    with stack.api() as api:
        made = World(api, pusher, make(api, "sleeper", SLEEPER))
        made.furnish()
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
    if kind := shapes.of(operation):
        data = answer.json()["data"]
        assert list(shapes.complaints(kind, data)) == []
        assert not kind.startswith("page(") or data["items"], "nothing there to look at"
    if operation.name in LOCATED:
        assert answer.headers["Location"].startswith(str(world.api.base_url))
