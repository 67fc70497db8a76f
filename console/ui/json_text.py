"""JSON for reading: indented, and coloured by kind of token; anything else as plain text."""

import re
from collections.abc import Iterator
from typing import Final

import msgspec
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

COLOURED: Final = 200_000
TOKEN: Final = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<text>"(?:[^"\\]|\\.)*")'
    r"|(?P<word>true|false|null)|(?P<figure>-?\d[\d.eE+-]*)"
)


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


def split_items(content: bytes) -> list[bytes]:
    """The items of a JSON array, each as it was written. Raises ValueError for anything else."""
    try:
        return [bytes(item) for item in msgspec.json.decode(content, type=list[msgspec.Raw])]
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from error


def coloured(text: str) -> SafeString:
    """Indented JSON as spans with `data-token`; above 200,000 characters without colours."""
    if len(text) > COLOURED:
        return format_html("{}", text)
    return format_html_join("", '{}<span data-token="{}">{}</span>{}', _tokens(text))


def _tokens(text: str) -> Iterator[tuple[str, str, str, str]]:
    end = 0
    for match in TOKEN.finditer(text):
        yield text[end : match.start()], str(match.lastgroup), match.group(), ""
        end = match.end()
    yield text[end:], "end", "", ""
