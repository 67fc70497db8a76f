"""Counts the items of an export while it passes, so that a short one never passes for a whole one.

Framing (`Content-Length`, chunks, the end mark of a compressed body) is checked where the bytes are
read; this finds what framing cannot: a body that ends properly and too early.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

LONGEST_NUMBER: Final = 18
SAMPLE: Final = 4096  # bytes
SHORT_LINE: Final = 50  # bytes


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer holds, from `X-Apify-Pagination-*`. `scanned` is None when it is not told.

    With `clean`, fewer items than `scanned` come out (semantics.md rule 202).
    """

    offset: int
    scanned: int | None
    total: int | None


def page_of(headers: Mapping[str, str], *, offset: int, limit: int | None) -> Page:
    total = _number(headers.get("x-apify-pagination-total"))
    count = _number(headers.get("x-apify-pagination-count"))
    if count is None and total is not None:
        left = max(total - offset, 0)
        count = left if limit is None else min(left, limit)
    return Page(offset, count, total)


def _number(text: str | None) -> int | None:
    fine = text is not None and text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if fine and text else None


class Counter(Protocol):
    def feed(self, chunk: bytes) -> None: ...
    def finish(self) -> int | None:
        """Items seen; None when the body stops inside one."""


class Lines:
    """JSON Lines: every line break ends an item, since JSON has none inside."""

    def __init__(self) -> None:
        self._count = 0
        self._tail = b""

    def feed(self, chunk: bytes) -> None:
        self._count += breaks(chunk)
        end = chunk.rfind(b"\n")
        self._tail = chunk[end + 1 :] if end >= 0 else self._tail + chunk

    def finish(self) -> int | None:
        if not self._tail.strip():
            return self._count
        try:
            msgspec.json.decode(self._tail, type=msgspec.Raw)
        except (msgspec.MsgspecError, RecursionError):
            return None
        return self._count + 1


def breaks(chunk: bytes) -> int:
    """Line breaks in `chunk`. Leaving them out goes from one to the next by `memchr`, which is six
    times faster than `count` where lines are long, and slower where they are short."""
    if chunk.count(b"\n", 0, SAMPLE) * SHORT_LINE > SAMPLE:
        return chunk.count(b"\n")
    return len(chunk) - len(chunk.replace(b"\n", b""))


class Records:
    """CSV: a line break ends a record unless it is inside quotes."""

    def __init__(self, *, header: bool) -> None:
        self._header = header
        self._count = 0
        self._inside = False
        self._ended = True

    def feed(self, chunk: bytes) -> None:
        if not chunk:
            return
        pieces = chunk.split(b'"')
        self._count += sum(piece.count(b"\n") for piece in pieces[self._inside :: 2])
        self._inside ^= len(pieces) % 2 == 0
        self._ended = chunk.endswith(b"\n")

    def finish(self) -> int | None:
        if self._inside:
            return None
        records = self._count + (not self._ended)
        return max(records - self._header, 0)


class Document:
    """XML, HTML and workbooks: whole when the end of the document is there.

    A workbook's directory has its mark 22 bytes before the end, as no comment follows it.
    """

    KEPT: Final = 128

    def __init__(self, ends: tuple[bytes, ...]) -> None:
        self._ends = ends
        self._tail = b""

    def feed(self, chunk: bytes) -> None:
        self._tail = (
            (self._tail + chunk)[-self.KEPT :] if len(chunk) < self.KEPT else chunk[-self.KEPT :]
        )

    def finish(self) -> int | None:
        """0 for a whole document: its items are not counted."""
        if self._tail[-22:-18] in self._ends or self._tail.rstrip().endswith(self._ends):
            return 0
        return None


class Array:
    """Turns JSON Lines into one JSON array, without looking at each line."""

    def __init__(self) -> None:
        self._begun = False
        self._break = False

    def feed(self, chunk: bytes) -> bytes:
        if not chunk:
            return b""
        start = b",\n" if self._break else b""
        self._break = chunk.endswith(b"\n")
        if self._break:
            chunk = chunk[:-1]
        if not chunk:
            return b""
        if not self._begun:
            self._begun, start = True, b"["
        return start + chunk.replace(b"\n", b",\n")

    def finish(self) -> bytes:
        return b"]\n" if self._begun else b"[]\n"
