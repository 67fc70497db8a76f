"""The part of a log that a page shows: the end, the lines around one, hits, warnings or errors.

The API gives a log whole (its trailing 5,000,000 characters, rule 262), so each page reads it whole
and shows at most 2,000 lines. Numbers count from the first line that the API still has.
"""

import re
import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from django.utils.safestring import SafeString

from console.live.ansi import stripped
from console.live.lines import WORDS, Line, items, level_of

SHOWN: Final = 2000
MOST_TEXT: Final = 2_000_000  # characters on one page
KEPT: Final = 5_000_000
LONGEST_FIND: Final = 200
MARKED: Final = 64
LONGEST_NUMBER: Final = 9
CONTINUATION: Final = bytes(range(0x80, 0xC0))


@dataclass(frozen=True, slots=True)
class Question:
    """What of a log is asked for. `line` and `start` are line numbers, `hit` counts from 1."""

    find: str = ""
    level: str = ""
    hit: int | None = None
    line: int | None = None
    start: int | None = None


@dataclass(frozen=True, slots=True)
class LogPage:
    """`position` is where a stream goes on; `older` and `newer` are starts of other pages."""

    html: SafeString
    first: int
    last: int
    total: int
    size: int
    warnings: int
    errors: int
    hits: int
    hit: int
    at_hit: int | None
    older: int | None
    newer: int | None
    position: str
    was_cut: bool

    @property
    def is_end(self) -> bool:
        return self.newer is None


def read_question(query: Mapping[str, str]) -> Question:
    level = query.get("level", "")
    return Question(
        find=query.get("find", "").strip()[:LONGEST_FIND],
        level=level if level in ("W", "E") else "",
        hit=_number(query.get("hit")),
        line=_number(query.get("line")),
        start=_number(query.get("from")),
    )


def page_of(data: bytes, question: Question, zone: tzinfo, *, is_live: bool) -> LogPage:
    """While the log grows (`is_live`), a line without its end is left to the stream."""
    end = data.rfind(b"\n") + 1 if is_live else len(data)
    text = data[:end].decode("utf-8", "replace")
    starts = line_starts(text)
    levels = level_lines(text, starts)
    chosen: Sequence[int] = range(1, len(starts) + 1)
    if question.level:
        chosen = [n for n, level in levels.items() if question.level in ("W", level)]
    found = hits(text, starts, question.find, chosen) if question.find else []
    hit = min(max(question.hit or 1, 1), len(found)) if found else 0
    at_hit = found[hit - 1] if found else None
    first, last = bounds(chosen, question, at_hit)
    first, last = fitting(chosen, first, last, starts, len(text))
    numbers = chosen[first:last]
    find = re.compile(re.escape(question.find), re.IGNORECASE) if question.find else None
    return LogPage(
        html=items((line_at(text, starts, n) for n in numbers), zone, find=find),
        first=numbers[0] if numbers else 0,
        last=numbers[-1] if numbers else 0,
        total=len(starts),
        size=len(data),
        warnings=sum(level == "W" for level in levels.values()),
        errors=sum(level == "E" for level in levels.values()),
        hits=len(found),
        hit=hit,
        at_hit=at_hit,
        older=chosen[max(first - SHOWN, 0)] if first else None,
        newer=chosen[last] if last < len(chosen) else None,
        position=position(end, len(starts) + 1, data[max(end - MARKED, 0) : end]),
        was_cut=len(data) >= KEPT and len(data.translate(None, CONTINUATION)) >= KEPT,
    )


def position(offset: int, line: int, before: bytes) -> str:
    """Byte offset, number of the line there, and a checksum of the bytes before: the stream knows
    by it whether its log is the same one, since an API that trims a log moves all offsets."""
    return f"{offset}-{line}-{zlib.crc32(before):08x}"


def line_starts(text: str) -> "array[int]":
    starts = array("q", [0] if text else [])
    starts.extend(match.end() for match in re.finditer("\n", text))
    if text.endswith("\n"):
        starts.pop()
    return starts


def line_at(text: str, starts: "array[int]", number: int) -> Line:
    end = starts[number] if number < len(starts) else len(text)
    return Line(number, text[starts[number - 1] : end].removesuffix("\n"))


def level_lines(text: str, starts: "array[int]") -> dict[int, str]:
    """Numbers of the lines that are warnings or errors, in order, with their level."""
    numbers = set()
    for word in WORDS:
        at = text.find(word)
        while at >= 0:
            number = bisect_right(starts, at)
            numbers.add(number)
            at = text.find(word, starts[number]) if number < len(starts) else -1
    found = ((n, level_of(line_at(text, starts, n).text)) for n in sorted(numbers))
    return {number: level for number, level in found if level != "I"}


def hits(text: str, starts: "array[int]", find: str, chosen: Sequence[int]) -> list[int]:
    """Numbers of the lines that hold `find`, whatever its case, colours left out."""
    shown = stripped(text)
    if shown is not text:
        starts = line_starts(shown)
    numbers: list[int] = []
    for match in re.finditer(re.escape(find), shown, re.IGNORECASE):
        number = bisect_right(starts, match.start())
        if not numbers or numbers[-1] != number:
            numbers.append(number)
    if isinstance(chosen, range):
        return numbers
    wanted = set(chosen)
    return [number for number in numbers if number in wanted]


def bounds(chosen: Sequence[int], question: Question, at_hit: int | None) -> tuple[int, int]:
    """Indexes into `chosen`: the end, unless another place is asked for."""
    tail = max(len(chosen) - SHOWN, 0)
    around = question.line or (at_hit if question.hit or question.find else None)
    if around is not None:
        first = max(bisect_left(chosen, around) - SHOWN // 4, 0)
    elif question.start is not None:
        first = bisect_left(chosen, question.start)
    else:
        first = tail
    first = min(first, tail)
    return first, first + SHOWN


def fitting(
    chosen: Sequence[int], first: int, last: int, starts: "array[int]", length: int
) -> tuple[int, int]:
    """As many of these lines as have room on a page, at least one; of the end, the last ones."""
    indexes = range(first, min(last, len(chosen)))
    is_end = indexes.stop == len(chosen)
    size = 0
    for index in reversed(indexes) if is_end else indexes:
        number = chosen[index]
        size += (starts[number] if number < len(starts) else length) - starts[number - 1]
        if size > MOST_TEXT and index not in (first, last - 1):
            return (index + 1, indexes.stop) if is_end else (first, index)
    return first, indexes.stop


def _number(text: str | None) -> int | None:
    is_number = (
        text is not None and text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER
    )
    return int(text) if is_number and text else None
