"""The life of one run inside the runner, from claim to its terminal status."""

import asyncio
import time
from typing import Any

from apps.platform.domain import statuses
from apps.platform.engine import (
    builds,
    environment,
    events,
    leases,
    measure,
    packages,
    process,
    run_end,
    sandbox,
    watch,
    web,
)
from apps.platform.engine.lines import Lines
from apps.platform.engine.run_end import ABORTED, GIVEN_UP, MOST_RESTARTS, End
from apps.platform.engine.threads import in_thread, stubbornly
from apps.platform.models import Build, Run
from apps.platform.storage.logs import LogWriter

GRACE = 30.0  # seconds (semantics.md rule 106)
TICK = 1.0
AGAIN = {  # what makes the run go on with a new process -> its count in the run's stats
    "reboot": "rebootCount",
    "metamorph": "metamorph",
    "restart": "restartCount",
}
FIRST_LOOK = 0.1  # so that a short run is measured too


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
            return run_end.timed_out(run, None)
        if run.status == statuses.RUNNING:
            restarts = run.stats.get("restartCount", 0) + 1
            if restarts > MOST_RESTARTS:
                sentence = f"The machine under the run went away {restarts} times"
                return End(statuses.FAILED, None, sentence, weighty=True)
            self.lines.say("ACTOR: The machine under this run went away. Starting again.")
            moves = run.stats.get("migrationCount", 0) + 1
            self.meter.before |= {"restartCount": restarts, "migrationCount": moves}
            await in_thread(leases.write, run, stats=run.stats | self.meter.before)
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
            if self.wish not in AGAIN:
                outcome = run_end.of(self.run, self.wish, boxed, code)
                if not self._tries_again(outcome):
                    return outcome
                self.lines.say(f"ACTOR: {outcome.sentence}")
                self.wish = "restart"
            self.lines.say(f"ACTOR: Starting again after a {self.wish}.")
            await in_thread(self._reload)
            self.wish = ""
            self.wished.clear()
            if end := await self._await_build():
                return end

    def _tries_again(self, end: End) -> bool:
        """Whether `restartOnError` makes good for a failure."""
        wanted = end.status == statuses.FAILED and self.run.options.get("restartOnError")
        return bool(wanted) and self.meter.before.get("restartCount", 0) < MOST_RESTARTS

    async def _look_early(self) -> None:
        await asyncio.sleep(FIRST_LOOK)
        await watch.measure_all([self], with_storages=False)

    def _mark_running(self) -> bool:
        """False when it was aborted meanwhile. A reboot or metamorph that was asked for while
        nobody listened still counts."""
        ready, going = frozenset({statuses.READY}), frozenset({statuses.RUNNING})
        if leases.write(self.run, ready, status=statuses.RUNNING, asked=""):
            return True
        return leases.write(self.run, going, status=statuses.RUNNING)

    def _look_for_web_server(self) -> None:
        if web.answers(self.run.web_address):
            leases.write(self.run, web_ready=True)

    def _reload(self) -> None:
        stats, count = self.stats(), AGAIN[self.wish]
        stats[count] = stats.get(count, 0) + 1
        self.run.refresh_from_db()
        leases.write(self.run, stats=stats, asked="")
        self.meter = measure.Meter(stats)
        self.began = time.monotonic()

    async def _start(self) -> process.Boxed:
        run, build = self.run, self.build
        found = await in_thread(packages.of, build.runtime, build.env)
        await in_thread(leases.write, run, web_address=web.new_address(), web_ready=False)
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
            if not self.run.web_ready:
                await in_thread(self._look_for_web_server)
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

    def _finish(self, end: run_end.End) -> None:
        if end.status:
            run_end.finish(self.run, end, self.stats())
        elif self.wish == "shutdown":
            run_end.give_back(self.run, self.stats())
