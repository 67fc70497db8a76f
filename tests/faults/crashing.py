"""A process that kills itself at a named point, as `kill -9` would:

    python -m tests.faults.crashing POINT celery ARGUMENT ...
    python -m tests.faults.crashing POINT console.serve ARGUMENT ...

The program itself knows nothing of these points: here its functions are wrapped from outside.
"""

import asyncio
import functools
import importlib
import os
import runpy
import signal
import sys
from collections.abc import Callable
from typing import Any

import django

ENGINE = "apps.platform.engine"
STORAGE = "apps.platform.storage"
# name -> (module, function, before or after, what the call must be for)
POINTS: dict[str, tuple[str, str, str, Callable[..., bool] | None]] = {
    "before the claim": (f"{ENGINE}.leases", "claim", "before", None),
    "after the claim, before the first heartbeat": (f"{ENGINE}.leases", "claim", "after", None),
    "before the process starts": (f"{ENGINE}.process", "start", "before", None),
    "after the process started": (f"{ENGINE}.process", "start", "after", None),
    "at a heartbeat": (f"{ENGINE}.leases", "renew", "after", None),
    "while it measures": (f"{ENGINE}.watch", "_write", "before", None),
    "when the process ended": (f"{ENGINE}.run_end", "finish", "before", None),
    "inside the last transaction": (
        f"{ENGINE}.leases",
        "write",
        "after",
        lambda *_, **values: "finished_at" in values,
    ),
    "when the end is written": (f"{ENGINE}.run_end", "finish", "after", None),
    "in the grace of an abort": (
        f"{ENGINE}.events",
        "send",
        "after",
        lambda run_id, name, *_: name == "aborting",
    ),
    "when the source is unpacked": (f"{ENGINE}.sources", "unpack", "after", None),
    "before the packages": (f"{ENGINE}.installers", "install", "before", None),
    "after the packages": (f"{ENGINE}.installers", "install", "after", None),
    "before the build is in place": (f"{ENGINE}.build_life", "_replace", "before", None),
    "when the build is in place": (f"{ENGINE}.build_life", "_replace", "after", None),
    "when the build is tagged": (f"{ENGINE}.builds", "succeed", "after", None),
    "before items are committed": (f"{STORAGE}.datasets", "_join", "after", None),
    "between items and their answer": (f"{STORAGE}.datasets", "append", "after", None),
    "between a record's file and its row": (f"{STORAGE}.records", "_commit", "before", None),
    "between a record's row and its answer": (f"{STORAGE}.records", "_commit", "after", None),
    "between a request and its answer": (f"{STORAGE}.queues", "add", "after", None),
    "before the doorbell of a run": (f"{ENGINE}.doorbell", "ring", "before", None),
    "between a run and its answer": (f"{ENGINE}.run_start", "create_run", "after", None),
}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def crash_at(point: str) -> None:
    module_name, name, moment, matches = POINTS[point]
    module = importlib.import_module(module_name)
    original = getattr(module, name)

    def at(now: str, *args: Any, **kwargs: Any) -> None:
        if now == moment and (matches is None or matches(*args, **kwargs)):
            die()

    @functools.wraps(original)
    def crashing(*args: Any, **kwargs: Any) -> Any:
        at("before", *args, **kwargs)
        result = original(*args, **kwargs)
        at("after", *args, **kwargs)
        return result

    @functools.wraps(original)
    async def crashing_later(*args: Any, **kwargs: Any) -> Any:
        at("before", *args, **kwargs)
        result = await original(*args, **kwargs)
        at("after", *args, **kwargs)
        return result

    setattr(module, name, crashing_later if asyncio.iscoroutinefunction(original) else crashing)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")
    django.setup()
    crash_at(sys.argv[1])
    program = sys.argv[2]
    sys.argv = sys.argv[2:]
    runpy.run_module(program, run_name="__main__", alter_sys=True)
