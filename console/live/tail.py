"""The end of one growing log, shared by all who watch it: bytes in, numbered HTML lines out.

Lines are addressed by byte. At most 8 MiB are kept; a watcher who falls behind that is told how
much was dropped. Watchers who are at the same place get the same HTML, made once.
"""

import re
import time
import zlib
from collections import OrderedDict
from datetime import tzinfo
from typing import Final, NamedTuple

from console.live.lines import WIDEST, Line, items
from console.live.logpage import MARKED, position

KEPT: Final = 8 << 20
LEFT_AFTER_CUT: Final = 6 << 20
BLOCK: Final = 64 << 10
CACHED: Final = 32
SEARCHED: Final = 3 << 20
RECENT: Final = 64 << 10
POSITION: Final = re.compile(r"([0-9]{1,15})-([0-9]{1,9})-([0-9a-f]{8})")
QUIET: Final = 0.5


class Cursor(NamedTuple):
    """`line` as counted here; `shift` is added to it for a watcher whose page counted from another
    beginning. `inside`: a part of this line was sent before."""

    offset: int
    line: int
    shift: int = 0
    inside: bool = False


class Block(NamedTuple):
    html: str
    cursor: Cursor
    position: str


class Tail:
    def __init__(self) -> None:
        self.start = 0
        self.is_closed = False
        self._first_line = 1
        self._data = bytearray()
        self._touched = time.monotonic()
        self._made: OrderedDict[tuple[Cursor, int, tzinfo, str], Block] = OrderedDict()

    @property
    def end(self) -> int:
        return self.start + len(self._data)

    @property
    def is_quiet(self) -> bool:
        """What was there at the beginning has probably arrived."""
        return self.is_closed or time.monotonic() - self._touched > QUIET

    def append(self, chunk: bytes) -> None:
        self._data += chunk
        self._touched = time.monotonic()
        if len(self._data) > KEPT:
            cut = self._data.find(b"\n", len(self._data) - LEFT_AFTER_CUT) + 1
            cut = cut or len(self._data) - LEFT_AFTER_CUT
            self._first_line += self._data.count(b"\n", 0, cut)
            del self._data[:cut]
            self.start += cut

    def close(self) -> None:
        """Nothing more comes: the last line is whole, also without a line break."""
        self.is_closed = True

    def last(self, size: int) -> bytes:
        return bytes(self._data[-size:])

    def find(self, wanted: str) -> Cursor | None:
        """Where a watcher who saw everything up to the position `wanted` goes on.

        None when that is not known: the position is made up, of another log, or not here yet.
        """
        match = POSITION.fullmatch(wanted)
        if match is None:
            return None
        offset, line, mark = int(match[1]), int(match[2]), int(match[3], 16)
        if not self._is_at(offset, mark) and offset >= self.start:
            offset = self._moved_to(mark) if self.is_quiet else -1
        if offset < 0:
            return None
        here = self.line_at(max(offset, self.start))
        return Cursor(offset, here, line - here if offset >= self.start else 0)

    def recent(self) -> Cursor:
        """The beginning of the last lines."""
        at = self._data.find(b"\n", max(len(self._data) - RECENT, 0)) + 1
        offset = self.start + at if len(self._data) > RECENT else self.start
        return Cursor(offset, self.line_at(offset))

    def dropped(self, cursor: Cursor) -> tuple[int, Cursor]:
        """How many bytes after `cursor` are gone, and where to go on."""
        lost = self.start - cursor.offset
        if lost <= 0:
            return 0, cursor
        return lost, Cursor(self.start, self._first_line, cursor.shift)

    def block(self, cursor: Cursor, zone: tzinfo, level: str) -> Block | None:
        """The next lines, at most 64 KiB of them; None when there are none yet."""
        stop = self._stop(cursor.offset)
        if stop <= cursor.offset:
            return None
        key = (cursor, stop, zone, level)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._make(cursor, stop, zone, level)
            if len(self._made) > CACHED:
                self._made.popitem(last=False)
        return made

    def line_at(self, offset: int) -> int:
        return self._first_line + self._data.count(b"\n", 0, offset - self.start)

    def _stop(self, offset: int) -> int:
        """The end of the last whole line within reach, or of a part of a very long one."""
        begin = offset - self.start
        reach = min(begin + BLOCK, len(self._data))
        stop = self._data.rfind(b"\n", begin, reach) + 1
        if stop == 0 and (reach - begin >= WIDEST or self.is_closed):
            stop = reach
            while 0 < stop < len(self._data) and 0x80 <= self._data[stop] < 0xC0:  # noqa: PLR2004 - inside a character
                stop -= 1
        elif self.is_closed and reach == len(self._data):
            stop = reach
        return self.start + stop

    def _make(self, cursor: Cursor, stop: int, zone: tzinfo, level: str) -> Block:
        chunk = bytes(self._data[cursor.offset - self.start : stop - self.start])
        is_whole = chunk.endswith(b"\n")
        texts = chunk.decode("utf-8", "replace").removesuffix("\n").split("\n")
        number = cursor.line + cursor.shift
        lines = [
            Line(number + n, text, is_rest=cursor.inside and n == 0) for n, text in enumerate(texts)
        ]
        after = Cursor(stop, cursor.line + len(texts) - (not is_whole), cursor.shift, not is_whole)
        before = bytes(self._data[max(stop - self.start - MARKED, 0) : stop - self.start])
        return Block(
            items(lines, zone, level=level),
            after,
            position(stop, after.line + after.shift, before),
        )

    def _is_at(self, offset: int, mark: int) -> bool:
        if not self.start <= offset <= self.end:
            return offset < self.start
        end = offset - self.start
        if self.start and end < MARKED:
            return True  # what was before is gone, so there is nothing to compare
        return zlib.crc32(self._data[max(end - MARKED, 0) : end]) == mark

    def _moved_to(self, mark: int) -> int:
        """The newest line end with these bytes before it, or -1."""
        data = self._data
        end, least = len(data), max(len(data) - SEARCHED, MARKED)
        while (at := data.rfind(b"\n", least, end)) >= 0:
            if zlib.crc32(data[at + 1 - MARKED : at + 1]) == mark:
                return self.start + at + 1
            end = at
        return -1
