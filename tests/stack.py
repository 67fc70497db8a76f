"""All of Callboard as real processes: `manage.py up` in a data folder of its own."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

ROOT = Path(__file__).resolve().parents[1]
INHERITED = (
    "REDIS_URL",
    "DATABASE_URL",
    "PLATFORM_DATABASE_URL",
    "CALLBOARD_SECRET_KEY",
    "CALLBOARD_FERNET_KEYS",
    "CALLBOARD_PLATFORM_URL",
    "CALLBOARD_CONSOLE_URL",
)


@dataclass
class Stack:
    """A running Callboard: addresses, the account's token, and the folder with its logs."""

    process: "subprocess.Popen[str]"
    home: Path
    console_url: str
    sign_in_url: str
    api_url: str
    api_token: str
    username: str

    def api(self, **options: Any) -> httpx.Client:
        """A client of the API as its owner."""
        headers = {"Authorization": f"Bearer {self.api_token}"}
        return httpx.Client(
            base_url=f"{self.api_url}/v2/", headers=headers, trust_env=False, timeout=70, **options
        )

    def manage(self, *arguments: str, text: str = "") -> str:
        """The output of a management command in this data folder."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=environment(self.home),
            input=text,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def child(self, mark: str) -> psutil.Process:
        """The child of `up` whose command line holds `mark`."""
        return wait_for(lambda: find_child(self.process.pid, mark))  # type: ignore[no-any-return] # wait_for gives back what it is given


def find_child(parent: int, mark: str) -> psutil.Process | None:
    """A living child whose command line holds `mark`."""
    for each in psutil.Process(parent).children():
        with contextlib.suppress(psutil.Error):  # it may just be ending
            if any(mark in word for word in each.cmdline()):
                return each
    return None


def environment(home: Path) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if name not in INHERITED}
    return {**clean, "CALLBOARD_HOME": str(home), "CALLBOARD_BOOTSTRAP": "off"}


@contextlib.contextmanager
def running(home: Path, *arguments: str, **variables: str) -> Iterator[Stack]:
    """Starts `up --port 0 --json` and stops it in order at the end."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "said.txt").open("a") as said:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up", "--port", "0", "--json", *arguments],
            cwd=ROOT,
            env={**environment(home), **variables},
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, (home / "said.txt").read_text()
        yield Stack(process, home, **json.loads(line))
    finally:
        process.terminate()
        process.wait(90)
        process.stdout.close()


def wait_for(true: Callable[[], object], seconds: float = 60.0) -> Any:
    """What `true` returns once it is truthy."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, f"waited {seconds} s in vain"
        time.sleep(0.05)
    return found


def finished(api: httpx.Client, run_id: str, seconds: float = 120.0) -> dict[str, Any]:
    """The run once its status is terminal."""
    deadline = time.monotonic() + seconds
    while True:
        answer = api.get(f"actor-runs/{run_id}?waitForFinish=30")
        assert answer.is_success, f"{run_id}: {answer.text}"
        run: dict[str, Any] = answer.json()["data"]
        if run["status"] in {"SUCCEEDED", "FAILED", "ABORTED", "TIMED-OUT"}:
            return run
        assert time.monotonic() < deadline, run["status"]
