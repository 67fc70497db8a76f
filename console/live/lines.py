"""Log lines as list items: number, time in the person's zone, level and coloured text."""

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from console.live import ansi

Level = Literal["I", "W", "E"]

WIDEST: Final = 16 * 1024  # characters of one displayed line
MOST_PIECES: Final = 32  # of one line; the rest is in the download
STAMP: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?Z ?")
WORDS: Final = (
    *("ERROR", "CRITICAL", "FATAL", "ERR!", "Traceback", "Error:", "Exception:", "WARN"),
    *("error:", "fatal:"),  # of uv, git and compilers
)
BEFORE: Final = r"\s*(?:\[[^\]\n]{1,80}\]\s*)?(?:[\w.-]{1,60}:\s+)?"
WARNING: Final = re.compile(BEFORE + r"WARN(?:ING)?\b")
ERROR: Final = re.compile(
    BEFORE + r"(?:(?:ERROR|CRITICAL|FATAL)\b|npm ERR!|Traceback \(most recent|"
    r"[\w.]{0,60}(?:Error|Exception):|error:|fatal:)"
)
SIGNS: Final = {"I": "·", "W": "W", "E": "E"}
PIECE: Final = '<li data-more data-level="{}"><p>{}</p></li>'
ITEM: Final = (
    '<li id="L{0}" data-level="{1}"><a class="no" href="?line={0}#L{0}"'
    ' aria-label="Line {0}">{0}</a>{2}<b aria-hidden="true">{3}</b><p>{4}</p></li>'
)


class Line(NamedTuple):
    """A line without its break. `is_rest` continues one that was too long to come whole."""

    number: int
    text: str
    is_rest: bool = False


def level_of(text: str) -> Level:
    """Of a whole line, with or without time and colours."""
    if not any(word in text for word in WORDS):
        return "I"
    plain = ansi.stripped(text[:1000])
    stamp = STAMP.match(plain)
    start = stamp.end() if stamp else 0
    return "E" if ERROR.match(plain, start) else "W" if WARNING.match(plain, start) else "I"


def items(
    lines: Iterable[Line], zone: tzinfo, *, find: re.Pattern[str] | None = None, level: str = ""
) -> SafeString:
    """`<li>` of all `lines`, or of warnings (W, with errors) or errors (E) among them."""
    made: list[tuple[SafeString]] = []
    for line in lines:
        found = "I" if line.is_rest else level_of(line.text)
        if level in ("", found) or (level == "W" and found == "E"):
            made += ((piece,) for piece in _pieces(line, found, zone, find))
    return format_html_join("", "{}", made)


def _pieces(
    line: Line, level: Level, zone: tzinfo, find: re.Pattern[str] | None
) -> Iterable[SafeString]:
    stamp = None if line.is_rest else STAMP.match(line.text)
    start = stamp.end() if stamp else 0
    end = start + WIDEST
    if line.is_rest:
        yield format_html(PIECE, level, ansi.html(line.text[:end], find))
    else:
        time = local_time(stamp[1], zone) if stamp else ""
        text = ansi.html(line.text[start:end], find)
        yield format_html(ITEM, line.number, level, time, SIGNS[level], text)
    for at in range(end, min(len(line.text), end * MOST_PIECES), WIDEST):
        yield format_html(PIECE, level, ansi.html(line.text[at : at + WIDEST], find))
    left = len(line.text) - end * MOST_PIECES
    if left > 0:
        yield format_html(PIECE, level, f"… {left:,} more characters: download the log.")


@lru_cache(maxsize=4096)
def local_time(stamp: str, zone: tzinfo) -> SafeString | str:
    try:
        moment = datetime.fromisoformat(f"{stamp}+00:00").astimezone(zone)
    except (ValueError, OverflowError):
        return ""
    return format_html('<time datetime="{}Z">{}</time>', stamp, f"{moment:%H:%M:%S}")
