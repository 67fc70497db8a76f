"""What all viewers of one thing share: its latest state in parts, and perhaps its log.

A feed has no queues. Each change raises `version`; a viewer who wakes up gets the parts that have
changed since it last looked, so a slow one skips to the latest state and costs no memory. What
viewers at the same place get is made once.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from console.live.door import Visitor
from console.live.tail import Tail
from console.roles import Role

LINGER: Final = 5.0  # seconds for which a feed outlives its last viewer, who may just change tabs


class View(NamedTuple):
    """All that the bytes of a message depend on beside the state. `shown` is what the page had
    when it was made, `level` what of the log it shows."""

    zone: ZoneInfo
    role: Role
    shown: str = ""
    level: str = ""


Message = Callable[[View], str]


@dataclass(slots=True)
class Part:
    version: int
    value: Hashable
    message: Message


class Viewer:
    """One open stream."""

    __slots__ = ("event", "is_ended", "is_gone", "view", "visitor")

    def __init__(self, visitor: Visitor, view: View) -> None:
        self.visitor = visitor
        self.view = view
        self.event = asyncio.Event()
        self.is_gone = False
        self.is_ended = False


class Feed:
    """`is_over`: nothing changes any more. `beat` rises when viewers need a sign of life."""

    def __init__(self) -> None:
        self.version = 1
        self.beat = 0
        self.is_over = False
        self.tail: Tail | None = None
        self.viewers: set[Viewer] = set()
        self.left_at = time.monotonic()
        self._parts: dict[str, Part] = {}
        self._made: dict[tuple[int, View], str] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def put(self, name: str, value: Hashable, message: Message) -> None:
        """Sets a part; viewers hear of it if `value` is another one than before."""
        part = self._parts.get(name)
        if part is None or part.value != value:
            self.version += 1
            self._parts[name] = Part(self.version, value, message)
            self.wake()

    def drop(self, name: str) -> None:
        self._parts.pop(name, None)

    def names(self) -> list[str]:
        return list(self._parts)

    def since(self, version: int, view: View) -> str:
        """The messages of all parts that changed after `version`; 0 is a viewer who just came."""
        if version == self.version:
            return ""
        made = self._made.get((version, view))
        if made is None:
            changed = [part for part in self._parts.values() if part.version > version]
            made = self._made[version, view] = "".join(part.message(view) for part in changed)
        return made

    def wake(self) -> None:
        self._made.clear()
        for viewer in self.viewers:
            viewer.event.set()

    def end(self) -> None:
        self.is_over = True
        self.wake()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs `work` for as long as the feed lives."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def is_idle(self, now: float) -> bool:
        return not self.viewers and now - self.left_at > LINGER

    def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
