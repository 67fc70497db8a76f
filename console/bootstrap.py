"""Makes `.venv` from the hash-pinned lock on first use, then hands over; standard library only."""

import contextlib
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "callboard.json"
LOCKS = {"run": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
OLDEST = (3, 11)


def ensure_environment(argv: list[str]) -> None:
    """Re-executes `argv` inside an environment that matches the lock; makes it if need be.

    `CALLBOARD_BOOTSTRAP=off` trusts the interpreter that runs now, for images and packages.
    """
    if os.environ.get("CALLBOARD_BOOTSTRAP") == "off":
        return
    if sys.version_info < OLDEST:
        sys.exit(f"Callboard needs Python 3.11 or newer. This is {sys.version.split()[0]}.")
    wanted = "dev" if argv[1:2] == ["test"] else "run"
    if not _is_current(wanted):
        with _only_one():
            if not _is_current(wanted):
                _make(wanted)
    if Path(sys.prefix).resolve() != VENV.resolve():
        python = str(_python())
        os.execv(python, [python, *argv])  # noqa: S606 - our own interpreter, our own arguments


def _python() -> Path:
    return VENV / "bin" / "python"


def _digest(kind: str) -> str:
    return hashlib.sha256(LOCKS[kind].read_bytes()).hexdigest()


def _is_current(wanted: str) -> bool:
    """The tests' lock holds all that running needs, so it serves for both."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    kinds = ("dev",) if wanted == "dev" else ("run", "dev")
    return any(stamp == _stamp(kind) for kind in kinds) and _python().exists()


def _stamp(kind: str) -> dict[str, str]:
    return {"kind": kind, "lock": _digest(kind)}


def _make(kind: str) -> None:
    if not _python().exists():
        _say("Making a virtual environment in .venv")
        _make_venv()
    STAMP.unlink(missing_ok=True)
    _say("Installing what the lock names. This is done once.")
    uv = _install_uv()
    lock = str(LOCKS[kind])
    common = ["--require-hashes", "-r", lock]
    if uv:
        command = [str(VENV / "bin" / "uv"), "pip", "install", "--python", str(_python())]
        command += ["--no-build", "--compile-bytecode", "--quiet", *common]
    else:
        command = [str(_python()), "-m", "pip", "install", "--quiet", "--only-binary=:all:"]
        command += common
    if subprocess.run(command, check=False).returncode != 0:
        sys.exit("The packages could not be installed. Check the network, then try again.")
    STAMP.write_text(json.dumps(_stamp(kind)))


def _make_venv() -> None:
    try:
        import ensurepip  # noqa: F401 - Debian ships it apart; without it venv fails half way
        import venv
    except ImportError:
        sys.exit("This Python lacks venv. On Debian and Ubuntu: apt install python3-venv")
    venv.create(VENV, with_pip=True, clear=VENV.exists())


def _install_uv() -> bool:
    """uv, itself by hash from the lock, installs the rest twice as fast as pip."""
    pinned = re.search(r"^uv==(?:.|\n)*?(?=^\S|\Z)", LOCKS["run"].read_text(), re.MULTILINE)
    if pinned is None:
        return False
    lines = [line for line in pinned[0].splitlines() if not line.lstrip().startswith("#")]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        command = [str(_python()), "-m", "pip", "install", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--require-hashes", "-r", file.name]
        return subprocess.run(command, check=False).returncode == 0


@contextlib.contextmanager
def _only_one() -> Iterator[None]:
    """Two commands started together must not install over each other."""
    import fcntl

    with (ROOT / ".venv.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
