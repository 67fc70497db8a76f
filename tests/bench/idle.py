"""Idle memory of everything `up` started, and how long its starts take.

.venv/bin/python -m tests.bench.idle
"""

import tempfile
import time
from pathlib import Path

import psutil

from tests.stack import finished, running

LIMIT = 320


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        for name in ("first", "second"):
            began = time.perf_counter()
            with running(home) as stack:
                print(f"{name} start to ready: {time.perf_counter() - began:.1f} s")
                with stack.api() as api:
                    run = api.post("actors/~hello-world/runs").json()["data"]
                    finished(api, run["id"])
                time.sleep(15)
                total = report(stack.process.pid)
        print(f"all: {total:.0f} MB PSS, {total / LIMIT:.2f} of {LIMIT} MB")


def report(pid: int) -> float:
    """MB of proportional set size, printed per process and summed."""
    top = psutil.Process(pid)
    total = 0.0
    for process in [top, *top.children(recursive=True)]:
        megabytes = process.memory_full_info().pss / 1e6
        total += megabytes
        print(f"  {megabytes:6.1f} MB  {' '.join(process.cmdline())[-70:]}")
    return total


if __name__ == "__main__":
    main()
