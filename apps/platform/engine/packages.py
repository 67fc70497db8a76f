"""Dependencies of Actors: environments shared by everything they depend on.

An environment is a folder named by the hash of its requirements and interpreter; a mark file in it
says that it is whole. Two builds that want the same one wait for each other.
"""

import asyncio
import fcntl
import hashlib
import json
import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from apps.platform.domain.clock import now
from apps.platform.engine import interpreters, sandbox
from apps.platform.engine.interpreters import PATH
from apps.platform.storage import blobs

WHOLE = "whole"
PROGRAM = "program"  # the file that names another interpreter than the usual one
PYTHON_FILES = ("requirements.txt", "pyproject.toml")
NODE_FILES = ("package-lock.json", "npm-shrinkwrap.json", "package.json", ".npmrc")
APIFY = re.compile(r"(apify|apify-client|crawlee)$|@(apify|crawlee)/")
# requirements that lie in the source itself, so that its files decide too
LOCAL = {
    "python": re.compile(
        r"^\s*(\.|/|-e|--editable|-r|--requirement|-c|--constraint|-f|--find-links|file:)"
        r"|@\s*file:|^[^:#]*\.(whl|tar\.gz|zip)\b|\[tool\.uv\.sources",
        re.MULTILINE,
    ),
    "node": re.compile(r'"(file|link|workspace):|"workspaces"'),
}


@dataclass(frozen=True)
class Packages:
    """What a process needs to find its dependencies."""

    name: str  # of the shared folder, "" without dependencies
    environment: dict[str, str]
    read: tuple[Path, ...] = ()
    mounts: dict[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """An environment for the source in `folder`."""

    runtime: str  # python or node
    folder: Path
    tools: bool = False  # with what is needed for building only
    fresh: bool = False  # the newest versions that fit, not those of an earlier build
    extra: tuple[str, ...] = ()  # packages besides those that files name
    betas: tuple[str, ...] = ()  # that may be there or not
    program: str = ""  # another Python, or the folder of another Node, than the usual one
    variables: dict[str, str] = field(default_factory=dict)  # of the version, for its build


class Unsupported(Exception):
    """This machine cannot build such an Actor; a sentence."""


def digest(wanted: Wanted) -> str:
    """Names the environment that is wanted; "" when the source depends on nothing."""
    names = PYTHON_FILES if wanted.runtime == "python" else NODE_FILES
    found = [wanted.folder / name for name in names if (wanted.folder / name).is_file()]
    asked = wanted.extra or wanted.betas or wanted.program
    if not asked and not any(_asks(path) for path in found):
        return ""
    text = "\n".join(path.read_text(errors="replace") for path in found)
    if has_local(wanted):
        found = sorted(path for path in wanted.folder.rglob("*") if path.is_file())
    by = wanted.program or f"{sys.version} {interpreters.node_folder()}"
    made = hashlib.sha256(f"{wanted.runtime} {wanted.tools} {by}".encode())
    if wanted.fresh and not _is_pinned(wanted, text):
        made.update(now().date().isoformat().encode())
    made.update("\0".join(wanted.extra + wanted.betas).encode())
    for variable in sorted(wanted.variables.items()):
        made.update("=".join(variable).encode(errors="replace") + b"\0")
    for path in found:
        name = path.relative_to(wanted.folder).as_posix()
        made.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return made.hexdigest()[:40]


def betas(source: Path) -> tuple[str, ...]:
    """The Apify packages that `package.json` depends on, each at its beta (rule 78)."""
    try:
        named = json.loads((source / "package.json").read_text()).get("dependencies", {})
        return tuple(f"{name}@beta" for name in sorted(named) if APIFY.match(name))
    except (OSError, ValueError, TypeError, AttributeError):
        return ()


def has_local(wanted: Wanted) -> bool:
    """Whether some of the packages are files of the source."""
    names = PYTHON_FILES if wanted.runtime == "python" else ("package.json",)
    places = [wanted.folder / name for name in names]
    found = [path.read_text(errors="replace") for path in places if path.is_file()]
    return any(LOCAL[wanted.runtime].search(text) for text in found)


def _is_pinned(wanted: Wanted, text: str) -> bool:
    if wanted.runtime == "node":
        return any((wanted.folder / name).is_file() for name in NODE_FILES[:2])
    lines = [line.split("#")[0].strip() for line in text.splitlines()]
    pinned = all("==" in line for line in (*lines, *wanted.extra) if line)
    return pinned and (bool(wanted.extra) or (wanted.folder / "requirements.txt").is_file())


def _asks(path: Path) -> bool:
    text = path.read_text(errors="replace")
    if path.name == "requirements.txt":
        return any(line.split("#")[0].strip() for line in text.splitlines())
    return "dependencies" in text.lower()


def of(runtime: str, name: str) -> Packages:
    """How to run with the shared environment `name`."""
    home = folder(name)
    program = program_of(home) if name else None
    read = interpreters.read_of(program) if program else ()
    if runtime == "node":
        node = program or interpreters.node_folder()
        if node is None:
            raise Unsupported("This machine has no Node")
        mounts = {f"{sandbox.WORK}/node_modules": home / "node_modules"} if name else {}
        read = interpreters.read_of(node)
        return Packages(name, {"PATH": f"{node}:{PATH}"}, read, mounts)
    programs = home / "bin" if name else blobs.folder("python")
    read += (home if name else programs,)
    return Packages(name, {"PATH": f"{programs}:{PATH}"}, read)


def program_of(home: Path) -> Path | None:
    """Another Python or Node than the machine's usual one, when the environment was made so."""
    mark = home / PROGRAM
    return Path(mark.read_text()) if mark.exists() else None


def folder(name: str) -> Path:
    return blobs.folder("envs", name)


def plain_python() -> None:
    """`python` for Actors without dependencies: the interpreter that runs us, by its own names."""
    home = blobs.folder("python")
    home.mkdir(parents=True, exist_ok=True)
    program = Path(sandbox.PYTHON)
    for name in ("python", "python3"):
        link = home / name
        if not link.is_symlink() or link.readlink() != program:
            link.unlink(missing_ok=True)
            link.symlink_to(program)


@asynccontextmanager
async def made_once(name: str) -> AsyncIterator[Path | None]:
    """The folder to make environment `name` in, marked as whole unless the body raises; None when
    it is there. Waits for another build that makes the same one."""
    home = folder(name)
    async with _alone(name):
        if (home / WHOLE).exists():
            yield None
            return
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        try:
            yield home
            (home / WHOLE).touch()
        except BaseException:
            shutil.rmtree(home, ignore_errors=True)
            raise


@asynccontextmanager
async def _alone(name: str) -> AsyncIterator[None]:
    """Waits without blocking the loop, which serves the one that holds the lock too."""
    lock = blobs.folder("envs", f"{name}.lock")
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(0.1)
        yield
