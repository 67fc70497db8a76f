"""JSON for reading: indented, and coloured by kind of token; anything else as plain text."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import msgspec
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

COLOURED: Final = 50_000
LONGEST: Final = 200_000
TOKEN: Final = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<text>"(?:[^"\\]|\\.)*")'
    r"|(?P<word>true|false|null)|(?P<figure>-?\d[\d.eE+-]*)"
)


class Item(NamedTuple):
    number: int
    offset: int
    text: SafeString
    left: int


def indented(content: bytes) -> str:
    """JSON with two spaces a level, figures as they were written; other bytes as text."""
    try:
        return msgspec.json.format(content, indent=2).decode()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return content.decode("utf-8", "replace")


def is_json(content: bytes) -> bool:
    try:
        msgspec.json.decode(content, type=msgspec.Raw)
    except (msgspec.MsgspecError, RecursionError):
        return False
    return True


def numbered(items: Sequence[msgspec.Raw], *, first: int = 0) -> list[Item]:
    """Items as text with their numbers; a very long one is cut, which `left` tells."""
    return [_item(bytes(item), first + n) for n, item in enumerate(items)]


def _item(content: bytes, offset: int) -> Item:
    text = indented(content)
    return Item(offset + 1, offset, coloured(text[:LONGEST]), max(len(text) - LONGEST, 0))


def coloured(text: str) -> SafeString:
    """Indented JSON as spans with `data-token`; above 50,000 characters without colours."""
    if len(text) > COLOURED:
        return format_html("{}", text)
    return format_html_join("", '{}<span data-token="{}">{}</span>{}', _tokens(text))


def _tokens(text: str) -> Iterator[tuple[str, str, str, str]]:
    end = 0
    for match in TOKEN.finditer(text):
        yield text[end : match.start()], str(match.lastgroup), match.group(), ""
        end = match.end()
    yield text[end:], "end", "", ""
