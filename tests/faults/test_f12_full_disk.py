"""A disk that is full while the Platform serves: a small file system of the test's own."""

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from apps.platform.domain.errors import ApiError
from apps.platform.storage import logs, room
from tests.stack import ROOT

MOUNT = 'mount -t tmpfs -o size=48m none "$1" && exec "$2" -m tests.faults.full_disk "$1" "$3"'


@pytest.mark.processes
@pytest.mark.parametrize("least", ["12", pytest.param("0", marks=pytest.mark.slow)])
def test_f12_a_full_disk_is_said_and_can_be_freed(tmp_path: Path, least: str) -> None:
    """With room kept back and without: what there is stays readable and can be deleted."""
    spaces = ["unshare", "-Urm"]
    if shutil.which("unshare") is None or subprocess.run([*spaces, "true"], check=False).returncode:
        pytest.skip("no mount namespaces here")
    argv = [*spaces, "sh", "-c", MOUNT, "sh", str(tmp_path), sys.executable, least]
    done = subprocess.run(
        argv, cwd=ROOT, env=dict(os.environ), check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen.pop("pushed") > 1
    assert seen == {
        "before": 201,
        "record": 507,
        "keys": 0,
        "big": True,
        "items": True,
        "counted": True,
        "abort": 200 if least != "0" else 507,
        "aborted": 200,
        "deleted": [204, 204],
        "gone": 204,
        "empty": [],
        "again": 201,
    }


def test_f12_room_is_looked_at_each_time(settings: Any) -> None:
    for _ in range(2):
        settings.PLATFORM_LEAST_ROOM_MBYTES = 0
        room.check()
        settings.PLATFORM_LEAST_ROOM_MBYTES = 1 << 40
        with pytest.raises(ApiError):
            room.check()


def test_f12_a_log_goes_on_when_there_is_room_again(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOME = tmp_path
    log = logs.LogWriter("x" * 17)
    log.append(b"one\n")

    class Full:
        def write(self, data: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(log, "_file", Full())
        log.append(b"lost\n")
    log.append(b"two\n")
    log.close()
    assert b"".join(logs.read("x" * 17, 0, 1000)) == b"one\ntwo\n"
