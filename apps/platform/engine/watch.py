"""Looks at all running boxes at once: statistics each second, limits in between."""

import asyncio
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import psutil
from django.db import transaction

from apps.platform.engine import events, measure, tree
from apps.platform.engine.process import Boxed
from apps.platform.engine.threads import in_thread
from apps.platform.models import Run
from apps.platform.storage import ledger

MEASURE = 1.0
GUARD = 0.15
DISK = 3.0
STORAGE_EVERY = 10  # rounds between two looks at what the storages did
BUSY = 95.0  # percent of all cores


class Measured(Protocol):
    """A life that has a box now, or not."""

    run: Run
    boxed: Boxed | None
    meter: measure.Meter

    def stats(self) -> dict[str, Any]: ...


@dataclass
class Watch:
    """`runs` gives the lives to measure, `boxes` all boxes whose limits are to be kept."""

    runs: Callable[[], list[Measured]]
    boxes: Callable[[], list[Boxed]]
    round: int = 0

    async def measure(self) -> None:
        await measure_all(self.runs(), with_storages=self.round % STORAGE_EVERY == 0)
        self.round += 1

    async def guard(self) -> None:
        """Memory and processes, where no cgroup keeps them."""
        free = [boxed for boxed in self.boxes() if not boxed.groups]
        if free:
            table = await asyncio.to_thread(tree.look)
            for boxed in free:
                boxed.check(table)

    async def guard_disks(self) -> None:
        """A look may take long: the next one waits ten times as long."""
        began = time.monotonic()
        for boxed in self.boxes():
            await asyncio.to_thread(boxed.check_disk)
        await asyncio.sleep((time.monotonic() - began) * 10)


async def measure_all(lives: list[Measured], *, with_storages: bool) -> None:
    """One look at the processes, one transaction, one message to Redis for all runs."""
    if not lives:
        return
    table = await asyncio.to_thread(tree.look)
    busy = psutil.cpu_percent() > BUSY
    rows, frames = [], []
    for life in lives:
        if life.boxed is None:
            continue
        life.meter.add(life.boxed.sample(table))
        rows.append((life, life.stats()))
        frames.append((life.run.id, "systemInfo", _info(life, busy)))
    await in_thread(_write, rows, with_storages)
    await in_thread(events.send_all, frames)


def _info(life: Measured, busy: bool) -> dict[str, Any]:
    """The SDKs divide CPU by the run's dedicated share of a core; here it may use all cores."""
    share = measure.dedicated_cpus(life.run.options["memoryMbytes"]) / (os.cpu_count() or 1)
    cpu = {name: value * share for name, value in life.meter.cpu.values().items()}
    return events.system_info(life.meter.memory.values(), cpu, busy)


def _write(rows: list[tuple[Measured, dict[str, Any]]], with_storages: bool) -> None:
    with transaction.atomic("platform"):
        for life, stats in rows:
            run = life.run
            mine = Run.objects.filter(id=run.id, fence=run.fence, owner=run.owner)
            if with_storages:
                usage = measure.usage_of(measure.storages_of(run), stats)
                ledger.write(mine, usage=usage, stats=stats)
            else:
                mine.update(stats=stats)
