"""F-09: any process is killed at any moment, again and again, and nobody's work is lost."""

import contextlib
import logging
import random
import re
import sqlite3
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from tests.faults.actors import CALL, make, start
from tests.stack import Stack, finished, wait_for

log = logging.getLogger(__name__)
pytestmark = [pytest.mark.processes, pytest.mark.sandbox]
PROCESSES = ("runner@", "apps.platform.asgi", "console.asgi", "worker@", "valkey-server")
AT_ONCE = 3
BOUND = 60.0  # seconds in which a run is terminal or goes on elsewhere
TERMINAL = {"SUCCEEDED", "FAILED", "ABORTED", "TIMED-OUT"}
# pushes on through everything that happens to the API, and says what was acknowledged
STUBBORN = CALL + (
    "def push(item):\n"
    "    while True:\n"
    "        try:\n"
    "            return call('POST', 'datasets/' + dataset + '/items', item)\n"
    "        except OSError:\n"
    "            time.sleep(0.2)\n"
    "dataset = os.environ['ACTOR_DEFAULT_DATASET_ID']\n"
    "for n in range(30):\n"
    "    push({'n': n, 'pid': os.getpid()})\n"
    "    print('acknowledged', n, os.getpid(), flush=True)\n"
    "    time.sleep(0.3)\n"
)
SAID = re.compile(r"acknowledged (\d+) (\d+)$", re.MULTILINE)


@dataclass
class Writer:
    """A client that pushes items and keeps a ledger of the answers 201."""

    stack: Stack
    dataset: str
    acknowledged: list[int] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def write(self) -> None:
        number = 0
        with self.stack.api() as api:
            while not self.over.wait(0.02):
                with contextlib.suppress(httpx.HTTPError):  # whether it arrived is not known
                    answer = api.post(f"datasets/{self.dataset}/items", json={"n": number})
                    if answer.status_code == 201:
                        self.acknowledged.append(number)
                number += 1


def rows(stack: Stack) -> dict[str, tuple[str, int]]:
    """Run -> (status, fence), from the database itself."""
    with contextlib.closing(sqlite3.connect(stack.home / "platform.sqlite3", timeout=20)) as base:
        found = base.execute("SELECT id, status, fence FROM run").fetchall()
    return {run: (status, fence) for run, status, fence in found}


def resumed(stack: Stack, before: dict[str, tuple[str, int]]) -> bool:
    """Whether each run that a runner had is terminal now or another runner's."""
    now = rows(stack)
    held = {run: fence for run, (status, fence) in before.items() if status == "RUNNING"}
    return all(now[run][0] in TERMINAL or now[run][1] > fence for run, fence in held.items())


def start_some(stack: Stack, actor: str, runs: list[str]) -> None:
    """Keeps some runs going; a start whose answer is lost is not repeated."""
    status = rows(stack)
    going = sum(status[run][0] not in TERMINAL for run in runs)
    with contextlib.suppress(httpx.HTTPError), stack.api() as api:
        for _ in range(AT_ONCE - going):
            runs.append(start(api, actor))


def kill_one(stack: Stack, dice: random.Random) -> None:
    name = dice.choice(PROCESSES)
    before = rows(stack)
    stack.child(name).kill()
    if name == "runner@":
        wait_for(lambda: resumed(stack, before), BOUND)
    time.sleep(dice.random())


def check(api: httpx.Client, run: str) -> None:
    time.sleep(0.1)  # or the API says that it is asked too often
    ended: dict[str, Any] = finished(api, run, BOUND)
    text = api.get(f"logs/{run}").text
    stored = api.get(f"datasets/{ended['defaultDatasetId']}/items").json()
    kept = {(item["n"], item["pid"]) for item in stored}
    acknowledged = {(int(n), int(pid)) for n, pid in SAID.findall(text)}
    assert acknowledged <= kept
    if ended["status"] != "SUCCEEDED":  # moved more often than a run may
        assert ended["status"] == "FAILED"
        assert "went away 4 times" in ended["statusMessage"]


@pytest.mark.parametrize("kills", [5, pytest.param(100, marks=pytest.mark.slow)])
def test_f09_random_kills_lose_nothing(stack: Stack, kills: int) -> None:
    seed = random.randrange(1 << 32)
    log.warning("seed %s", seed)
    dice = random.Random(seed)
    with stack.api() as api:
        actor = make(api, "stubborn", STUBBORN)
        writer = Writer(stack, api.post("datasets").json()["data"]["id"])
    thread = threading.Thread(target=writer.write)
    thread.start()
    runs: list[str] = []
    try:
        for _ in range(kills):
            start_some(stack, actor, runs)
            kill_one(stack, dice)
    finally:
        writer.over.set()
        thread.join()
    with stack.api() as api:
        wait_for(lambda: api.get("users/me").is_success, BOUND)
        for run in runs:
            check(api, run)
        pages = api.get(f"datasets/{writer.dataset}/items").json()
    stored = [item["n"] for item in pages]
    assert set(writer.acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))
    assert all(status in TERMINAL for status, _ in rows(stack).values())
