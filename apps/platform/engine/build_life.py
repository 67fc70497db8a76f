"""The life of one build inside the runner: source, packages, folder, tag."""

import asyncio
import shutil
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import transaction

from apps.platform.domain import statuses
from apps.platform.domain.clock import now
from apps.platform.domain.usage import compute_units
from apps.platform.engine import (
    builds,
    definition,
    environment,
    fetching,
    installers,
    leases,
    outbox,
    packages,
    process,
    sandbox,
    sources,
)
from apps.platform.engine.lines import Lines, Sink
from apps.platform.engine.threads import in_thread, stubbornly
from apps.platform.models import Build, Version
from apps.platform.storage.logs import LogWriter

MOST_ATTEMPTS = 4
LISTEN = 0.3  # seconds


class Life:
    """`stop()` ends it from outside; `live()` returns when the row is terminal or given back."""

    def __init__(self, build: Build) -> None:
        self.build = build
        self.boxed: process.Boxed | None = None
        self.wish = ""
        self.log = LogWriter(build.id)
        self.lines = Lines(self.log)

    def stop(self, wish: str) -> None:
        """`abort`, `timeout`, `lost` or `shutdown`."""
        self.wish = self.wish or wish
        if self.boxed:
            self.boxed.kill()

    @property
    def memory_mbytes(self) -> int:
        return int(self.build.options["memoryMbytes"])

    async def live(self) -> None:
        values = {"status": statuses.RUNNING, "started_at": now(), "asked": ""}
        if not await in_thread(leases.write, self.build, statuses.GOING, **values):
            self.wish = "abort"  # or it is another runner's, and nothing more is written
        timer = asyncio.get_running_loop().call_later(
            self.build.options["timeoutSecs"], self.stop, "timeout"
        )
        problem = "The runner failed"
        try:
            problem = "stopped" if self.wish else await self._try()
        finally:
            timer.cancel()
            await stubbornly(self._finish, problem)
            self.log.close()

    async def _try(self) -> str:
        if self.build.attempt > MOST_ATTEMPTS:
            return f"The machine under the build went away {MOST_ATTEMPTS} times"
        try:
            return await self._make()
        except (sources.BadSource, packages.Unsupported, installers.Failed) as refused:
            return str(refused)

    async def _make(self) -> str:
        """ "" after success, else why it failed."""
        build = self.build
        self.lines.say(f"Build {build.build_number}: reading the source")
        folder = builds.folder_of(build.id)
        staged = folder.with_suffix(".part")
        home = await self._fetch(staged)
        found = await in_thread(definition.read, staged, home)
        described: dict[str, Any] = {
            "input_schema": found.input_schema,
            "readme": found.readme,
            "actor_definition": found.actor,
        }
        # known before the packages are there, so that forms need not wait for them
        await in_thread(leases.write, build, **described)
        for note in found.notes:
            self.lines.say(note)
        own = await in_thread(self._own_variables)
        wanted = packages.Wanted(
            found.runtime,
            found.context,
            tools=found.compiles,
            fresh=not build.use_cache,
            extra=found.packages,
            betas=packages.betas(found.context) if build.beta_packages else (),
            program=found.program,
            variables=own,
        )
        name = await in_thread(packages.digest, wanted)
        if name:
            self.lines.say(f"Build {build.build_number}: preparing the packages")
            await installers.install(wanted, name, self._step)
        if not self.wish:
            await self._compile(found, name, found.variables | own)
        if self.wish:
            return "stopped"
        await in_thread(_replace, staged, found.context, folder)
        values = {
            "runtime": found.runtime,
            "command": found.command,
            "env": name,
            "variables": found.variables,
            **self._measured(),
        }
        self.lines.say(f"Build {build.build_number}: done, it starts with {found.command}")
        if self.wish or not await in_thread(builds.succeed, build, values):
            return "stopped"
        return ""

    def _own_variables(self) -> dict[str, str]:
        """Those of the version when they apply to its builds too (rule 71)."""
        version = self._version()
        applied = version is not None and version.apply_env_vars_to_build
        return environment.variables_of(version) if applied else {}

    def _version(self) -> Version | None:
        return Version.objects.filter(
            actor_id=self.build.actor_id, version_number=self.build.version_number
        ).first()

    async def _compile(
        self, found: definition.Definition, name: str, variables: dict[str, str]
    ) -> None:
        staged = found.context
        needs = await in_thread(packages.of, found.runtime, name)
        if found.runtime == "python":
            await in_thread(packages.plain_python)
            await installers.compile_python(staged, sandbox.WORK, self._step, found.program)
        elif found.compiles:
            self.lines.say(f"Build {self.build.build_number}: npm run build")
            modules = staged / "node_modules"
            if name:
                modules.symlink_to(packages.folder(name) / "node_modules")
            read = (*needs.read, packages.folder(name)) if name else needs.read
            box = sandbox.Box(read=read, write=(staged,), start=staged)
            given = variables | needs.environment
            if await self._step(["npm", "run", "build"], box, given, False):
                raise installers.Failed("npm run build did not succeed")
            modules.unlink(missing_ok=True)

    async def _fetch(self, staged: Path) -> str:
        """The version's source into the new folder `staged`; where the Actor is in it."""
        version = await in_thread(self._version)
        if version is None:
            raise sources.BadSource("The version was deleted")
        await in_thread(_empty, staged)
        if version.source_type == "SOURCE_FILES":
            await in_thread(sources.unpack, version.source_files or [], staged)
            return ""
        fetched = fetching.fetch(version.source_type, version.source_url or "", staged, self._step)
        return await self._unless_stopped(fetched)

    async def _unless_stopped(self, work: Coroutine[Any, Any, str]) -> str:
        """A server that does not answer must not hold up an abort; a box is killed by `stop`."""
        task = asyncio.create_task(work)
        while not task.done():
            await asyncio.wait({task}, timeout=LISTEN)
            if self.wish and self.boxed is None:
                task.cancel()
        if task.cancelled():
            raise sources.BadSource("stopped")
        return task.result()

    async def _step(
        self, argv: list[str], box: sandbox.Box, variables: dict[str, str], silent: bool
    ) -> int:
        """Runs one command of the build in its box; its exit code."""
        self.boxed = await process.start(
            argv,
            replace(box, disk_bytes=box.disk_bytes or self.build.options["diskMbytes"] << 20),
            variables,
            name=f"{self.build.id}-{self.build.fence}",
            lines=Lines(SILENT) if silent else self.lines,
            memory_mbytes=self.memory_mbytes,
        )
        if self.wish:
            self.boxed.kill()
        code = await self.boxed.ended()
        self.boxed = None
        return code

    def _measured(self) -> dict[str, Any]:
        passed = (now() - self.build.started_at).total_seconds()
        seconds = max(passed, 0.0)  # the clock may have been set back
        units = compute_units(self.memory_mbytes, seconds)
        return {
            "stats": {
                "durationMillis": int(seconds * 1000),
                "runTimeSecs": round(seconds, 3),
                "computeUnits": round(units, 9),
            },
            "usage": {"ACTOR_COMPUTE_UNITS": round(units, 9)},
        }

    def _finish(self, problem: str) -> None:
        if not problem:
            return
        shutil.rmtree(builds.folder_of(self.build.id).with_suffix(".part"), ignore_errors=True)
        if self.wish == "lost":
            return
        if self.wish == "shutdown":
            leases.write(self.build, statuses.GOING, status=statuses.READY)
            leases.release(self.build)
            return
        status, sentence = {
            "abort": (statuses.ABORTED, "The build was aborted"),
            "timeout": (statuses.TIMED_OUT, "The build took too long"),
        }.get(self.wish, (statuses.FAILED, problem))
        self.lines.say(f"Build {self.build.build_number}: {sentence}")
        with transaction.atomic("platform"):
            if leases.write(
                self.build,
                statuses.ACTIVE,
                status=status,
                status_message=sentence,
                finished_at=now(),
                exit_code=1,
                owner="",
                **self._measured(),
            ):
                outbox.build_changed(self.build.id)


class _Silent(Sink):
    def append(self, data: bytes) -> None:
        """Output of a try that may fail is of no use to anyone."""


SILENT = _Silent()


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _replace(staged: Path, context: Path, folder: Path) -> None:
    """What can be run becomes the build's folder; the rest of its source is not needed."""
    shutil.rmtree(folder, ignore_errors=True)
    context.rename(folder)
    shutil.rmtree(staged, ignore_errors=True)
