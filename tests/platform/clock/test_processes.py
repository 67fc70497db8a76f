"""Fault F-15: real scheduler processes, killed and stopped at random, over one database."""

import contextlib
import logging
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.platform.conftest import ROOT, Account, Platform
from tests.stack import wait_for

pytestmark = pytest.mark.processes
RUN = (
    "import django; django.setup();"
    " from apps.platform.clock import scheduler; scheduler.rounds.run()"
)
SCHEDULES = 5
log = logging.getLogger(__name__)
MISSED = re.compile(r"Missed (once|(\d+) times)")
Process = subprocess.Popen[bytes]


@pytest.fixture
def account(platform: Platform) -> Account:
    return platform.account()


@pytest.fixture
def actor(platform: Platform, account: Account) -> Any:
    """One whose build exists as a row alone: nothing is run here."""
    version = {"versionNumber": "0.1", "sourceType": "SOURCE_FILES", "sourceFiles": []}
    made = account.data("POST", "acts", json={"name": "clockwork", "versions": [version]})
    build = account.data("POST", f"acts/{made['id']}/builds?version=0.1&tag=latest")
    platform.sql(
        "UPDATE build SET status='SUCCEEDED', finished_at=started_at WHERE id=?", build["id"]
    )
    tags = {"taggedBuilds": {"latest": {"buildId": build["id"]}}}
    return account.data("PUT", f"acts/{made['id']}", json=tags)


@contextlib.contextmanager
def schedulers(platform: Platform, count: int) -> Iterator[list[Process]]:
    processes = [start(platform) for _ in range(count)]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait(20)


def start(platform: Platform) -> Process:
    with (platform.home / "schedulers.log").open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-c", RUN],
            cwd=ROOT,
            env={**platform.environment, "DJANGO_SETTINGS_MODULE": "console.settings"},
            stdout=out,
            stderr=out,
        )


def harm(platform: Platform, processes: list[Process], chance: random.Random) -> None:
    """Kills one and starts another in its place, or stops one for a moment."""
    victim = chance.randrange(len(processes))
    if chance.random() < 0.5:
        processes[victim].kill()
        processes[victim].wait(20)
        processes[victim] = start(platform)
    else:
        processes[victim].send_signal(signal.SIGSTOP)
        time.sleep(chance.random())
        processes[victim].send_signal(signal.SIGCONT)


def check(platform: Platform, account: Account, schedule_id: str) -> int:
    """Each time between the first and the last was fired for once, or is told as missed."""
    rows = platform.sql(
        "SELECT scheduled_at, state, message FROM firing WHERE schedule_id=?"
        " AND state != 'WAITING' ORDER BY scheduled_at",
        schedule_id,
    )
    fired = [datetime.fromisoformat(str(at)) for at, state, _ in rows if state == "STARTED"]
    assert len(fired) == len(set(fired))
    told = [MISSED.match(message) for _, state, message in rows if state == "MISSED"]
    missed = sum(int(found[2] or 1) for found in told if found)
    first, last = (datetime.fromisoformat(str(rows[at][0])) for at in (0, -1))
    assert len(fired) + missed == (last - first).total_seconds() / 10 + 1
    runs = platform.sql(
        "SELECT meta ->> 'scheduledAt' FROM run WHERE meta ->> 'scheduleId'=?", schedule_id
    )
    times = Counter(row[0] for row in runs)
    assert set(times.values()) <= {1}
    assert len(times) == len(fired)
    return len(fired)


@pytest.mark.parametrize("seconds", [25, pytest.param(180, marks=pytest.mark.slow)])
def test_f_15_schedulers_that_die_lose_and_double_nothing(
    platform: Platform, account: Account, actor: Any, seconds: int
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    log.warning("seed %s", seed)
    chance = random.Random(seed)
    action = {"type": "RUN_ACTOR", "actorId": actor["id"], "runOptions": {"memoryMbytes": 128}}
    body = {"cronExpression": "*/10 * * * * *", "actions": [action]}
    made = [account.data("POST", "schedules", json=body)["id"] for _ in range(SCHEDULES)]
    with schedulers(platform, 3) as processes:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            time.sleep(chance.random() * 3)
            harm(platform, processes, chance)
        for schedule_id in made:
            account.data("PUT", f"schedules/{schedule_id}", json={"isEnabled": False})
        waiting = "SELECT 1 FROM firing WHERE state='WAITING'"
        wait_for(lambda: not platform.sql(waiting), 30)
    assert all(check(platform, account, schedule_id) >= 1 for schedule_id in made)
