"""A Platform with its sender; receivers live on loopback, a minute lasts two milliseconds."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.platform.engine.conftest import Machine, machine_in
from tests.platform.outbound.receivers import Receiver
from tests.stack import wait_for

SPEED = {
    "CALLBOARD_OUTBOUND_LOOPBACK": "on",
    "CALLBOARD_WEBHOOK_MINUTE": "0.002",
    "CALLBOARD_WEBHOOK_SECONDS": "1",
}
ENDED = ["ACTOR.RUN.SUCCEEDED", "ACTOR.RUN.FAILED", "ACTOR.RUN.ABORTED", "ACTOR.RUN.TIMED_OUT"]
Hook = Callable[..., Any]


@pytest.fixture(scope="package")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine_in(tmp_path_factory.mktemp("webhooks"), **SPEED) as found:
        yield found


@pytest.fixture(scope="package")
def actor(machine: Machine) -> str:
    """The id of an Actor that ends at once, with the exit code of its input."""
    code = (
        "import json, os, urllib.request as u, sys\n"
        "store = os.environ['ACTOR_DEFAULT_KEY_VALUE_STORE_ID']\n"
        "url = os.environ['APIFY_API_BASE_URL'] + f'/v2/key-value-stores/{store}/records/INPUT'\n"
        "head = {'Authorization': 'Bearer ' + os.environ['APIFY_TOKEN']}\n"
        "given = json.load(u.urlopen(u.Request(url, headers=head)))\n"
        "import time; time.sleep(given.get('sleep', 0))\n"
        "sys.exit(given.get('exit', 0))\n"
    )
    return machine.actor("told-of", code)


@pytest.fixture
def hook(machine: Machine) -> Iterator[Hook]:
    """Makes a webhook; all are deleted at the end, so that no test hears of another's runs."""
    made: list[str] = []

    def make(receiver: Receiver | str, condition: Any, events: Any = ENDED, **fields: Any) -> Any:
        url = receiver if isinstance(receiver, str) else receiver.url
        body = {"requestUrl": url, "eventTypes": events, "condition": condition} | fields
        webhook = machine.ada.data("POST", "webhooks", json=body)
        made.append(webhook["id"])
        return webhook

    yield make
    for webhook_id in made:
        machine.ada.http.delete(f"webhooks/{webhook_id}")


def dispatches(machine: Machine, webhook: Any) -> list[Any]:
    path = f"webhooks/{webhook['id']}/dispatches"
    return machine.ada.data("GET", path)["items"]  # type: ignore[no-any-return] # JSON of the API


def ended(machine: Machine, webhook: Any, count: int = 1, seconds: float = 30) -> list[Any]:
    """Dispatches of the webhook once there are `count` that are over."""

    def found() -> list[Any]:
        all_of_it = dispatches(machine, webhook)
        done = [each for each in all_of_it if each["status"] != "ACTIVE"]
        return done if len(done) >= count else []

    return wait_for(found, seconds)  # type: ignore[no-any-return] # what `found` gives back
