"""One boxed process: started, its output pumped to the log, measured, ended with all below it."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from apps.platform.engine import cgroups, sandbox, scratch, tree
from apps.platform.engine.lines import Lines

PAUSE = 0.2  # seconds after which half a line is shown
READ = 1 << 16
DRAIN = 1.0
NICER = 5  # the platform itself comes first


@dataclass
class Sample:
    """CPU in percent of one core, memory in bytes, of all processes of the box."""

    cpu: float
    memory: int


@dataclass
class Boxed:
    """`groups` are its cgroups; without them `check` keeps its limits."""

    process: asyncio.subprocess.Process
    lines: Lines
    groups: list[Path]
    memory_bytes: int
    disk_bytes: int
    scratch: Path
    broke: str = ""  # memory, processes or disk: the limit for which it was killed
    cpu_seconds: float = 0.0
    sampled: float = field(default_factory=time.monotonic)
    peak: int = 0  # bytes, known once it ended
    pump: "asyncio.Task[None] | None" = None

    def sample(self, table: tree.Table) -> Sample:
        """What it uses, by the look at all processes that `table` holds."""
        pids = tree.below(table, self.process.pid)
        seconds = sum(table[pid].seconds for pid in pids)
        held = cgroups.held(self.groups)
        memory = sum(table[pid].memory for pid in pids) if held is None else held
        moment = time.monotonic()
        span = max(moment - self.sampled, 0.001)
        cpu = max(seconds - self.cpu_seconds, 0.0) / span * 100
        self.cpu_seconds, self.sampled = seconds, moment
        return Sample(cpu, memory)

    def check(self, table: tree.Table) -> None:
        """Kills it when it holds more than it may."""
        pids = tree.below(table, self.process.pid)
        if len(pids) > cgroups.MOST_PIDS:
            self.stop("processes")
        resident = sum(table[pid].memory for pid in pids)
        if resident <= self.memory_bytes:
            return
        if len(pids) == 1 or (tree.shared_fairly(pids) or resident) > self.memory_bytes:
            self.stop("memory")

    def check_disk(self) -> None:
        """Blocks for as long as it takes to look at every file."""
        if self.disk_bytes and scratch.size(self.scratch) > self.disk_bytes:
            self.stop("disk")

    def stop(self, limit: str) -> None:
        self.broke = self.broke or limit
        self.kill()

    def ask_to_end(self) -> None:
        """SIGTERM to the innermost processes: the box itself does not pass it on."""
        for pid in tree.leaves(tree.look(), self.process.pid):
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGTERM)

    def kill(self) -> None:
        """Everything, also what left the session: the box ends with its first process."""
        below = tree.below(tree.look(), self.process.pid)
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for pid in below:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)

    async def ended(self) -> int:
        """The exit code, 128 + n for signal n, once nothing of the box is left."""
        code = await self.process.wait()
        if self.pump:
            _, late = await asyncio.wait({self.pump}, timeout=DRAIN)
            for task in late:
                task.cancel()
        self.lines.end()
        self.peak = cgroups.peak(self.groups)
        if cgroups.ran_out(self.groups):
            self.broke = self.broke or "memory"
        await asyncio.to_thread(self._clear)
        return 128 - code if code < 0 else code

    def _clear(self) -> None:
        cgroups.remove(self.groups)
        scratch.remove(self.scratch)


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
    groups, box = await asyncio.to_thread(_prepare, name, box, memory)
    process = await asyncio.create_subprocess_exec(
        *sandbox.command(
            argv, box, groups=groups, data_bytes=0 if groups else memory, memory_bytes=memory
        ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**environment, "HOME": box.tmp(), "TMPDIR": box.tmp()},
        cwd="/",
        start_new_session=True,
        limit=READ,
    )
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, process.pid, NICER)
    boxed = Boxed(process, lines, groups, memory, box.disk_bytes, box.scratch)
    assert process.stdout is not None  # noqa: S101 - asked for above
    boxed.pump = asyncio.create_task(_pump(process.stdout, lines))
    return boxed


def _prepare(name: str, box: sandbox.Box, memory: int) -> tuple[list[Path], sandbox.Box]:
    box = replace(box, scratch=scratch.make(name))
    if box.code and sandbox.level() != "full":
        links = {Path(inside).name: outside for inside, outside in box.mounts.items()}
        scratch.copy(box.code, box.scratch, links)
    return cgroups.make(name, memory), box


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
