"""`manage.py up` as a person starts it: all processes for real, in a data folder of its own."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.stack import find_child, running

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.processes


def start(home: Path, *arguments: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, "CALLBOARD_HOME": str(home), "CALLBOARD_BOOTSTRAP": "off"}
    for name in ("REDIS_URL", "DATABASE_URL", "CALLBOARD_SECRET_KEY", "CALLBOARD_FERNET_KEYS"):
        environment.pop(name, None)
    with (home.parent / "said.txt").open("a") as said:
        return subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", "0", "--json", *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("up") / "home"


@pytest.fixture(scope="module")
def up(home: Path) -> "Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]":
    process = start(home)
    assert process.stdout is not None
    yield process, json.loads(process.stdout.readline())
    process.terminate()
    process.wait(90)
    process.stdout.close()


def said(home: Path) -> str:
    return (home.parent / "said.txt").read_text()


def fetch(url: str, token: str = "") -> tuple[int, str]:
    request = urllib.request.Request(
        url, headers={"Authorization": f"Bearer {token}"} if token else {}
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code, problem.read().decode()


Up = tuple["subprocess.Popen[str]", dict[str, Any]]


def test_it_prints_one_line_with_all_that_a_script_needs(up: Up) -> None:
    told = up[1]
    assert sorted(told) == ["api_token", "api_url", "console_url", "sign_in_url", "username"]
    status, text = fetch(told["api_url"] + "/v2/users/me", told["api_token"])
    assert status == 200
    assert json.loads(text)["data"]["username"] == told["username"]


def test_only_loopback_listens(up: Up) -> None:
    children = psutil.Process(up[0].pid).children(recursive=True)
    listening = []
    for child in [psutil.Process(up[0].pid), *children]:
        with contextlib.suppress(psutil.NoSuchProcess):  # a build's step may just have ended
            connections = child.net_connections("inet")
            listening += [c.laddr.ip for c in connections if c.status == psutil.CONN_LISTEN]
    assert listening
    assert set(listening) == {"127.0.0.1"}


def test_a_second_up_in_the_same_folder_is_refused(up: Up, home: Path) -> None:
    second = start(home)
    out, _ = second.communicate(timeout=60)
    assert second.returncode == 1
    assert out == ""
    assert f"already running in this folder: {up[1]['console_url']}" in said(home)


@pytest.mark.parametrize("name", ["Platform", "Console", "Worker", "Runner", "Redis"])
def test_a_killed_process_comes_back(up: Up, home: Path, name: str) -> None:
    marks = {
        "Platform": "apps.platform.asgi",
        "Console": "console.asgi",
        "Worker": "worker@",
        "Runner": "runner@",
        "Redis": "valkey-server",
    }
    before = find_child(up[0].pid, marks[name])
    assert before is not None
    before.kill()
    deadline = time.monotonic() + 60
    while f"{name} stopped unexpectedly (exit code -9)" not in said(home):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    while not (found := find_child(up[0].pid, marks[name])) or found.pid == before.pid:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    while fetch_or_none(up[1]["console_url"] + "/health/") != 200:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def fetch_or_none(url: str) -> int | None:
    try:
        return fetch(url)[0]
    except OSError:
        return None


def is_alive(process: psutil.Process) -> bool:
    """A zombie has ended; only its parent's question is open."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_the_console_alone_works_against_another_platform(up: Up, tmp_path: Path) -> None:
    """Both in one browser, which keeps cookies by host: each Console has a session of its own."""
    told = up[1]
    given = ("--no-platform", "--api-url", told["api_url"] + "/v2", "--api-token")
    with running(tmp_path, *given, told["api_token"]) as alone, httpx.Client() as browser:
        assert alone.api_url == told["api_url"]
        assert find_child(alone.process.pid, "apps.platform.asgi") is None
        for console in (told, vars(alone)):
            page = browser.get(console["sign_in_url"], follow_redirects=True)
            assert page.url == console["console_url"] + "/"
        for console in (told, vars(alone)):
            page = browser.get(console["console_url"] + "/actors/")
            assert page.status_code == 200
            assert "Hello world" in page.text


def test_the_token_is_in_no_log(up: Up, home: Path) -> None:
    fetch(f"{up[1]['api_url']}/v2/users/me?token={up[1]['api_token']}")
    texts = [path.read_bytes() for path in (home / "logs").iterdir()]
    assert texts
    assert not any(up[1]["api_token"].encode() in text for text in texts)


def test_an_orderly_stop_leaves_no_process(tmp_path: Path) -> None:
    home = tmp_path / "home"
    process = start(home)
    assert process.stdout is not None
    process.stdout.readline()
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) >= 5
    process.send_signal(signal.SIGINT)
    assert process.wait(90) == 0
    process.stdout.close()
    assert not [child for child in children if is_alive(child)]
    assert "Stopping Callboard" in said(home)


def test_a_taken_port_is_a_sentence(up: Up, tmp_path: Path) -> None:
    taken = re.search(r":(\d+)$", up[1]["console_url"])
    assert taken
    process = start(tmp_path / "home", "--port", taken[1])
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out == ""
    assert f"The port 127.0.0.1:{taken[1]} is taken. Choose another one." in said(tmp_path / "home")
