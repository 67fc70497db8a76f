"""F-09 and F-10: a process that ends at any named point loses nothing that was acknowledged."""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.actors import CALL
from tests.faults.crashing import POINTS
from tests.platform.conftest import ROOT, Platform, wait_until_it_answers
from tests.platform.engine.conftest import Machine, machine_in, start_runner
from tests.stack import wait_for

pytestmark = [pytest.mark.processes, pytest.mark.sandbox]
IN_CI = {
    "after the claim, before the first heartbeat",
    "after the process started",
    "inside the last transaction",
    "when the build is in place",
    "between items and their answer",
    "before the doorbell of a run",
}
CRASH = "tests.faults.crashing"
WORK = CALL + (
    "store = os.environ['ACTOR_DEFAULT_DATASET_ID']\n"
    "print('at work', flush=True)\n"
    "call('POST', 'datasets/' + store + '/items', {'pid': os.getpid()})\n"
    "time.sleep(SECONDS)\n"
)


def points(first: str, last: str) -> list[Any]:
    names = list(POINTS)
    chosen = names[names.index(first) : names.index(last) + 1]
    return [pytest.param(n, marks=() if n in IN_CI else pytest.mark.slow) for n in chosen]


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine_in(tmp_path_factory.mktemp("points")) as found:
        yield found


@contextlib.contextmanager
def dying_runner(machine: Machine, point: str) -> Iterator[Callable[[], None]]:
    """A runner that ends at `point`; calling what is given waits for that and starts another."""
    log = machine.platform.home / "runner.log"
    machine.runner.terminate()
    machine.runner.wait(60)
    machine.runner = start_runner(machine.platform.environment, log, through=(CRASH, point))

    def succeed_it() -> None:
        assert machine.runner.wait(60) == -9, log.read_text()[-2000:]
        machine.runner = start_runner(machine.platform.environment, log)

    yield succeed_it


def is_left(machine: Machine, run: str) -> bool:
    """Whether anything of the run is still there: a process or what it wrote."""
    scratch = machine.platform.home / "platform" / "scratch"
    return scratch.exists() and any(each.name.startswith(run) for each in scratch.iterdir())


@pytest.mark.parametrize("point", points("before the claim", "when the end is written"))
def test_f09_a_run_ends_once_whenever_its_runner_dies(machine: Machine, point: str) -> None:
    seconds = "4" if point == "at a heartbeat" else "0.5"
    code = WORK.replace("SECONDS", seconds)
    actor = machine.actor(f"point-{list(POINTS).index(point)}", code)
    with dying_runner(machine, point) as succeed_it:
        run = machine.start(actor)
        succeed_it()
    ended = machine.end(run, 60)
    assert ended["status"] == "SUCCEEDED", machine.log(run)
    items = machine.ada.http.get(f"datasets/{ended['defaultDatasetId']}/items").json()
    pids = [item["pid"] for item in items]
    assert len(pids) in {1, 2}
    # a line still in the pipe dies with its runner; an item was acknowledged and does not
    assert 1 <= machine.log(run).count("at work") <= len(pids)
    wait_for(lambda: not is_left(machine, run), 10)


@pytest.mark.parametrize("point", points("in the grace of an abort", "in the grace of an abort"))
def test_f09_an_abort_ends_the_run_whenever_its_runner_dies(machine: Machine, point: str) -> None:
    actor = machine.actor("grace", "import time; print('asleep', flush=True); time.sleep(99)")
    with dying_runner(machine, point) as succeed_it:
        run = machine.start(actor)
        machine.said(run, "asleep")
        machine.ada.data("POST", f"actor-runs/{run}/abort?gracefully=true")
        succeed_it()
    assert machine.end(run, 60)["status"] == "ABORTED"


@pytest.mark.parametrize("point", points("when the source is unpacked", "when the build is tagged"))
def test_f10_a_build_ends_whole_whenever_its_runner_dies(machine: Machine, point: str) -> None:
    name = f"build-{list(POINTS).index(point)}"
    actor = machine.actor(name, "print('old')")
    files = [
        {"name": "main.py", "format": "TEXT", "content": "import six; print('new')"},
        {"name": "requirements.txt", "format": "TEXT", "content": "six==1.17.0\n"},
    ]
    machine.ada.data("PUT", f"acts/{actor}/versions/0.0", json={"sourceFiles": files})
    with dying_runner(machine, point) as succeed_it:
        build = machine.ada.data("POST", f"acts/{actor}/builds?version=0.0")["id"]
        succeed_it()
    wait_for(lambda: machine.ada.data("GET", f"actor-builds/{build}")["finishedAt"], 60)
    ended = machine.ada.data("GET", f"actor-builds/{build}")
    assert ended["status"] == "SUCCEEDED", machine.log(build)
    assert machine.ada.data("GET", f"acts/{actor}")["taggedBuilds"]["latest"]["buildId"] == build
    run = machine.run(actor)
    assert run["status"] == "SUCCEEDED"
    assert "new" in machine.log(run["id"])
    folders = machine.platform.home / "platform" / "builds"
    assert [each.name for each in folders.iterdir() if each.suffix == ".part"] == []


def test_every_point_is_tried() -> None:
    runners = points("before the claim", "when the build is tagged")
    platforms = points("before items are committed", "between a run and its answer")
    assert len(runners) + len(platforms) == len(POINTS)


@contextlib.contextmanager
def dying_platform(platform: Platform, point: str) -> Iterator[httpx.Client]:
    """Another process on the same data that ends at `point`, called as ada."""
    token = platform.accounts[0].token
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        log = Path(platform.home / "dying.log")
        command = [sys.executable, "-m", CRASH, point, "console.serve", "apps.platform.asgi:app"]
        with log.open("w") as out:
            process = subprocess.Popen(
                [*command, str(listener.fileno())],
                cwd=ROOT,
                env={**os.environ, **platform.environment},
                pass_fds=[listener.fileno()],
                stdout=out,
                stderr=out,
            )
        listener.close()
        wait_until_it_answers(url, process, log)
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=f"{url}/v2/", headers=headers, trust_env=False) as client:
            yield client
        assert process.wait(20) == -9, log.read_text()


@pytest.mark.parametrize(
    "point", points("before items are committed", "between a request and its answer")
)
def test_f09_an_answer_that_is_lost_means_all_or_nothing(machine: Machine, point: str) -> None:
    ada = machine.ada
    dataset, store, queue = (
        ada.data("POST", kind)["id"] for kind in ("datasets", "key-value-stores", "request-queues")
    )
    ada.http.post(f"datasets/{dataset}/items", json=[{"n": 0}])
    ada.http.put(f"key-value-stores/{store}/records/k", json="old")
    request = {"url": "http://localhost/", "uniqueKey": "u"}
    call: tuple[str, str, Any]
    if "items" in point:
        call = ("POST", f"datasets/{dataset}/items", [{"n": 1}, {"n": 2}])
    elif "record" in point:
        call = ("PUT", f"key-value-stores/{store}/records/k", "new")
    else:
        call = ("POST", f"request-queues/{queue}/requests", request)
    with dying_platform(machine.platform, point) as client, pytest.raises(httpx.HTTPError):
        client.request(call[0], call[1], json=call[2])
    done = "answer" in point
    items = [item["n"] for item in ada.http.get(f"datasets/{dataset}/items").json()]
    assert items == ([0, 1, 2] if done and "items" in point else [0])
    assert ada.data("GET", f"datasets/{dataset}")["itemCount"] == len(items)
    record = ada.http.get(f"key-value-stores/{store}/records/k").json()
    assert record == ("new" if done and "record" in point else "old")
    again = ada.data("POST", f"request-queues/{queue}/requests", json=request)
    assert again["wasAlreadyPresent"] == (done and "request" in point)


@pytest.mark.parametrize(
    "point", points("before the doorbell of a run", "between a run and its answer")
)
def test_f09_a_run_whose_start_was_lost_runs_once(machine: Machine, point: str) -> None:
    actor = machine.actor(f"lost-{list(POINTS).index(point)}", "print('ran')")
    with dying_platform(machine.platform, point) as client, pytest.raises(httpx.HTTPError):
        client.post(f"acts/{actor}/runs")
    page = machine.ada.data("GET", f"acts/{actor}/runs")
    assert page["total"] == 1
    run = machine.end(page["items"][0]["id"], 60)
    assert run["status"] == "SUCCEEDED"
    assert machine.log(run["id"]).count("ran") == 1
