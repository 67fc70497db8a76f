"""All feeds of this process, and the clock that they share."""

import asyncio
import contextlib
import logging
import signal
import threading
import time
from collections.abc import Callable, Hashable
from types import FrameType
from typing import Any, Final

from console.live.door import still_welcome
from console.live.feed import Feed

TICK: Final = 0.5
BEAT_EVERY: Final = 30  # ticks: 15 seconds
WELCOME_EVERY: Final = 10  # ticks: 5 seconds
log = logging.getLogger(__name__)


class Hub:
    def __init__(self) -> None:
        self.feeds: dict[Hashable, Feed] = {}
        self._clock: asyncio.Task[None] | None = None

    def feed(self, key: Hashable, begin: Callable[[Feed], None]) -> Feed:
        """The feed of `key`; `begin` gives a new one its work."""
        found = self.feeds.get(key)
        if found is None or found.is_over:
            found = self.feeds[key] = Feed()
            begin(found)
        return found

    def start(self) -> None:
        self._clock = asyncio.create_task(self._tick())
        end_streams_on_signal(self)

    async def stop(self) -> None:
        self.drain()
        if self._clock is not None:
            self._clock.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._clock
        for feed in self.feeds.values():
            feed.close()
        self.feeds.clear()

    def drain(self) -> None:
        """Ends all streams without saying `end`, so that browsers come back to the next process."""
        for feed in self.feeds.values():
            for viewer in list(feed.viewers):
                viewer.is_gone = True
                viewer.event.set()

    async def _tick(self) -> None:
        ticks = 0
        while True:
            await asyncio.sleep(TICK)
            ticks += 1
            try:
                self._tidy()
                if ticks % BEAT_EVERY == 0:
                    self._beat()
                if ticks % WELCOME_EVERY == 0:
                    await self._look_at_sessions()
            except Exception:
                log.exception("The clock of the streams had a problem and goes on")

    def _tidy(self) -> None:
        now = time.monotonic()
        for key, feed in list(self.feeds.items()):
            if feed.is_idle(now) or (feed.is_over and not feed.viewers):
                feed.close()
                del self.feeds[key]

    def _beat(self) -> None:
        for feed in self.feeds.values():
            feed.beat += 1
            feed.wake()

    async def _look_at_sessions(self) -> None:
        """A person who was signed out, blocked or moved loses the stream within five seconds."""
        viewers = [viewer for feed in self.feeds.values() for viewer in feed.viewers]
        welcome = await still_welcome({viewer.visitor for viewer in viewers})
        for viewer in viewers:
            if viewer.visitor not in welcome:
                viewer.is_ended = True
                viewer.event.set()


def end_streams_on_signal(hub: Hub) -> None:
    """A server that is told to stop waits for open answers; streams would make it wait long."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        before: Any = signal.getsignal(name)
        if callable(before):
            signal.signal(name, _first(hub, loop, before))


def _first(
    hub: Hub, loop: asyncio.AbstractEventLoop, then: Callable[[int, FrameType | None], Any]
) -> Callable[[int, FrameType | None], None]:
    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(hub.drain)
        then(number, frame)

    return handle


hub: Final = Hub()
