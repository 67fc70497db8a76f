"""What a power cut must not take: everything that was answered lies on the disk before the answer.

A witness of system calls: between a request and its 201 the file and its folder are synced, and the
database's log.
"""

import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.platform.conftest import start_platform
from tests.stack import wait_for

CALLS = "trace=fsync,fdatasync,sendto,sendmsg,write,writev"
SYNCED = re.compile(r"f(?:data)?sync\(\d+<([^>]+)>")
ANSWERED = re.compile(r"(?:sendto|sendmsg|writev?)\(\d+<socket:.*HTTP/1\.1 (\d+)")


@pytest.mark.processes
def test_f11_what_was_answered_is_on_the_disk(tmp_path: Path) -> None:
    if shutil.which("strace") is None:
        pytest.skip("apt-get install strace")
    with closing(start_platform(tmp_path / "home")) as server:
        ada = next(server).account("ada")
        store, dataset, queue = (
            ada.data("POST", each)["id"]
            for each in ("key-value-stores", "datasets", "request-queues")
        )
        doings: dict[str, Callable[[], Any]] = {
            "record": lambda: ada.http.put(f"key-value-stores/{store}/records/a", content=b"x"),
            "items": lambda: ada.http.post(f"datasets/{dataset}/items", json=[{"a": 1}]),
            "request": lambda: ada.http.post(
                f"request-queues/{queue}/requests", json={"url": "http://x/", "uniqueKey": "x"}
            ),
            "actor": lambda: ada.http.post("acts", json={"name": "a", "versions": []}),
        }
        seen = witnessed(tmp_path, doings)
    for name, synced in seen.items():
        assert any(path.endswith("platform.sqlite3-wal") for path in synced), (name, synced)
    folder = f"platform/records/{store}"
    assert any(path.endswith(folder) for path in seen["record"]), seen
    assert any(folder + "/" in path for path in seen["record"]), seen


def witnessed(home: Path, doings: dict[str, Callable[[], Any]]) -> dict[str, list[str]]:
    """Each thing done -> the files that were synced before its answer was sent."""
    mine = psutil.Process().children()
    [serving] = [each for each in mine if str(home / "home") in each.environ().values()]
    trace = home / "trace"
    argv = ["strace", "-f", "-y", "-s", "40", "-e", CALLS, "-o", str(trace), "-p", str(serving.pid)]
    with subprocess.Popen(argv, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr
        said = tracer.stderr.readline()
        if "attached" not in said:
            pytest.skip(said.strip())
        for doing in doings.values():
            assert doing().status_code == 201
        wait_for(lambda: len(answers(trace)) >= len(doings), 20)
        tracer.terminate()
    return dict(zip(doings, answers(trace), strict=True))


def answers(trace: Path) -> list[list[str]]:
    """For each 201 the files synced since the one before."""
    found: list[list[str]] = []
    synced: list[str] = []
    for line in trace.read_text(errors="replace").splitlines():
        if match := SYNCED.search(line):
            synced.append(match[1])
        elif (match := ANSWERED.search(line)) and match[1] == "201":
            found.append(synced)
            synced = []
    return found
