"""One boxed process: started, its output pumped to the log, measured, ended with all below it."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from apps.platform.domain.clock import iso, now
from apps.platform.engine import cgroups, sandbox
from apps.platform.storage.logs import LogWriter

LONGEST_LINE = 64 << 10
PAUSE = 0.2  # seconds after which half a line is shown
READ = 1 << 16
DRAIN = 1.0


class Lines:
    """Puts the moment before each line; half a line is held back at most for PAUSE."""

    def __init__(self, log: LogWriter) -> None:
        self._log = log
        self._held = b""
        self._inside = False  # the line that goes on has its moment already

    def feed(self, data: bytes) -> None:
        *whole, rest = (self._held + data).split(b"\n")
        if whole:
            stamp = iso(now()).encode() + b" "
            first = b"" if self._inside else stamp
            self._log.append(first + (b"\n" + stamp).join(whole) + b"\n")
            self._inside = False
        self._held = rest
        if len(rest) > LONGEST_LINE:
            self.flush()

    def flush(self) -> None:
        if self._held:
            stamp = b"" if self._inside else iso(now()).encode() + b" "
            self._log.append(stamp + self._held)
            self._inside, self._held = True, b""

    def say(self, text: str) -> None:
        """A line of the platform's own, never inside one of the Actor's."""
        self.flush()
        if self._inside:
            self._log.append(b"\n")
            self._inside = False
        self.feed(text.encode() + b"\n")

    def end(self) -> None:
        self.flush()
        if self._inside:
            self._log.append(b"\n")
            self._inside = False


@dataclass
class Sample:
    """CPU in percent of one core, memory in bytes, of all processes of the box."""

    cpu: float
    memory: int


@dataclass
class Boxed:
    """`groups` are its cgroups; without them memory is watched by `sample`."""

    process: asyncio.subprocess.Process
    lines: Lines
    groups: list[Path]
    memory_bytes: int
    started: float = field(default_factory=time.monotonic)
    cpu_seconds: float = 0.0
    sampled: float = field(default_factory=time.monotonic)
    over_memory: bool = False
    oom: bool = False  # known once it ended
    peak: int = 0  # bytes, known once it ended
    pump: "asyncio.Task[None] | None" = None

    def sample(self) -> Sample:
        """Measured now; kills the box when it is over its memory and no cgroup does."""
        seconds, memory = 0.0, 0
        for each in _tree(self.process.pid):
            with contextlib.suppress(psutil.Error):
                times = each.cpu_times()
                seconds += times.user + times.system
                memory += each.memory_info().rss
        moment = time.monotonic()
        span = max(moment - self.sampled, 0.001)
        cpu = max(seconds - self.cpu_seconds, 0.0) / span * 100
        self.cpu_seconds, self.sampled = seconds, moment
        if not self.groups and memory > self.memory_bytes:
            self.over_memory = True
            self.kill()
        return Sample(cpu, memory)

    def ask_to_end(self) -> None:
        """SIGTERM to the innermost processes: the box itself does not pass it on."""
        for each in _tree(self.process.pid):
            if not each.children():
                with contextlib.suppress(psutil.Error):
                    each.terminate()

    def kill(self) -> None:
        """Everything, also what left the session: its pid namespace ends with the box."""
        below = _tree(self.process.pid)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for each in below:
            with contextlib.suppress(psutil.Error):
                each.kill()

    async def ended(self) -> int:
        """The exit code, 128 + n for signal n, once nothing of the box is left."""
        code = await self.process.wait()
        self.kill()
        if self.pump:
            _, late = await asyncio.wait({self.pump}, timeout=DRAIN)
            for task in late:
                task.cancel()
        self.lines.end()
        self.peak = cgroups.peak(self.groups)
        self.oom = self.over_memory or cgroups.ran_out(self.groups)
        await asyncio.to_thread(cgroups.remove, self.groups)
        return 128 - code if code < 0 else code


def _tree(pid: int) -> list[psutil.Process]:
    try:
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    except psutil.Error:
        return []


async def start(
    argv: list[str],
    box: sandbox.Box,
    environment: dict[str, str],
    *,
    name: str,
    lines: Lines,
    memory_mbytes: int,
) -> Boxed:
    """Starts `argv` in its box; its output goes to `lines` as it comes."""
    memory = memory_mbytes << 20
    groups = await asyncio.to_thread(cgroups.make, name, memory)
    data_kb = 0 if groups else memory_mbytes << 10
    process = await asyncio.create_subprocess_exec(
        *sandbox.command(argv, box, groups=groups, data_kb=data_kb),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        cwd=box.code if box.code and sandbox.level() != "full" else "/",
        start_new_session=True,
        limit=READ,
    )
    boxed = Boxed(process, lines, groups, memory)
    assert process.stdout is not None  # noqa: S101 - asked for above
    boxed.pump = asyncio.create_task(_pump(process.stdout, lines))
    return boxed


async def _pump(stream: asyncio.StreamReader, lines: Lines) -> None:
    """Half a line waits for its end, but not longer than PAUSE."""
    while True:
        reading = asyncio.ensure_future(stream.read(READ))
        done, _ = await asyncio.wait({reading}, timeout=PAUSE)
        if not done:
            lines.flush()
        data = await reading
        if not data:
            return
        lines.feed(data)
