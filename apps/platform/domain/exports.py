"""Items as JSON, JSON lines or CSV, in parts; memory does not grow with their number.

Source: semantics.md rules 171-173, 196-198, 203.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from apps.platform.domain.items import Fields, Selection, encode, select

MOST_COLUMNS = 500
LONGEST_COLUMN = 200
BOM = b"\xef\xbb\xbf"
ROWS = 500
TYPES = {
    "json": "application/json; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}

# a block is (lines joined by a line break, number of lines)
Blocks = Iterable[tuple[bytes, int]]
_value = msgspec.json.Decoder().decode


def as_json(blocks: Blocks, selection: Selection) -> Iterator[bytes]:
    before = b"["
    for text, _ in blocks:
        part = _lines(text, selection)
        if part:
            # a stored line holds no line break, so each one stands between two items
            yield before + part.replace(b"\n", b",\n")
            before = b",\n"
    yield b"[]" if before == b"[" else b"]"


def as_jsonl(blocks: Blocks, selection: Selection) -> Iterator[bytes]:
    for text, _ in blocks:
        part = _lines(text, selection)
        if part:
            yield part + b"\n"


def _lines(text: bytes, selection: Selection) -> bytes:
    if selection.is_plain:
        return text
    return b"\n".join(encode(item) for item in select(text.split(b"\n"), selection))


def as_csv(
    blocks: Callable[[], Blocks], selection: Selection, *, delimiter: str, header: bool
) -> Iterator[bytes]:
    """`blocks` is called twice when the columns must be found first."""
    columns = list(selection.fields) or _columns(blocks(), selection)
    shown = [name[:LONGEST_COLUMN] for name in columns[:MOST_COLUMNS]]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    if header and shown:
        writer.writerow(shown)
    for text, _ in blocks():
        writer.writerows(
            [_cell(item.get(name)) for name in columns[:MOST_COLUMNS]]
            for item in _table_rows(text, selection)
        )
        yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")


def _columns(blocks: Blocks, selection: Selection) -> list[str]:
    names: dict[str, None] = {}
    for text, _ in blocks:
        for item in _table_rows(text, selection):
            for name in item:
                names.setdefault(name)
        if len(names) >= MOST_COLUMNS:
            break
    return list(names)[:MOST_COLUMNS]


def _table_rows(text: bytes, selection: Selection) -> Iterator[Fields]:
    """Items with nested values spread over columns `a/b`, unless the caller names the fields."""
    for item in select(text.split(b"\n"), selection):
        row: Fields = {}
        for name, value in item.items():
            plain = _value(value) if isinstance(value, msgspec.Raw) else value
            if isinstance(plain, dict | list) and name not in selection.fields:
                row.update(_spread(name, plain))
            else:
                row[name] = plain
        yield row


def _spread(prefix: str, value: Any) -> Fields:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    out: Fields = {}
    for key, inner in pairs:
        name = f"{prefix}/{key}"
        if isinstance(inner, dict | list):
            out.update(_spread(name, inner))
        else:
            out[name] = inner
    return out


def _cell(value: Any) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return value
    return encode(value).decode()
