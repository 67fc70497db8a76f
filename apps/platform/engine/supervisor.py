"""The runner: takes rows, keeps their leases, lives their lives; one loop in a thread."""

import asyncio
import logging
import os
import secrets
import socket
import threading
from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

import psutil
from django.conf import settings

from apps.platform.engine import build_life, leases, run_life
from apps.platform.engine.threads import in_thread
from apps.platform.models import Build, Run

log = logging.getLogger(__name__)
SWEEP = 2.0
RENEW = 3.0
LISTEN = 0.4
MOST_BUILDS = 2
AT_ONCE = 50

Kind = Literal["run", "build"]
KINDS: dict[Kind, leases.Kind] = {"run": Run, "build": Build}


class LifeLike(Protocol):
    wish: str

    def stop(self, wish: str) -> None: ...


class Supervisor:
    """Start it once per runner process; `hand_over` may be called from any thread."""

    def __init__(self) -> None:
        self.owner = f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"
        self.lives: dict[str, tuple[Kind, LifeLike, asyncio.Task[None]]] = {}
        self.memory_used = 0
        self.memory = (
            settings.PLATFORM_MEMORY_MBYTES or psutil.virtual_memory().total * 3 // 4 >> 20
        )
        self.stopping = False
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self._serve, name="supervisor", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def hand_over(self, kind: Kind, work_id: str) -> None:
        """Takes the row if it is free and there is room; else the sweep or another runner will."""
        asyncio.run_coroutine_threadsafe(self._take(kind, work_id), self.loop).result(20)

    def shutdown(self) -> None:
        """Running Actors are told and given back; returns when none is left."""
        if self.thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._shutdown(), self.loop).result(40)
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join(5)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        for pause, work in ((SWEEP, self._sweep), (RENEW, self._renew), (LISTEN, self._listen)):
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

    async def _take(self, kind: Kind, work_id: str) -> None:
        if self.stopping or work_id in self.lives or not await self._has_room(kind, work_id):
            return
        row = await in_thread(leases.claim, KINDS[kind], work_id, self.owner)
        if row is None or work_id in self.lives:
            return
        if kind == "run":
            life = run_life.Life(row)
            work = life.live()
        else:
            building = build_life.Life(row)
            work = building.run()
        task = asyncio.create_task(work)
        self.lives[work_id] = (kind, life if kind == "run" else building, task)
        memory = row.options.get("memoryMbytes", 0) if kind == "run" else 0
        self.memory_used += memory
        task.add_done_callback(lambda done: self._gone(work_id, memory, done))

    def _gone(self, work_id: str, memory: int, task: "asyncio.Task[None]") -> None:
        del self.lives[work_id]
        self.memory_used -= memory
        if not task.cancelled() and task.exception():
            log.error("Work on %s failed", work_id, exc_info=task.exception())

    async def _has_room(self, kind: Kind, work_id: str) -> bool:
        if kind == "build":
            return sum(1 for one, _, _ in self.lives.values() if one == "build") < MOST_BUILDS
        found = await in_thread(
            Run.objects.filter(id=work_id).values_list("options", flat=True).first
        )
        needs = (found or {}).get("memoryMbytes", 0)
        return self.memory_used == 0 or self.memory_used + needs <= self.memory

    async def _sweep(self) -> None:
        for kind, model in KINDS.items():
            waiting = leases.waiting(model).values_list("id", flat=True)[:AT_ONCE]
            for work_id in await in_thread(list, waiting):
                await self._take(kind, work_id)

    async def _renew(self) -> None:
        """What this runner lives but no longer holds was taken over: it must end here."""
        for kind, model in KINDS.items():
            held = [work_id for work_id, (one, _, _) in self.lives.items() if one == kind]
            if not held:
                continue
            rows = await in_thread(leases.renew, model, self.owner)
            for work_id in held:
                if work_id in self.lives and work_id not in rows:
                    self.lives[work_id][1].stop("lost")

    async def _listen(self) -> None:
        for kind, model in KINDS.items():
            if not any(one == kind for one, _, _ in self.lives.values()):
                continue
            for work_id, (_, wish) in (await in_thread(leases.wishes, model, self.owner)).items():
                if wish and work_id in self.lives:
                    self.lives[work_id][1].stop(wish)

    async def _shutdown(self) -> None:
        self.stopping = True
        tasks = []
        for _, life, task in list(self.lives.values()):
            life.stop("shutdown")
            tasks.append(task)
        if tasks:
            await asyncio.wait(tasks, timeout=30)


current: Supervisor | None = None


def begin() -> None:
    global current  # noqa: PLW0603 - one runner a process, started by a signal of Celery
    current = Supervisor()
    current.start()


def end() -> None:
    if current:
        current.shutdown()
