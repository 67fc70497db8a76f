"""Items as JSON, JSON lines or CSV, in parts; memory does not grow with their number.

Source: semantics.md rules 171-173, 196-198, 203.
"""

import csv
import io
from collections.abc import Iterable, Iterator

import msgspec

from apps.platform.domain.items import (
    Fields,
    Selection,
    encode,
    read_elements,
    read_fields,
    select,
)

MOST_COLUMNS = 500
LONGEST_COLUMN = 200
BOM = b"\xef\xbb\xbf"
TYPES = {
    "json": "application/json; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}

# a block is (lines joined by a line break, number of lines)
Blocks = Iterable[tuple[bytes, int]]
_text = msgspec.json.Decoder(str).decode


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
    blocks: Blocks, selection: Selection, columns: list[str], *, delimiter: str, header: bool
) -> Iterator[bytes]:
    """One line per item, also when it has none of the `columns`."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    if header and columns:
        writer.writerow([name[:LONGEST_COLUMN] for name in columns])
    for text, _ in blocks:
        writer.writerows(
            [_cell(row[name]) if name in row else "" for name in columns]
            for row in _table_rows(text, selection)
        )
        yield _taken(buffer)
    yield _taken(buffer)


def columns_of(blocks: Blocks, selection: Selection) -> list[str]:
    """Names of columns in order of appearance, or the fields that were asked for (rule 173)."""
    if selection.fields:
        return list(selection.fields)[:MOST_COLUMNS]
    names: dict[str, None] = {}
    for text, _ in blocks:
        for row in _table_rows(text, selection):
            names.update(dict.fromkeys(row))
        if len(names) >= MOST_COLUMNS:
            break
    return list(names)[:MOST_COLUMNS]


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _table_rows(text: bytes, selection: Selection) -> Iterator[Fields]:
    """Items with nested values spread over columns `a/b`, unless the caller names the fields."""
    for item in select(text.split(b"\n"), selection):
        row: Fields = {}
        for name, value in item.items():
            if bytes(value)[:1] in {b"{", b"["} and name not in selection.fields:
                _spread(row, name, value)
            else:
                row[name] = value
        yield row


def _spread(row: Fields, prefix: str, value: msgspec.Raw) -> None:
    """Adds to `row`. Recursion ends, as what is stored is at most 100 levels deep."""
    mark = bytes(value)[:1]
    if mark == b"{":
        for key, inner in read_fields(value).items():
            _spread(row, f"{prefix}/{key}", inner)
    elif mark == b"[":
        for number, inner in enumerate(read_elements(value)):
            _spread(row, f"{prefix}/{number}", inner)
    else:
        row[prefix] = value


def _cell(value: msgspec.Raw) -> str:
    """A number, true and false as written, text without quotes, nested values as JSON."""
    raw = bytes(value)
    if raw[:1] == b'"':
        return _text(raw)
    return "" if raw == b"null" else raw.decode()
