"""The runner: takes rows, keeps their leases, lives their lives; one loop in a thread."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import psutil
from django.conf import settings

from apps.platform.engine import build_life, cgroups, leases, process, run_life, scratch, watch
from apps.platform.engine.threads import in_thread
from apps.platform.models import Build, Run

log = logging.getLogger(__name__)
SWEEP = 2.0
RENEW = 3.0
LISTEN = 0.4
MOST_BUILDS = 2
AT_ONCE = 50
LONGEST_GOODBYE = 30.0

Kind = Literal["run", "build"]
KINDS: dict[Kind, leases.Kind] = {"run": Run, "build": Build}


@dataclass(frozen=True)
class Living:
    """What this runner works on. Builds do not count into `memory`, they have slots."""

    kind: Kind
    life: run_life.Life | build_life.Life
    task: "asyncio.Task[None]"
    memory: int  # megabytes


class Supervisor:
    """Start it once per runner process; `hand_over` may be called from any thread."""

    def __init__(self) -> None:
        self.owner = leases.new_owner()
        self.living: dict[str, Living] = {}
        self.memory = (
            settings.PLATFORM_MEMORY_MBYTES or psutil.virtual_memory().total * 3 // 4 >> 20
        )
        self.stopping = False
        self.taking = asyncio.Lock()
        self.watch = watch.Watch(self._runs, self._boxes)
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._serve, name="supervisor", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def hand_over(self, kind: Kind, work_ids: Sequence[str]) -> None:
        """Takes rows that are free while there is room; else the sweep or another runner will."""
        rows = KINDS[kind]._default_manager.filter(id__in=work_ids)
        taking = self._take(kind, list(rows.values_list("id", "options")))
        asyncio.run_coroutine_threadsafe(taking, self.loop).result(20)

    def shutdown(self) -> None:
        """Running Actors are told and given back; returns when none is left."""
        if self.thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._shutdown(), self.loop).result(40)
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join(5)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        rounds = (
            (SWEEP, self._sweep),
            (RENEW, self._renew),
            (LISTEN, self._listen),
            (watch.MEASURE, self.watch.measure),
            (watch.GUARD, self.watch.guard),
            (watch.DISK, self.watch.guard_disks),
        )
        self.loop.create_task(in_thread(_clear_up))
        for pause, work in rounds:
            self.loop.create_task(self._repeat(pause, work))
        self.loop.run_forever()

    async def _repeat(self, pause: float, work: Callable[[], Awaitable[None]]) -> None:
        """The database may be away for a while: say so and try again."""
        while True:
            try:
                await work()
            except Exception:
                log.exception("The runner could not do its rounds")
            await asyncio.sleep(pause)

    async def _take(self, kind: Kind, waiting: list[tuple[str, dict[str, Any]]]) -> None:
        """`waiting`: ids and options."""
        for work_id, options in waiting:
            memory = options["memoryMbytes"] if kind == "run" else 0
            async with self.taking:  # or two would take the same room
                if work_id not in self.living and self._has_room(kind, memory):
                    await self._claim(kind, work_id, memory)

    async def _claim(self, kind: Kind, work_id: str, memory: int) -> None:
        row = await in_thread(leases.claim, KINDS[kind], work_id, self.owner)
        if row is None:
            return
        life = run_life.Life(row) if kind == "run" else build_life.Life(row)
        task = self.loop.create_task(life.live())
        self.living[work_id] = Living(kind, life, task, memory)
        task.add_done_callback(lambda done: self._gone(work_id, done))

    def _gone(self, work_id: str, task: "asyncio.Task[None]") -> None:
        del self.living[work_id]
        if not task.cancelled() and task.exception():
            log.error("Work on %s failed", work_id, exc_info=task.exception())

    def _has_room(self, kind: Kind, memory: int) -> bool:
        """One run always fits, however large."""
        if self.stopping:
            return False
        if kind == "build":
            return len(self._held("build")) < MOST_BUILDS
        used = sum(each.memory for each in self.living.values())
        return used == 0 or used + memory <= self.memory

    def _held(self, kind: Kind) -> list[str]:
        return [work_id for work_id, each in self.living.items() if each.kind == kind]

    def _runs(self) -> list[watch.Measured]:
        lives = (each.life for each in self.living.values())
        return [life for life in lives if isinstance(life, run_life.Life) and life.boxed]

    def _boxes(self) -> list[process.Boxed]:
        return [each.life.boxed for each in self.living.values() if each.life.boxed]

    async def _sweep(self) -> None:
        for kind, model in KINDS.items():
            await in_thread(leases.free_those_of_the_dead, model)
            waiting = leases.waiting(model).values_list("id", "options")[:AT_ONCE]
            await self._take(kind, await in_thread(list, waiting))

    async def _renew(self) -> None:
        """What this runner lives but no longer holds was taken over: it must end here."""
        for kind, model in KINDS.items():
            held = self._held(kind)
            if not held:
                continue
            kept = await in_thread(leases.renew, model, self.owner, held)
            for work_id in held:
                if work_id in self.living and work_id not in kept:
                    self.living[work_id].life.stop("lost")

    async def _listen(self) -> None:
        for kind, model in KINDS.items():
            if not self._held(kind):
                continue
            for work_id, wish in (await in_thread(leases.wishes, model, self.owner)).items():
                if work_id in self.living:
                    self.living[work_id].life.stop(wish)

    async def _shutdown(self) -> None:
        self.stopping = True
        for each in list(self.living.values()):
            each.life.stop("shutdown")
        if self.living:
            await asyncio.wait(
                [each.task for each in self.living.values()], timeout=LONGEST_GOODBYE
            )


def _clear_up() -> None:
    for model in KINDS.values():
        leases.free_those_of_the_dead(model)
    scratch.sweep()
    cgroups.sweep()


current: Supervisor | None = None


def begin() -> None:
    global current  # noqa: PLW0603 - one runner a process, started by a signal of Celery
    current = Supervisor()
    current.start()


def end() -> None:
    if current:
        current.shutdown()
