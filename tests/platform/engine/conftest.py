"""A Platform with its runner: real Redis, real Celery worker, real sandboxed processes."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.platform.conftest import ROOT, Account, Platform, start_platform
from tests.redis_server import RedisServer
from tests.stack import wait_for

TERMINAL = {"SUCCEEDED", "FAILED", "ABORTED", "TIMED-OUT"}


@dataclass
class Machine:
    """`ada` is the account that owns everything here."""

    platform: Platform
    redis: RedisServer
    runner: "subprocess.Popen[bytes]"
    ada: Account

    def actor(self, name: str, code: str, **fields: Any) -> str:
        """The id of an Actor with one Python file and, unless it is there, a build."""
        files = [{"name": "main.py", "format": "TEXT", "content": code}]
        return self.actor_of(name, files, **fields)

    def actor_of(self, name: str, files: list[dict[str, str]], **fields: Any) -> str:
        version = {"versionNumber": "0.0", "sourceType": "SOURCE_FILES", "buildTag": "latest"}
        version |= {"sourceFiles": files, **fields}  # type: ignore[dict-item] # values of JSON differ in type
        made = self.ada.data("POST", "acts", json={"name": name, "versions": [version]})
        build = self.build(made["id"])
        assert build["status"] == "SUCCEEDED", self.log(build["id"])
        return str(made["id"])

    def build(self, actor: str) -> Any:
        return self.ada.data("POST", f"acts/{actor}/builds?version=0.0&waitForFinish=60")

    def start(self, actor: str, query: str = "", **options: Any) -> str:
        return str(self.ada.data("POST", f"acts/{actor}/runs?{query}", **options)["id"])

    def end(self, run: str, seconds: float = 60) -> Any:
        return wait_for(lambda: self._ended(run), seconds)

    def _ended(self, run: str) -> Any:
        found = self.ada.data("GET", f"actor-runs/{run}?waitForFinish=20")
        return found if found["status"] in TERMINAL else None

    def run(self, actor: str, query: str = "", **options: Any) -> Any:
        """A run of the Actor once it ended."""
        return self.end(self.start(actor, query, **options))

    def log(self, work: str) -> str:
        return self.ada.http.get(f"logs/{work}").text

    def said(self, run: str, text: str) -> None:
        wait_for(lambda: text in self.log(run))


def start_runner(
    environment: dict[str, str], log: Path, *, through: tuple[str, ...] = ()
) -> "subprocess.Popen[bytes]":
    """`through`: a module that runs Celery's, with its arguments."""
    command = [sys.executable, "-m", *through, "celery", "-A", "console.celery", "worker"]
    command += ["-P", "threads"]
    command += ["-Q", "runs,builds", "-c", "2", "-l", "WARNING", "--without-gossip"]
    with log.open("ab") as out:
        return subprocess.Popen(
            [*command, "--without-mingle", "--without-heartbeat"],
            cwd=ROOT,
            env={**environment, "CALLBOARD_RUNNER": "1"},
            stdout=out,
            stderr=out,
        )


@contextlib.contextmanager
def machine_in(home: Path, **variables: str) -> Iterator[Machine]:
    redis = RedisServer()
    redis.start()
    server = start_platform(home, REDIS_URL=redis.url, **variables)
    platform = next(server)
    runner = start_runner(platform.environment, home / "runner.log")
    found = Machine(platform, redis, runner, platform.account("ada"))
    try:
        yield found
    finally:
        found.runner.terminate()
        found.runner.wait(60)
        server.close()
        redis.close()


@pytest.fixture(scope="package")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine_in(tmp_path_factory.mktemp("engine")) as found:
        yield found
