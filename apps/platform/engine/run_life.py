"""The life of one run inside the runner, from claim to its terminal status."""

import asyncio
import time
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from apps.platform.domain import statuses
from apps.platform.domain.clock import now
from apps.platform.engine import (
    builds,
    environment,
    events,
    leases,
    measure,
    packages,
    process,
    sandbox,
    watch,
)
from apps.platform.engine.lines import Lines
from apps.platform.engine.threads import in_thread, stubbornly
from apps.platform.models import Build, Run, Token
from apps.platform.storage.logs import LogWriter

GRACE = 30.0  # seconds (semantics.md rule 106)
MOST_RESTARTS = 3
TICK = 1.0
COUNTS = {"reboot": "rebootCount", "metamorph": "metamorph"}  # in the run's stats
FIRST_LOOK = 0.1  # so that a short run is measured too


@dataclass(frozen=True)
class End:
    status: str
    exit_code: int | None
    sentence: str
    weighty: bool = False  # said even when the Actor left a message of its own


ABORTED = End(statuses.ABORTED, None, "The run was aborted")
GIVEN_UP = End("", None, "")  # somebody else goes on with it
REASONS = {
    "memory": "The Actor ran out of its {memoryMbytes} MB of memory. Give it more.",
    "disk": "The Actor filled its {diskMbytes} MB of disk. They grow with its memory.",
    "processes": "The Actor started too many processes.",
}


class Life:
    """`stop(wish)` tells it what is wanted: abort, graceful, reboot, metamorph, lost, shutdown."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.wish = ""
        self.wished = asyncio.Event()
        self.log = LogWriter(run.id)
        self.lines = Lines(self.log)
        self.boxed: process.Boxed | None = None
        self.meter = measure.Meter(run.stats)
        self.began = time.monotonic()

    def stop(self, wish: str) -> None:
        stronger = {"abort", "lost", "shutdown"}
        if wish and (not self.wish or (wish in stronger and self.wish not in stronger)):
            self.wish = wish
            self.wished.set()

    async def live(self) -> None:
        try:
            end = await self._before() or await self._stretches()
        except Exception as problem:
            self.lines.say(f"ACTOR: The runner failed: {type(problem).__name__}")
            await stubbornly(self._finish, End(statuses.FAILED, None, "The runner failed", True))
            raise
        finally:
            self.lines.end()
            self.log.close()
        if end:
            await stubbornly(self._finish, end)

    async def _before(self) -> End | None:
        """What is over before it begins: aborted meanwhile, restarted too often, no build."""
        run = self.run
        if run.status == statuses.ABORTING:
            return ABORTED
        if run.status == statuses.TIMING_OUT:
            return End(statuses.TIMED_OUT, None, self._timed_out())
        if run.status == statuses.RUNNING:
            restarts = run.stats.get("restartCount", 0) + 1
            if restarts > MOST_RESTARTS:
                sentence = f"The machine under the run went away {restarts} times"
                return End(statuses.FAILED, None, sentence, weighty=True)
            self.lines.say("ACTOR: The machine under this run went away. Starting again.")
            self.meter.before["restartCount"] = restarts
            await in_thread(leases.write, run, stats={**run.stats, "restartCount": restarts})
        return await self._await_build()

    async def _await_build(self) -> End | None:
        told = False
        while True:
            build = await in_thread(Build.objects.filter(id=self.run.build_id).first)
            if build is None:
                return End(statuses.FAILED, None, "The build of this run was deleted", weighty=True)
            if build.status == statuses.SUCCEEDED:
                self.build = build
                return None
            if build.status in statuses.TERMINAL:
                sentence = f"Build {build.build_number} did not succeed"
                return End(statuses.FAILED, None, sentence, weighty=True)
            if not told:
                self.lines.say(f"ACTOR: Waiting for build {build.build_number} to finish.")
                told = True
            if await self._wished_within(0.3):
                return self._unstarted()

    def _unstarted(self) -> End | None:
        return ABORTED if self.wish in {"abort", "graceful"} else GIVEN_UP

    async def _wished_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self.wished.wait(), seconds)
        except TimeoutError:
            return False
        return True

    async def _stretches(self) -> End | None:
        """One process after another, as reboots and metamorphs ask."""
        while True:
            if not await in_thread(self._mark_running):
                return ABORTED
            self.boxed = boxed = await self._start()
            looking = asyncio.create_task(self._look_early())
            code = await self._watch(boxed)
            looking.cancel()
            self.boxed = None
            if self.wish not in {"reboot", "metamorph"}:
                return self._outcome(boxed, code)
            self.lines.say(f"ACTOR: Starting again after a {self.wish}.")
            await in_thread(self._reload)
            self.wish = ""
            self.wished.clear()
            if end := await self._await_build():
                return end

    async def _look_early(self) -> None:
        await asyncio.sleep(FIRST_LOOK)
        await watch.measure_all([self], with_storages=False)

    def _mark_running(self) -> bool:
        allowed = (statuses.READY, statuses.RUNNING)
        mine = Run.objects.filter(id=self.run.id, fence=self.run.fence, status__in=allowed)
        return bool(mine.update(status=statuses.RUNNING, asked=""))

    def _reload(self) -> None:
        stats, count = self.stats(), COUNTS[self.wish]
        stats[count] = stats.get(count, 0) + 1
        self.run.refresh_from_db()
        leases.write(self.run, stats=stats, asked="")
        self.meter = measure.Meter(stats)
        self.began = time.monotonic()

    async def _start(self) -> process.Boxed:
        run, build = self.run, self.build
        found = await in_thread(packages.of, build.runtime, build.env)
        variables = await in_thread(environment.of, run, build, found)
        self.lines.hide = variables["APIFY_TOKEN"].encode()
        megabytes = run.options["memoryMbytes"]
        self.lines.say(f"ACTOR: Build {build.build_number}, {megabytes} MB of memory.")
        self.lines.say(f"ACTOR: Sandbox level: {sandbox.level()}.")
        self.lines.say("ACTOR: Starting.")
        box = sandbox.Box(
            code=builds.folder_of(build.id),
            mounts=found.mounts,
            read=found.read,
            disk_bytes=run.options["diskMbytes"] << 20,
            network=sandbox.network_allowed(),
        )
        self.began = time.monotonic()
        return await process.start(
            build.command,
            box,
            variables,
            name=f"{run.id}-{run.fence}",
            lines=self.lines,
            memory_mbytes=megabytes,
        )

    async def _watch(self, boxed: process.Boxed) -> int:
        """The exit code; meanwhile the time limit and wishes."""
        ending = asyncio.create_task(boxed.ended())
        limit = self._seconds_left()
        force_at = None
        while True:
            wishing = asyncio.create_task(self.wished.wait())
            await asyncio.wait({ending, wishing}, timeout=TICK, return_when="FIRST_COMPLETED")
            wishing.cancel()
            if ending.done():
                self.meter.peak = max(self.meter.peak, boxed.peak)
                return ending.result()
            if self.wished.is_set() and force_at is None:
                force_at = await self._act_on_wish(boxed)
            if limit is not None and time.monotonic() - self.began > limit and not self.wish:
                await in_thread(self._mark_timing_out)
                self.stop("timeout")
                boxed.kill()
            overdue = force_at is not None and time.monotonic() > force_at
            if overdue or self.wish in {"abort", "lost"}:
                boxed.kill()
            if self.wished.is_set():
                await asyncio.wait({ending}, timeout=TICK)

    async def _act_on_wish(self, boxed: process.Boxed) -> float:
        """When the process is to be killed, by the monotonic clock."""
        run_id = self.run.id
        if self.wish == "graceful":
            self.lines.say("ACTOR: Aborting gracefully, at most 30 s are left.")
            heard = await in_thread(events.send, run_id, "aborting")
            await in_thread(events.send, run_id, "persistState", {"isMigrating": False})
            if not heard:
                boxed.ask_to_end()
            return time.monotonic() + GRACE
        if self.wish == "shutdown":
            self.lines.say("ACTOR: The runner stops, this run goes on elsewhere or later.")
            heard = await in_thread(events.send, run_id, "migrating", {"timeRemainingSecs": 3})
            await in_thread(events.send, run_id, "persistState", {"isMigrating": True})
            return time.monotonic() + (3.0 if heard else 0.0)
        boxed.kill()
        return time.monotonic()

    def stats(self) -> dict[str, Any]:
        seconds = time.monotonic() - self.began
        return self.meter.stats(seconds, self.run.options["memoryMbytes"])

    def _seconds_left(self) -> float | None:
        """Of the time limit, what earlier stretches ran since a resurrection counted in."""
        limit = self.run.options.get("timeoutSecs") or 0
        gone = self.meter.before.get("runTimeSecs", 0) - self.run.seconds_before
        return limit - gone if limit else None

    def _mark_timing_out(self) -> None:
        mine = Run.objects.filter(id=self.run.id, fence=self.run.fence, status=statuses.RUNNING)
        mine.update(status=statuses.TIMING_OUT)

    def _timed_out(self) -> str:
        return (
            f"The run took longer than its limit of {self.run.options.get('timeoutSecs')} s. "
            "Resurrect it with a longer one."
        )

    def _outcome(self, boxed: process.Boxed, code: int) -> End:
        if self.wish in {"abort", "graceful"}:
            return replace(ABORTED, exit_code=code)
        if self.wish == "timeout":
            return End(statuses.TIMED_OUT, code, self._timed_out(), weighty=True)
        if self.wish in {"lost", "shutdown"}:
            return GIVEN_UP
        if code == 0 and not boxed.broke:
            return End(statuses.SUCCEEDED, 0, "The Actor finished")
        if boxed.broke:
            sentence = REASONS[boxed.broke].format(**self.run.options)
            return End(statuses.FAILED, code, sentence, weighty=True)
        return End(statuses.FAILED, code, f"The Actor ended with exit code {code}")

    def _finish(self, end: End) -> None:
        """Status, usage and statistics in one transaction, unless another runner has the run."""
        if not end.status:
            self._give_back()
            return
        stats = self.stats()
        with transaction.atomic("platform"):
            run = Run.objects.select_for_update().get(id=self.run.id)
            if run.fence != self.run.fence:
                return
            status = statuses.ABORTED if run.status == statuses.ABORTING else end.status
            values: dict[str, Any] = {
                "status": status,
                "exit_code": end.exit_code,
                "finished_at": now(),
                "stats": stats,
                "usage": measure.usage_of(measure.storages_of(run), stats),
                "owner": "",
                "asked": "",
            }
            if end.weighty or not run.status_message:
                values["status_message"] = end.sentence
            leases.write(self.run, **values)
            Token.objects.filter(run_id=run.id).delete()

    def _give_back(self) -> None:
        if self.wish == "shutdown":
            restarts = self.run.stats.get("restartCount", 0) + 1
            stats = {**self.stats(), "restartCount": restarts}
            mine = Run.objects.filter(id=self.run.id, fence=self.run.fence)
            mine.filter(status=statuses.RUNNING).update(status=statuses.READY, stats=stats)
            leases.release(self.run)
