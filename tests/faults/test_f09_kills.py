"""F-09: `kill -9` of any process at any moment; F-08: Redis gone. Nothing acknowledged is lost."""

import random
import threading
import time
from functools import partial

import httpx
import pytest

from tests.faults.actors import COUNTER, SLEEPER, make, said, start
from tests.stack import Stack, finished, wait_for

pytestmark = pytest.mark.processes


def answers(stack: Stack) -> bool:
    try:
        with stack.api() as api:
            return api.get("users/me").status_code == 200
    except httpx.HTTPError:
        return False


def more_than(found: list[int], number: int) -> bool:
    return len(found) > number


def test_f09_a_killed_runner_gives_its_runs_to_the_next(stack: Stack) -> None:
    with stack.api() as api:
        run = start(api, make(api, "counter", COUNTER), {"last": 40})
        said(api, run, "line 3")
        stack.child("runner@").kill()
        ended = finished(api, run)
        assert ended["status"] == "SUCCEEDED", ended
        assert ended["stats"]["restartCount"] == 1
        record = api.get(f"actor-runs/{run}/key-value-store/records/DONE")
        assert record.json() == 40


def test_f09_a_killed_runner_leaves_no_actor_behind(stack: Stack) -> None:
    with stack.api() as api:
        run = start(api, make(api, "sleeper", SLEEPER))
        said(api, run, "asleep")
        runner = stack.child("runner@")
        below = runner.children(recursive=True)
        assert below
        runner.kill()
        wait_for(lambda: not any(child.is_running() for child in below), 10)
        api.post(f"actor-runs/{run}/abort")
        assert finished(api, run)["status"] == "ABORTED"


def test_f09_acknowledged_items_survive_a_killed_platform(stack: Stack) -> None:
    acknowledged: list[int] = []
    stop = threading.Event()
    with stack.api() as api:
        dataset = api.post("datasets").json()["data"]["id"]

    def push() -> None:
        number = 0
        with stack.api() as api:
            while not stop.is_set():
                try:
                    answer = api.post(f"datasets/{dataset}/items", json={"n": number})
                except httpx.HTTPError:
                    number += 1  # unknown whether it arrived: never sent again
                    continue
                if answer.status_code == 201:
                    acknowledged.append(number)
                number += 1

    writers = threading.Thread(target=push)
    writers.start()
    dice = random.Random(9)
    for _ in range(3):
        before = len(acknowledged)
        wait_for(partial(more_than, acknowledged, before + 20))
        time.sleep(dice.random() * 0.1)
        stack.child("apps.platform.asgi").kill()
        wait_for(lambda: answers(stack))
    stop.set()
    writers.join()
    with stack.api() as api:
        stored = [item["n"] for item in api.get(f"datasets/{dataset}/items").json()]
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))


def test_f08_a_start_without_redis_is_accepted_and_runs_once(stack: Stack) -> None:
    with stack.api() as api:
        actor = make(api, "counter", COUNTER)
        runs = []
        for _ in range(4):
            stack.child("valkey-server").kill()
            runs.append(start(api, actor, {"last": 1}))
        for run in runs:
            ended = finished(api, run)
            assert ended["status"] == "SUCCEEDED", ended
            assert api.get(f"logs/{run}").text.count("line 0") == 1


def test_f09_an_abort_ends_even_when_the_runner_dies_meanwhile(stack: Stack) -> None:
    with stack.api() as api:
        run = start(api, make(api, "sleeper", SLEEPER))
        said(api, run, "asleep")
        api.post(f"actor-runs/{run}/abort?gracefully=true")
        stack.child("runner@").kill()
        ended = finished(api, run)
        assert ended["status"] == "ABORTED", ended
