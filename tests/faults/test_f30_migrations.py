"""An update that ends half way: `migrate` is killed again and again, then goes on where it was."""

import contextlib
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.platform.conftest import start_platform
from tests.stack import ROOT, environment

MIGRATE = [sys.executable, "manage.py", "migrate", "--database", "platform", "-v", "0"]


def killed_after(home: Path, seconds: float) -> bool:
    """Whether it was killed before it had ended."""
    process = subprocess.Popen(MIGRATE, cwd=ROOT, env=environment(home))
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    process.kill()
    return process.wait() == -signal.SIGKILL


@pytest.mark.processes
@pytest.mark.parametrize("kills", [2, pytest.param(8, marks=pytest.mark.slow)])
def test_f30_a_migration_that_was_killed_goes_on(tmp_path: Path, kills: int) -> None:
    began = time.monotonic()
    killed_after(tmp_path / "measure", 60)
    whole = time.monotonic() - began
    home = tmp_path / "home"
    home.mkdir()
    dice = random.Random(kills)
    for _ in range(kills):
        killed_after(home, whole * dice.uniform(0.4, 0.9))
        if (home / "platform.sqlite3").exists():
            with closing(sqlite3.connect(home / "platform.sqlite3")) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    with closing(start_platform(home)) as server:
        account = next(server).account("after")
        assert account.data("POST", "datasets")["itemCount"] == 0
        assert account.http.get("acts").status_code == 200
