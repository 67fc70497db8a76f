"""`manage.py up`: start everything, keep it running, stop it in order (design.md section 4).

Runs without Django, so that the process which watches the others stays small.
"""

import contextlib
import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import time
from io import TextIOWrapper
from pathlib import Path
from types import FrameType

from console.keys import read_keys, read_secret_key
from console.up.layout import Layout, plan
from console.up.options import ROOT, Options, parse
from console.up.processes import Supervised
from console.up.words import why

START_SECONDS = 120.0
STOPPED_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
KIND = re.compile(r"^(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Configured): ")
STOP_FIRST = ("Runner", "Worker", "Console", "Platform", "Redis")


class Stopped(Exception):
    """The person or the machine asked `up` to end."""


def main(argv: list[str]) -> int:
    """Returns the exit code: 0 after an orderly stop, 1 with a sentence when it cannot start."""
    options = parse(argv)
    for number in STOPPED_BY:
        signal.signal(number, _stop)
    try:
        return _main(options)
    except Stopped:
        return 0
    except OSError as problem:
        return _refuse(f"Callboard cannot start: {why(problem)}")


def _main(options: Options) -> int:
    options.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    options.home.chmod(0o700)
    lock = (options.home / "up.lock").open("a+")
    if not _take(lock):
        return _refuse(f"Callboard is already running in this folder: {lock.read().strip()}")
    read_secret_key(options.home)
    read_keys(options.home)
    layout = plan(options)
    lock.truncate(0)
    lock.write(f"{layout.console_url} (process {os.getpid()})")
    lock.flush()
    running: list[Supervised] = []
    try:
        return _run(options, layout, running)
    finally:
        _stop_all(running)


def _run(options: Options, layout: Layout, running: list[Supervised]) -> int:
    logs = options.home / "logs"
    logs.mkdir(exist_ok=True)
    _say("Starting Callboard")
    try:
        told = _prepare(options, layout, running, logs)
    except subprocess.CalledProcessError as problem:
        (logs / "prepare.log").write_text(problem.stderr)
        return _refuse(f"Callboard cannot start: {_last_words(problem.stderr)}")
    failed = _await_ready(running)
    if failed:
        return _refuse(f"{failed.spec.name} does not answer. Its log is {failed.log}")
    _announce(options, layout, told)
    while True:
        time.sleep(0.5)
        for process in running:
            sentence = process.look()
            if sentence:
                _say(sentence)


def _prepare(
    options: Options, layout: Layout, running: list[Supervised], logs: Path
) -> dict[str, str]:
    """Redis, then databases, accounts and samples, then the rest.

    When nothing is to be migrated, all start at once: the second start is the usual one.
    """
    for spec in layout.specs:
        log = logs / f"{spec.name.lower()}.log"
        _keep_short(log)
        running.append(Supervised(spec, log))
    migrated = options.home / "migrated"
    at_once = migrated.exists() and migrated.read_text() == _migrations(options)
    early = running if at_once else [each for each in running if each.spec.name == "Redis"]
    for process in early:
        process.start()
    told = _call_prepare(options, layout)
    migrated.write_text(_migrations(options))
    for process in running:
        if process not in early:
            process.start()
    return told


def _migrations(options: Options) -> str:
    names = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("apps/*/migrations/0*.py"))
    return f"platform={options.platform}\n" + "\n".join(names)


def _call_prepare(options: Options, layout: Layout) -> dict[str, str]:
    wanted = {
        "platform_url": layout.platform_url,
        "api_url": options.api_url,
        "api_token": options.api_token,
    }
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "prepare"],
        env=layout.env,
        input=json.dumps(wanted),
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return told


def _await_ready(running: list[Supervised]) -> Supervised | None:
    """The process that did not answer in time, or none."""
    deadline = time.monotonic() + START_SECONDS
    for process in running:
        while not process.spec.ready():
            if time.monotonic() > deadline:
                return process
            sentence = process.look()
            if sentence:
                _say(sentence)
            time.sleep(0.05)
    return None


def _announce(options: Options, layout: Layout, told: dict[str, str]) -> None:
    sign_in = layout.console_url + told["sign_in_path"]
    if options.as_json:
        line = {
            "console_url": layout.console_url,
            "sign_in_url": sign_in,
            "api_url": told["api_url"],
            "api_token": told["api_token"],
            "username": told["username"],
        }
        print(json.dumps(line), flush=True)
        return
    print(f"\n  Callboard   {layout.console_url}", flush=True)
    print(f"  Sign in     {sign_in}   (works once)", flush=True)
    print(f"  API         {told['api_url']}/v2", flush=True)
    if options.allow_loopback:
        print("  Webhooks and builds may call addresses of this machine", flush=True)
    print("\n  Ctrl-C stops everything.\n", flush=True)


def _stop_all(running: list[Supervised]) -> None:
    """The runner first: it tells running Actors before anything they use goes away."""
    for number in STOPPED_BY:
        signal.signal(number, signal.SIG_IGN)
    if running:
        _say("Stopping Callboard")
    order = {name: place for place, name in enumerate(STOP_FIRST)}
    for process in sorted(running, key=lambda each: order[each.spec.name]):
        process.stop()


def _take(lock: TextIOWrapper) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        return False
    return True


def _keep_short(log: Path, most: int = 5_000_000) -> None:
    if log.exists() and log.stat().st_size > most:
        log.replace(log.with_suffix(".old.log"))


def _last_words(text: str | None) -> str:
    lines = [line for line in (text or "").splitlines() if line.strip()]
    last = lines[-1] if lines else "preparing the data folder failed."
    return KIND.sub("", last)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stopped


def _refuse(sentence: str) -> int:
    _say(sentence)
    return 1


def _say(sentence: str) -> None:
    with contextlib.suppress(OSError):  # the terminal may be gone
        print(sentence, file=sys.stderr, flush=True)
