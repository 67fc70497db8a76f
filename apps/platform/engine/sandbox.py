"""What a run or build may see: bubblewrap where the kernel lets us, Landlock or limits elsewhere.

`level()` is probed once and never claims more than was seen to work (feasibility.md section 3).
"""

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from apps.platform.engine import probes

WORK = "/actor"
TMP = "/tmp"  # noqa: S108 - the box's own
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
DEVICES = ("null", "zero", "full", "random", "urandom", "tty", "shm")
# joins the cgroups that are named first, or sets a limit of data, then becomes the program
LAUNCH = (
    'n=$1; shift; while [ "$n" -gt 0 ]; do echo $$ > "$1/cgroup.procs" || exit 125; shift; '
    'n=$((n-1)); done; [ "$1" = 0 ] || ulimit -d "$1"; ulimit -c 0; '
    '[ "$2" = 0 ] || ulimit -f "$2"; shift 2; exec "$@"'
)
LAUNCHER = Path(__file__).with_name("launcher.py")
PYTHON = str(getattr(sys, "_base_executable", sys.executable))  # behind a virtual environment


@dataclass(frozen=True)
class Box:
    """`code` is laid under a throw-away layer at WORK; `read` and `write` keep their paths.

    `scratch` holds that layer and /tmp; what is in it at the end is gone.
    """

    code: Path | None = None
    mounts: dict[str, Path] = field(default_factory=dict)  # path inside -> folder, read-only
    read: tuple[Path, ...] = ()
    write: tuple[Path, ...] = ()
    start: Path | None = None  # where the program starts when there is no `code`
    network: bool = True
    disk_bytes: int = 0  # 0: as much as there is
    scratch: Path = Path()

    def tmp(self) -> str:
        """The folder for temporary files as the program knows it."""
        return TMP if level() == "full" else str(self.scratch / "tmp")

    def folder(self) -> str:
        """Where the program starts, as it knows it."""
        if self.code:
            return WORK if level() == "full" else str(self.scratch / "upper")
        return str(self.start or "/")


def level() -> str:
    """`full`: own pid, mount and ipc namespaces, read-only system. `landlock`: files are walled
    off, processes are not. `limits`: memory, disk and time only."""
    wanted = str(settings.PLATFORM_SANDBOX)
    return probes.level() if wanted == "auto" else wanted


def command(
    argv: list[str], box: Box, *, groups: list[Path], data_bytes: int, memory_bytes: int
) -> list[str]:
    """The argv that runs `argv` boxed, inside `groups` (cgroups) or under a limit of data."""
    if level() != "full":
        options = {
            "groups": [str(group) for group in groups],
            "data": data_bytes,
            "file": box.disk_bytes,
            "read": [*map(str, _readable(box))],
            "write": [*map(str, (box.scratch, *box.write)), *(f"/dev/{n}" for n in DEVICES)],
            "wall": level() == "landlock",
            "folder": box.folder(),
        }
        return [PYTHON, "-I", "-S", str(LAUNCHER), json.dumps(options), *argv]
    launch = ["/bin/sh", "-c", LAUNCH, "launch", str(len(groups)), *map(str, groups)]
    launch += [str(data_bytes >> 10), str(box.disk_bytes >> 9)]
    return [*launch, str(probes.bubblewrap()), *_walls(box, memory_bytes), "--", *argv]


def _readable(box: Box) -> list[Path]:
    found = [Path(folder) for folder in (*SYSTEM, "/proc")]
    found += [Path("/etc") / name for name in ETC]
    return [*found, Path(sys.base_prefix), *box.read, *box.mounts.values()]


def _walls(box: Box, memory_bytes: int) -> list[str]:
    walls = [*probes.NAMESPACES, "--uid", UID, "--gid", UID]
    walls += ["--cap-drop", "ALL", "--new-session", "--hostname", "actor"]
    if not box.network:
        walls.append("--unshare-net")
    for folder in SYSTEM:
        walls += _system(folder)
    for name in ETC:
        walls += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    walls += ["--proc", "/proc", "--dev", "/dev", "--size", str(memory_bytes)]
    walls += ["--tmpfs", "/dev/shm", "--remount-ro", "/dev"]  # noqa: S108 - the box's own
    walls += ["--bind", str(box.scratch / "tmp"), TMP]
    for path in (Path(sys.base_prefix), *box.read):
        walls += ["--ro-bind", str(path), str(path)]
    for path in box.write:
        walls += ["--bind", str(path), str(path)]
    if box.code:
        walls += ["--overlay-src", str(box.code), *_layer(box)]
    for inside, outside in box.mounts.items():
        walls += ["--ro-bind", str(outside), inside]
    return [*walls, "--chdir", box.folder(), "--remount-ro", "/"]


def _layer(box: Box) -> list[str]:
    """On the disk where its file system can be the upper layer of an overlay, else in memory."""
    if probes.overlay_on_disk(str(box.scratch.parent)):
        return ["--overlay", str(box.scratch / "upper"), str(box.scratch / "over"), WORK]
    return ["--tmp-overlay", WORK]


def _system(path: str) -> list[str]:
    """Modern systems have links where older ones have folders."""
    if Path(path).is_symlink():
        return ["--symlink", str(Path(path).readlink()), path]
    return ["--ro-bind-try", path, path] if os.path.exists(path) else []  # noqa: PTH110 - a test of text
