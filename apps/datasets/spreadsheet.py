"""Comma-separated values made safe to open in a spreadsheet, as a stream of bytes.

A cell that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay as they
are. One search looks at a block of whole records; only a block with a suspect is taken apart.
"""

import re
from typing import Final

import re2

BOM: Final = b"\xef\xbb\xbf"
STARTERS: Final = b"=+-@\t\r\x00"
NUMBER: Final = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
_LATIN: Final = re2.Options()
_LATIN.encoding = re2.Options.Encoding.LATIN1


class Guard:
    """Feed chunks of CSV and get chunks back; `finish()` gives the rest."""

    def __init__(self, delimiter: str = ",") -> None:
        mark = re.escape(delimiter.encode())
        self._starters = STARTERS.replace(delimiter.encode(), b"")
        self._suspect = re2.compile(suspect(mark, self._starters), _LATIN)
        self._field = re.compile(
            rb'("(?:[^"]|"")*"[^\r\n'
            + mark
            + rb"]*|[^\r\n"
            + mark
            + rb"]*)("
            + mark
            + rb"|\r?\n|\r|\Z)"
        )
        self._held = b""
        self._started = False

    def feed(self, chunk: bytes) -> bytes:
        self._held += chunk
        end = records_end(self._held)
        block, self._held = self._held[:end], self._held[end:]
        return self._safe(block)

    def finish(self) -> bytes:
        block, self._held = self._held, b""
        return self._safe(block)

    def _safe(self, block: bytes) -> bytes:
        if not block:
            return b""
        start = b""
        if not self._started:
            self._started = True
            if block.startswith(BOM):
                start, block = BOM, block[len(BOM) :]
        if self._suspect.search(b"\n" + block + b"\n"):
            block = self._field.sub(self._quoted, block)
        return start + block

    def _quoted(self, match: re.Match[bytes]) -> bytes:
        field, end = match.groups()
        opening = field[:1] == b'"'
        value = field[1:].removesuffix(b'"') if opening else field
        if not value or value[0] not in self._starters or NUMBER.fullmatch(value):
            return match.group()
        return (b"\"'" + field[1:] if opening else b"'" + field) + bytes(end)


def suspect(mark: bytes, starters: bytes) -> bytes:
    """Finds what may be a cell to guard: all of them, and little else.

    Spelled without look-ahead, so that it runs as one pass. In quotes a cell ends with a quote that
    is not one of its characters, outside of them with the delimiter or the line.
    """
    outside = mark + rb"\r\n"
    others = re.escape(starters.replace(b"-", b""))
    number = rb"-[0-9]+(?:\.[0-9]+)?(?:[eE][+\-]?[0-9]+)?"
    plain = rb"[" + others + rb"]|" + no_number(outside)
    quoted = rb"[" + others + rb"]|" + no_number(b'"') + rb"|" + number + rb'"[^' + outside + rb"]"
    return rb"[" + outside + rb"](?:" + plain + rb'|"(?:' + quoted + rb"))"


def no_number(end: bytes) -> bytes:
    """A minus and what makes no number with it, in a cell that one of `end` ends."""
    power = rb"[eE](?:[^0-9+\-]|[+\-][^0-9]|[+\-]?[0-9]+[^0-9" + end + rb"])"
    decimals = rb"\.(?:[^0-9]|[0-9]+(?:[^0-9eE" + end + rb"]|" + power + rb"))"
    return rb"-(?:[^0-9]|[0-9]+(?:[^0-9.eE" + end + rb"]|" + power + rb"|" + decimals + rb"))"


def records_end(content: bytes) -> int:
    """Where the last whole record of `content` ends; `content` begins with a record."""
    end = content.rfind(b"\n") + 1
    while end and content.count(b'"', 0, end) % 2:
        end = content.rfind(b"\n", 0, content.rfind(b'"', 0, end)) + 1
    return end
