"""Processes and what they use, from one look at /proc for all boxes together."""

import os
from collections import defaultdict
from dataclasses import dataclass

import psutil

PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Seen:
    """`seconds` of CPU hold those of children that ended; `memory` is resident, in bytes."""

    parent: int
    seconds: float
    memory: int


Table = dict[int, Seen]


def look() -> Table:
    """Every process of the machine, or an empty table where there is no /proc."""
    try:
        names = [entry.name for entry in os.scandir("/proc")]
    except FileNotFoundError:
        return _look_by_psutil()
    found = ((int(name), _seen(name)) for name in names if name.isdigit())
    return {pid: seen for pid, seen in found if seen}


def _seen(pid: str) -> Seen | None:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123 - hundreds of these a second
            text = file.read()
    except OSError:
        return None
    words = text[text.rindex(b")") + 2 :].split()
    return Seen(int(words[1]), sum(map(int, words[11:15])) / TICKS, int(words[21]) * PAGE)


def _look_by_psutil() -> Table:
    found = {}
    for each in psutil.process_iter(["ppid", "cpu_times", "memory_info"]):
        about = each.info
        if about["cpu_times"] and about["memory_info"]:
            seconds = about["cpu_times"].user + about["cpu_times"].system
            found[each.pid] = Seen(about["ppid"], seconds, about["memory_info"].rss)
    return found


def below(table: Table, top: int) -> list[int]:
    """`top` and all processes that came from it."""
    children = defaultdict(list)
    for pid, seen in table.items():
        children[seen.parent].append(pid)
    found, waiting = [], [top] if top in table else []
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += children[pid]
    return found


def leaves(table: Table, top: int) -> list[int]:
    """Those of `below` that have no children."""
    found = below(table, top)
    parents = {table[pid].parent for pid in found}
    return [pid for pid in found if pid not in parents]


def shared_fairly(pids: list[int]) -> int:
    """Bytes with what is shared counted once; 0 where the kernel does not tell."""
    total = 0
    for pid in pids:
        try:
            with open(f"/proc/{pid}/smaps_rollup", "rb") as file:  # noqa: PTH123 - read at each sample
                total += sum(
                    int(line.split()[1]) << 10 for line in file if line.startswith(b"Pss:")
                )
        except OSError:
            continue
    return total
