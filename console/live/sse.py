"""Server-sent events as pages get them from htmx 4's `hx-sse`.

A page has one stream: `<div id="stream" hx-sse:connect="URL" hx-sse:close="end" hx-swap="none">`.
Messages without a name carry `<hx-partial hx-target="#…" hx-swap="…">` elements, each with its own
target. Named events tell the page to ask for something: `hx-trigger="rows from:#stream"`.

| event    | means                                                                             |
| -------- | --------------------------------------------------------------------------------- |
| `end`    | it is over, or the session has ended: load the page again; the stream is closed   |
| `status` | a run or build has another status than the page: load its head again              |
| `rows`   | a list has other members than before: load the rows again                         |
| `upstream` | `down` while the Console does not reach the API, then `up`                      |

Every stream also carries `change-of-work` (see `work`): something of the person's own has changed.

Messages with log lines carry an id: byte offset, line number, checksum (`logpage.position`). A
browser that comes back sends the last one as `Last-Event-ID` and goes on behind it. Every 15
seconds without a message a comment keeps the connection alive.
"""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from console.live.door import Visitor
from console.live.feed import Feed, View, Viewer
from console.live.tail import QUIET, Cursor, Tail

Messages = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Messages]]
Send = Callable[[Messages], Awaitable[None]]

PATIENCE: Final = 60.0  # seconds for which a browser may not take anything
END: Final = "event: end\ndata: end\n\n"
BEAT: Final = ":\n\n"
HEADERS: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


def event(name: str, data: str = "1") -> str:
    return f"event: {name}\ndata: {data}\n\n"


def message(html: str, id: str = "") -> str:
    """`html` over as many `data:` lines as it has; the browser joins them again."""
    lines = html.replace("\r", "").replace("\n", "\ndata: ")
    return f"id: {id}\ndata: {lines}\n\n" if id else f"data: {lines}\n\n"


def partial(target: str, html: SafeString | str, swap: str = "innerHTML") -> SafeString:
    """What `html` shows takes its place in the element `#target`."""
    return format_html(
        '<hx-partial hx-target="#{}" hx-swap="{}">{}</hx-partial>', target, swap, html
    )


async def watch(
    feed: Feed,
    visitor: Visitor,
    view: View,
    receive: Receive,
    send: Send,
    *,
    after: str | None,
    beside: Feed | None = None,
) -> None:
    """Sends `feed` until it is over or the browser leaves. With `after`, also log lines from that
    position on. What changes in `beside` from now on is sent too."""
    viewer = Viewer(visitor, view)
    feeds = [feed] if beside is None else [feed, beside]
    for each in feeds:
        each.viewers.add(viewer)
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    left = asyncio.create_task(_left(receive, viewer))
    try:
        await _pump(feeds, viewer, send, after)
    except TimeoutError:
        return  # whoever takes nothing for a minute is not there
    finally:
        left.cancel()
        for each in feeds:
            each.viewers.discard(viewer)
            each.left_at = time.monotonic()
    if not viewer.is_gone:
        await send({"type": "http.response.body", "body": b""})


async def _left(receive: Receive, viewer: Viewer) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    viewer.is_gone = True
    viewer.event.set()


async def _pump(feeds: list[Feed], viewer: Viewer, send: Send, after: str | None) -> None:
    feed = feeds[0]
    seen = [0, *(beside.version for beside in feeds[1:])]
    beat = feed.beat
    log = None if after is None or feed.tail is None else Log(feed.tail, viewer.view, after)
    while not viewer.is_gone:
        viewer.event.clear()
        text = "".join(each.since(at, viewer.view) for each, at in zip(feeds, seen, strict=True))
        seen = [each.version for each in feeds]
        lines = log.next() if log is not None else ""
        is_last = viewer.is_ended or (feed.is_over and not lines)
        text += lines or (END if is_last else "")
        if not text and beat != feed.beat:
            text = BEAT
        beat = feed.beat
        if text:
            async with asyncio.timeout(PATIENCE):
                await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
        if is_last:
            return
        if not lines:
            await _change(viewer, searching=log is not None and log.is_searching)


async def _change(viewer: Viewer, *, searching: bool) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(QUIET if searching else None):
            await viewer.event.wait()


class Log:
    """One viewer's place in a log."""

    def __init__(self, tail: Tail, view: View, after: str) -> None:
        self._tail = tail
        self._view = view
        self._after = after
        self._cursor: Cursor | None = None

    @property
    def is_searching(self) -> bool:
        return self._cursor is None

    def next(self) -> str:
        """The next message with lines, or nothing."""
        told = ""
        if self._cursor is None:
            self._cursor = self._tail.find(self._after)
            if self._cursor is None:
                if not self._tail.is_quiet:
                    return ""
                self._cursor = self._tail.recent()
                told = message(partial("log-lines", notice(UNKNOWN)))
        lost, self._cursor = self._tail.dropped(self._cursor)
        if lost:
            told += message(partial("log-lines", notice(f"{lost:,} {DROPPED}"), "beforeend"))
        block = self._tail.block(self._cursor, self._view.zone, self._view.level)
        if block is None:
            return told
        self._cursor = block.cursor
        return told + message(partial("log-lines", block.html, "beforeend"), id=block.position)


UNKNOWN: Final = "This page and the log have drifted apart. From here on it is live again."
DROPPED: Final = "characters dropped here: they came faster than this page could show them."


def notice(text: str) -> SafeString:
    return format_html('<li data-notice><p>{} <a href="?">Load the page again.</a></p></li>', text)
