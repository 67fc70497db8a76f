"""Boxes at each level of sandbox, without a runner around them."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest

from apps.platform.engine import cgroups, process, sandbox, tree
from apps.platform.engine.lines import Lines
from tests.platform.conftest import ROOT
from tests.stack import wait_for

pytestmark = pytest.mark.sandbox
LEVELS = ("full", "landlock", "limits")
WALLED = ("full", "landlock")
MEGABYTE = 1 << 20


@dataclass
class Said:
    data: bytes = b""

    def append(self, data: bytes) -> None:
        self.data += data


@dataclass
class Bench:
    """Starts Python programs in boxes over the folder `code`."""

    home: Path
    code: Path
    said: Said = field(default_factory=Said)
    boxed: process.Boxed | None = None

    async def start(self, program: str, *, memory: int = 256, **box: Any) -> process.Boxed:
        (self.code / "main.py").write_text(program)
        given = sandbox.Box(code=self.code, **box)
        argv = [sandbox.PYTHON, "main.py"]
        self.boxed = await process.start(
            argv,
            given,
            {"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            name=f"test{os.getpid()}-1",
            lines=Lines(self.said),
            memory_mbytes=memory,
        )
        return self.boxed

    async def run(self, program: str, **options: Any) -> int:
        return await (await self.start(program, **options)).ended()

    async def says(self, text: str) -> None:
        async with asyncio.timeout(20):
            while text.encode() not in self.said.data:  # noqa: ASYNC110 - its log has no event
                await asyncio.sleep(0.01)

    @property
    def text(self) -> str:
        return self.said.data.decode()


@pytest.fixture(params=LEVELS)
def bench(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[Bench]:
    settings.PLATFORM_SANDBOX, settings.HOME = request.param, tmp_path / "home"
    code = tmp_path / "home" / "code"
    code.mkdir(parents=True)
    found = Bench(tmp_path / "home", code)
    yield found
    if found.boxed and found.boxed.process.returncode is None:
        found.boxed.kill()
    assert not list((tmp_path / "home/platform/scratch").iterdir())


walled = pytest.mark.parametrize("bench", WALLED, indirect=True)


@pytest.fixture
def no_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str, memory_bytes: int) -> list[Path]:
        return []

    monkeypatch.setattr(cgroups, "make", none)


async def test_exit_codes_come_through(bench: Bench) -> None:
    assert await bench.run("import sys; print('so', flush=True); sys.exit(7)") == 7
    assert "so" in bench.text
    assert await bench.run("import os; os.kill(os.getpid(), 9)") == 128 + signal.SIGKILL


async def test_the_build_stays_clean(bench: Bench) -> None:
    (bench.code / "kept.txt").write_text("as built")
    program = (
        "open('kept.txt', 'w').write('spoiled')\nopen('new.txt', 'w').write('x')\n"
        "import os, tempfile\nos.mkdir('deep')\nos.chmod('deep', 0)\n"
        "open(tempfile.mktemp(), 'w').write('x')\nprint(open('kept.txt').read())\n"
    )
    assert await bench.run(program) == 0, bench.text
    assert "spoiled" in bench.text
    assert {path.name for path in bench.code.iterdir()} == {"main.py", "kept.txt"}
    assert (bench.code / "kept.txt").read_text() == "as built"


FORKS = (
    "import os, sys, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
    "        os.execvp('sleep', ['sleep', '{mark}'])\n    os._exit(0)\n"
    "time.sleep(0.2)\nprint('forked', flush=True)\n{then}\n"
)


def strays(mark: str) -> list[int]:
    found = psutil.process_iter(["cmdline"])
    return [each.pid for each in found if mark in (each.info["cmdline"] or [])]


async def test_f28_nothing_is_left_of_a_box_that_ended(bench: Bench) -> None:
    mark = f"7{os.getpid()}1"
    assert await bench.run(FORKS.format(mark=mark, then="")) == 0
    assert not strays(mark)


async def test_f28_a_deaf_box_is_killed_whole(bench: Bench) -> None:
    mark = f"7{os.getpid()}2"
    boxed = await bench.start(FORKS.format(mark=mark, then="time.sleep(100)"))
    await bench.says("forked")
    assert strays(mark)
    boxed.kill()
    await boxed.ended()
    wait_for(lambda: not strays(mark), 5)


RUNNER = """
import asyncio, os, sys
from pathlib import Path
os.environ["DJANGO_SETTINGS_MODULE"] = "console.settings"
import django; django.setup()
from apps.platform.engine import process, sandbox
from apps.platform.engine.lines import Lines
class Out:
    def append(self, data):
        os.write(1, data)
async def main():
    box = sandbox.Box(code=Path(sys.argv[1]))
    boxed = await process.start([sandbox.PYTHON, "main.py"], box, {"PATH": "/usr/bin:/bin"},
        name="killed-1", lines=Lines(Out()), memory_mbytes=256)
    await boxed.ended()
asyncio.run(main())
"""


async def test_f09_a_box_dies_with_its_runner(bench: Bench, tmp_path: Path) -> None:
    mark = f"7{os.getpid()}3"
    (bench.code / "main.py").write_text(FORKS.format(mark=mark, then="time.sleep(100)"))
    environment = {**os.environ, "CALLBOARD_HOME": str(tmp_path / "other")}
    environment |= {"CALLBOARD_SANDBOX": sandbox.level()}
    runner = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        RUNNER,
        str(bench.code),
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
    )
    assert runner.stdout
    async with asyncio.timeout(30):
        while b"forked" not in await runner.stdout.readline():
            pass
    assert strays(mark)
    runner.kill()
    await runner.wait()
    wait_for(lambda: not strays(mark), 5)
    (bench.home / "platform/scratch").mkdir(parents=True)


@walled
async def test_row_3_files_of_the_machine_are_out_of_reach(bench: Bench) -> None:
    secret = bench.home / "keys"
    secret.write_text("canary")
    program = (
        "import os\n"
        f"for path in ({str(secret)!r}, '/root/.profile', '/etc/shadow', '/etc/passwd'):\n"
        "    try: print('READ', path, open(path).read()[:20])\n"
        "    except OSError: pass\n"
        f"for path in ('/usr/planted', '/dev/planted', '/planted', {str(secret)!r}):\n"
        "    try:\n        open(path, 'w').write('x')\n        print('WROTE', path)\n"
        "    except OSError: pass\n"
        f"try: os.kill({os.getpid()}, 0) or print('SIGNALLED')\n"
        "except OSError: pass\n"
        f"try: print('ENVIRON', open('/proc/{os.getppid()}/environ').read()[:20])\n"
        "except OSError: pass\n"
    )
    assert await bench.run(program) == 0
    assert bench.text == ""
    assert secret.read_text() == "canary"


async def test_row_22_a_file_may_not_outgrow_the_disk(bench: Bench) -> None:
    program = (
        "try:\n    with open('big', 'wb') as f:\n"
        "        for _ in range(64): f.write(bytes(1 << 20))\n"
        "except OSError as problem: print('refused', problem.strerror)\n"
    )
    await bench.run(program, disk_bytes=8 * MEGABYTE)
    assert "refused" in bench.text


async def test_row_22_many_files_may_not_either(bench: Bench) -> None:
    program = (
        "import time\nfor n in range(32):\n    open(f'f{n}', 'wb').write(bytes(1 << 20))\n"
        "print('wrote', flush=True)\ntime.sleep(60)\n"
    )
    boxed = await bench.start(program, disk_bytes=8 * MEGABYTE)
    await bench.says("wrote")
    boxed.check_disk()
    assert await boxed.ended() != 0
    assert boxed.broke == "disk"


@pytest.mark.usefixtures("no_groups")
async def test_row_22_one_process_may_not_outgrow_the_memory(bench: Bench) -> None:
    assert await bench.run("x = bytearray(400 << 20)", memory=128) != 0
    assert "MemoryError" in bench.text


TOGETHER = (
    "import os, time\nfor _ in range(3):\n    if os.fork() == 0:\n"
    "        x = bytearray(b'1') * (60 << 20)\n        print('held', flush=True)\n"
    "        time.sleep(60)\n        os._exit(0)\ntime.sleep(60)\n"
)


@pytest.mark.usefixtures("no_groups")
async def test_row_22_processes_together_may_not_either(bench: Bench) -> None:
    boxed = await bench.start(TOGETHER, memory=128)
    until = time.monotonic() + 20
    while not boxed.broke and time.monotonic() < until:
        boxed.check(tree.look())
        await asyncio.sleep(0.02)
    await boxed.ended()
    assert boxed.broke == "memory"


@pytest.mark.usefixtures("no_groups")
async def test_row_22_a_fork_bomb_ends(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cgroups, "MOST_PIDS", 40)
    program = (
        "import os, time\nfor _ in range(100):\n    if os.fork() == 0:\n"
        "        time.sleep(60)\n        os._exit(0)\nprint('forked', flush=True)\ntime.sleep(60)\n"
    )
    boxed = await bench.start(program)
    await bench.says("forked")
    boxed.check(tree.look())
    await boxed.ended()
    assert boxed.broke == "processes"


async def test_a_sample_counts_all_processes(bench: Bench) -> None:
    program = "import time\nx = bytearray(b'1') * (50 << 20)\nprint('held', flush=True)\n"
    boxed = await bench.start(program + "sum(range(10**7))\nprint('done')\ntime.sleep(60)")
    await bench.says("done")
    sample = boxed.sample(tree.look())
    assert sample.memory > 50 * MEGABYTE
    assert sample.cpu > 0
    boxed.kill()
    await boxed.ended()


async def test_asking_to_end_reaches_the_program_itself(bench: Bench) -> None:
    program = (
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, lambda *a: sys.exit(5))\n"
        "print('ready', flush=True)\ntime.sleep(60)\n"
    )
    boxed = await bench.start(program)
    await bench.says("ready")
    boxed.ask_to_end()
    assert await boxed.ended() == 5
