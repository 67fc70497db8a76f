"""The events websocket of a run (runtime-contract.md section 3)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.platform.engine.conftest import Machine
from tests.stack import wait_for

SLEEP = "import time\nprint('asleep', flush=True)\ntime.sleep(100)\n"
MEASURED = {
    "memAvgBytes",
    "memCurrentBytes",
    "memMaxBytes",
    "cpuAvgUsage",
    "cpuMaxUsage",
    "cpuCurrentUsage",
}


@pytest.fixture(scope="module")
def sleeper(machine: Machine) -> str:
    return machine.actor("sleeps-through-events", SLEEP)


@pytest.fixture
def run(machine: Machine, sleeper: str) -> Iterator[str]:
    run = machine.start(sleeper)
    machine.said(run, "asleep")
    yield run
    machine.ada.data("POST", f"actor-runs/{run}/abort")
    machine.end(run)


@contextmanager
def listening(machine: Machine, run: str) -> Iterator[ClientConnection]:
    url = machine.platform.url.replace("http", "ws", 1)
    with connect(f"{url}/v2/actor-runs/{run}/events", proxy=None) as socket:
        yield socket


def next_of(socket: ClientConnection, name: str) -> Any:
    while True:
        frame = json.loads(socket.recv(timeout=20))
        if frame["name"] == name:
            return frame


def test_system_info_comes_each_second_with_all_that_the_sdks_need(
    machine: Machine, run: str
) -> None:
    with listening(machine, run) as socket:
        first, second = next_of(socket, "systemInfo"), next_of(socket, "systemInfo")
    for frame in (first, second):
        data = frame["data"]
        assert data.keys() >= MEASURED
        assert all(isinstance(data[name], int | float) for name in MEASURED)
        assert isinstance(data["isCpuOverloaded"], bool)
        assert data["createdAt"].endswith("Z")
        assert frame["createdAt"].endswith("Z")
    assert first["createdAt"] < second["createdAt"]


def test_rule_106_a_graceful_abort_is_told_before_the_end(machine: Machine, run: str) -> None:
    with listening(machine, run) as socket:
        next_of(socket, "systemInfo")
        machine.ada.data("POST", f"actor-runs/{run}/abort?gracefully=true")
        assert next_of(socket, "aborting")
        assert next_of(socket, "persistState")["data"] == {"isMigrating": False}
        assert machine.ada.data("GET", f"actor-runs/{run}")["status"] == "ABORTING"


def test_many_may_listen_but_not_endlessly_many(machine: Machine, run: str) -> None:
    with listening(machine, run) as one, listening(machine, run) as other:
        assert next_of(one, "systemInfo")
        assert next_of(other, "systemInfo")


@pytest.mark.parametrize("name", ["nosuchrunnosuchrn", "", "%00", "a/b"])
def test_an_unknown_run_is_closed_with_1008(machine: Machine, name: str) -> None:
    with (
        pytest.raises(ConnectionClosed) as closed,
        listening(machine, name) as socket,
    ):
        socket.recv(timeout=20)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


def test_a_finished_run_is_closed_with_1008(machine: Machine) -> None:
    run = machine.run(machine.actor("brief", "pass"))
    with (
        pytest.raises(ConnectionClosed) as closed,
        listening(machine, run["id"]) as socket,
    ):
        socket.recv(timeout=20)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1008


def test_f08_without_redis_the_socket_is_open_and_hears_again_later(
    machine: Machine, run: str
) -> None:
    machine.redis.stop()
    try:
        with listening(machine, run) as socket:
            with pytest.raises(TimeoutError):
                socket.recv(timeout=1.5)
            machine.redis.start()
            assert next_of(socket, "systemInfo")
    finally:
        if machine.redis.process is None:
            machine.redis.start()
    wait_for(lambda: machine.ada.data("GET", f"actor-runs/{run}")["status"] == "RUNNING")
