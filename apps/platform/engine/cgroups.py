"""Memory and process limits by control groups, version 1 or 2, where they can be written."""

import contextlib
import os
import time
from functools import cache
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
MOST_PIDS = 512
OLD = 60  # seconds after which an empty group was surely forgotten


@cache
def kind() -> str:
    """`v1`, `v2`, or an empty word where nothing can be made."""
    if os.access(ROOT / "memory", os.W_OK) and (ROOT / "memory/memory.limit_in_bytes").exists():
        return "v1"
    own = _own_v2()
    if (
        own
        and "memory" in _text(own / "cgroup.subtree_control").split()
        and os.access(own, os.W_OK)
    ):
        return "v2"
    return ""


def make(name: str, memory_bytes: int) -> list[Path]:
    """New groups for one run; empty where there are no control groups."""
    try:
        return _make(name, memory_bytes)
    except OSError:
        remove([path for path in _places(name) if path.exists()])
        return []


def _make(name: str, memory_bytes: int) -> list[Path]:
    places = _places(name)
    for path in places:
        path.mkdir(parents=True, exist_ok=True)
    if kind() == "v1":
        (places[0] / "memory.limit_in_bytes").write_text(str(memory_bytes))
        with contextlib.suppress(OSError):
            (places[0] / "memory.memsw.limit_in_bytes").write_text(str(memory_bytes))
        if len(places) > 1:
            (places[1] / "pids.max").write_text(str(MOST_PIDS))
    elif kind() == "v2":
        (places[0] / "memory.max").write_text(str(memory_bytes))
        with contextlib.suppress(OSError):
            (places[0] / "memory.swap.max").write_text("0")
            (places[0] / "pids.max").write_text(str(MOST_PIDS))
    return places


def ran_out(groups: list[Path]) -> bool:
    """Whether the kernel killed something of the group for its memory."""
    if not groups:
        return False
    name = "memory.oom_control" if kind() == "v1" else "memory.events"
    for line in _text(groups[0] / name).splitlines():
        word, _, number = line.partition(" ")
        if word == "oom_kill" and number.strip() not in {"", "0"}:
            return True
    return False


def peak(groups: list[Path]) -> int:
    """The most bytes the group ever held; 0 where the kernel does not tell."""
    name = "memory.max_usage_in_bytes" if kind() == "v1" else "memory.peak"
    text = _text(groups[0] / name).strip() if groups else ""
    return int(text) if text.isdigit() else 0


def held(groups: list[Path]) -> int | None:
    """Bytes the group holds now, without files that can be read again; None if unknown."""
    name, idle = ("memory.usage_in_bytes", "total_inactive_file")
    if kind() == "v2":
        name, idle = ("memory.current", "inactive_file")
    text = _text(groups[0] / name).strip() if groups else ""
    if not text.isdigit():
        return None
    for line in _text(groups[0] / "memory.stat").splitlines():
        word, _, number = line.partition(" ")
        if word == idle:
            return max(int(text) - int(number), 0)
    return int(text)


def sweep() -> None:
    """Removes groups that killed runners left; one that is in use stays by itself."""
    places = _places("any")
    for root in {path.parent for path in places} if kind() == "v1" else ():
        for path in root.iterdir() if root.exists() else ():
            with contextlib.suppress(OSError):
                if path.is_dir() and time.time() - path.stat().st_mtime > OLD:
                    path.rmdir()


def remove(groups: list[Path]) -> None:
    """The kernel needs a moment after the last process; what stays is empty and harmless."""
    for path in groups:
        for _ in range(20):
            try:
                path.rmdir()
                break
            except FileNotFoundError:
                break
            except OSError:
                time.sleep(0.01)


def _places(name: str) -> list[Path]:
    if kind() == "v1":
        found = [ROOT / "memory" / "callboard" / name]
        if os.access(ROOT / "pids", os.W_OK):
            found.append(ROOT / "pids" / "callboard" / name)
        return found
    own = _own_v2()
    return [own / name] if kind() == "v2" and own else []


def _own_v2() -> Path | None:
    for line in _text(Path("/proc/self/cgroup")).splitlines():
        if line.startswith("0::"):
            return ROOT / line[3:].strip().lstrip("/")
    return None


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
