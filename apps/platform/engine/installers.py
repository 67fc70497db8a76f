"""Makes environments: uv for Python, npm for Node. No package's own code can touch what others use:
it runs only in steps that write nothing but the environment itself."""

import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from apps.platform.engine import interpreters, packages, sandbox
from apps.platform.engine.interpreters import PATH
from apps.platform.engine.packages import Wanted
from apps.platform.storage import blobs

# how this machine reaches package registries; nothing else of its environment enters a build
REACH = (
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "UV_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "npm_config_registry",
    "npm_config_cafile",
)
# argv, box, environment, whether its output is of no use to anyone -> exit code
Step = Callable[[list[str], sandbox.Box, dict[str, str], bool], Awaitable[int]]


class Failed(Exception):
    """A sentence why the environment cannot be made."""


async def install(wanted: Wanted, name: str, step: Step) -> None:
    """Makes the environment `name` unless it is there; Failed otherwise."""
    async with packages.made_once(name) as home:
        if home:
            await (_python if wanted.runtime == "python" else _node)(wanted, home, step)
            if wanted.program:
                (home / packages.PROGRAM).write_text(wanted.program)


async def compile_python(folder: Path, shown_as: str, step: Step, program: str = "") -> None:
    """Compiles without running: neither the packages' start-up files nor what they import."""
    argv = [program or sandbox.PYTHON, "-I", "-S", "-m", "compileall", "-q", "-q", "-j", "2"]
    argv += ["-s", str(folder), "-p", shown_as, str(folder)]
    box = sandbox.Box(read=_program(program), write=(folder,), network=False)
    await step(argv, box, {"PATH": PATH}, True)


async def _python(wanted: Wanted, home: Path, step: Step) -> None:
    uv, cache = Path(sys.executable).parent / "uv", blobs.folder("cache", "uv")
    cache.mkdir(parents=True, exist_ok=True)
    environment = {
        **wanted.variables,
        **_reach(),
        "PATH": PATH,
        "UV_CACHE_DIR": str(cache),
        "UV_SYSTEM_CERTS": "1",
        "UV_NO_PROGRESS": "1",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_LINK_MODE": "hardlink",
    }
    read = (uv.parent, *_program(wanted.program))
    box = sandbox.Box(code=wanted.folder, read=read, write=(home, cache))
    file = "requirements.txt"
    if not (wanted.folder / file).is_file():
        file = "pyproject.toml"
    argv = [str(uv), "pip", "install", "--quiet", "--python", str(home / "bin" / "python")]
    named = [*(["-r", file] if (wanted.folder / file).is_file() else []), *wanted.extra]
    if not named:
        await _venv(wanted, home, box, environment, step)
        return
    argv += named
    # the version's own variables decide what a program does, so they never see the shared cache
    tries = [] if wanted.variables else [["--no-build", "--offline"], ["--no-build"]]
    for extra in reversed(tries) if wanted.fresh else tries:
        await _venv(wanted, home, box, environment, step)
        if await step([*argv, *extra], box, environment, True) == 0:
            break
    else:
        # some have to be built first, by code of their own: with a cache of their own
        own = {**environment, "UV_CACHE_DIR": "/tmp/uv"}  # noqa: S108 - private to the box
        box = sandbox.Box(code=wanted.folder, read=read, write=(home,))
        await _venv(wanted, home, box, own, step)
        if await step(argv, box, own, False):
            raise Failed(f"The packages of {file} could not be installed")
    await compile_python(home / "lib", str(home / "lib"), step, wanted.program)


async def _venv(
    wanted: Wanted, home: Path, box: sandbox.Box, environment: dict[str, str], step: Step
) -> None:
    uv, python = Path(sys.executable).parent / "uv", wanted.program or sandbox.PYTHON
    argv = [str(uv), "venv", "--quiet", "--clear", "-p", python, str(home)]
    if await step(argv, box, environment, False):
        raise Failed("The Python environment could not be made")


async def _node(wanted: Wanted, home: Path, step: Step) -> None:
    node = Path(wanted.program) if wanted.program else interpreters.node_folder()
    if node is None:
        raise Failed("This machine has no Node. Install Node, or Callboard's optional part for it")
    _copy_wanted(wanted, home)
    cache = blobs.folder("cache", "npm")
    cache.mkdir(parents=True, exist_ok=True)
    environment = {**wanted.variables, **_reach(), "PATH": f"{node}:{PATH}"}
    environment["npm_config_update_notifier"] = "false"
    read = interpreters.read_of(node)
    locked = (home / "package-lock.json").exists() or (home / "npm-shrinkwrap.json").exists()
    argv = ["npm", "ci" if locked else "install", "--prefix", str(home), "--ignore-scripts"]
    argv += ["--no-audit", "--no-fund", "--loglevel=error"]
    argv += [] if wanted.tools else ["--omit=dev"]
    argv += [] if wanted.fresh else ["--prefer-offline"]
    own = bool(wanted.variables)  # as for Python: they never see the shared cache
    shared = {**environment, "npm_config_cache": "/tmp/npm" if own else str(cache)}  # noqa: S108 - private to the box
    write = (home,) if own else (home, cache)
    if await step(argv, sandbox.Box(read=read, write=write), shared, False):
        raise Failed("The packages of package.json could not be installed")
    more = ["npm", "install", "--no-save", "--prefix", str(home), "--ignore-scripts"]
    more += ["--no-audit", "--no-fund", "--loglevel=error"]
    for names in filter(None, (wanted.extra, *((beta,) for beta in wanted.betas))):
        # a beta need not be there: npm says so, the build goes on
        failed = await step([*more, *names], sandbox.Box(read=read, write=write), shared, False)
        if failed and names == wanted.extra:
            raise Failed("The packages that the Dockerfile names could not be installed")
    if _has_scripts(home):
        argv = ["npm", "rebuild", "--prefix", str(home), "--loglevel=error"]
        if await step(argv, sandbox.Box(read=read, write=(home,)), environment, False):
            raise Failed("The packages of package.json could not be set up")
    (home / "node_modules").mkdir(exist_ok=True)


def _program(program: str) -> tuple[Path, ...]:
    return interpreters.read_of(Path(program)) if program else ()


def _copy_wanted(wanted: Wanted, home: Path) -> None:
    if packages.has_local(wanted):
        shutil.copytree(wanted.folder, home, symlinks=True, dirs_exist_ok=True)
        return
    for name in packages.NODE_FILES:
        if (wanted.folder / name).is_file():
            shutil.copy(wanted.folder / name, home / name)


def _has_scripts(home: Path) -> bool:
    """Whether a package wants to run something after it was installed."""
    try:
        lock = json.loads((home / "node_modules" / ".package-lock.json").read_text())
    except (OSError, ValueError):
        return False
    return any(about.get("hasInstallScript") for about in lock.get("packages", {}).values())


def _reach() -> dict[str, str]:
    return {name: os.environ[name] for name in REACH if name in os.environ}
