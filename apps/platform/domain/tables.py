"""Items as tables: columns, CSV, HTML (semantics.md rules 172, 173, 196, 198).

Cells are made from the bytes of the JSON value, so that numbers stay as written.
"""

import re
from collections.abc import Callable, Iterator
from itertools import islice

from apps.platform.domain.exports import Blocks, gathered, picked
from apps.platform.domain.items import NESTED, Fields, Selection, encode, read_elements, read_fields
from apps.platform.domain.markup import escaped, markup, text_of

MOST_COLUMNS = 500
LONGEST_COLUMN = 200

NULL = b"null"

Row = list[bytes]  # a JSON value per column, `null` where there is none


def columns_of(blocks: Blocks, selection: Selection) -> list[str]:
    """Names of columns in order of appearance, or the fields that were asked for (rule 173)."""
    if selection.fields:
        return [name[:LONGEST_COLUMN] for name in selection.fields][:MOST_COLUMNS]
    names: dict[str, bytes] = {}  # in order, each with some value
    for item in picked(blocks, selection):
        for name, value in item.items():
            raw = bytes(value)
            if raw[0] in NESTED:
                names.update(islice(_leaves(name, raw), MOST_COLUMNS))
            else:
                names[name[:LONGEST_COLUMN]] = raw
        if len(names) >= MOST_COLUMNS:
            break
    return list(names)[:MOST_COLUMNS]


def rows(blocks: Blocks, selection: Selection, columns: list[str]) -> Iterator[Row]:
    """Items with nested values spread over columns `a/b`, unless the caller names the fields."""
    named = bool(selection.fields)
    roots = set() if named else {name for column in columns for name in _roots(column)}
    wanted = frozenset(columns)
    items = picked(blocks, selection)
    if any(len(name) == LONGEST_COLUMN for name in columns):
        items = ({name[:LONGEST_COLUMN]: value for name, value in i.items()} for i in items)
    for item in items:
        leaves = _spread(item, roots, wanted) if roots else {}
        row = [bytes(item[name]) if name in item else leaves.get(name, NULL) for name in columns]
        yield row if named else [NULL if raw[0] in NESTED else raw for raw in row]


def _roots(column: str) -> Iterator[str]:
    """The names of fields whose inner values this column may hold."""
    return (column[: found.start()] for found in re.finditer("/", column))


def _spread(item: Fields, roots: set[str], wanted: frozenset[str]) -> dict[str, bytes]:
    return {
        name: raw
        for root, value in item.items()
        if root in roots
        for name, raw in _leaves(root, bytes(value))
        if name in wanted
    }


def _leaves(prefix: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Recursion ends, as what is stored is at most 100 levels deep."""
    mark = raw[:1]
    prefix = prefix[:LONGEST_COLUMN]
    if mark == b"{":
        for key, inner in read_fields(raw).items():
            yield from _leaves(f"{prefix}/{key}", bytes(inner))
    elif mark == b"[":
        for number, inner in enumerate(read_elements(raw)):
            yield from _leaves(f"{prefix}/{number}", bytes(inner))
    else:
        yield prefix, raw


def as_csv(
    blocks: Blocks, selection: Selection, columns: list[str], *, delimiter: str, header: bool
) -> Iterator[bytes]:
    """One line per item, also when it has none of the `columns`."""
    cell, between = _csv_cell(delimiter), delimiter.encode()

    def lines() -> Iterator[bytes]:
        if header and columns:
            yield between.join(cell(encode(name)) for name in columns) + b"\r\n"
        alone = len(columns) == 1
        for row in rows(blocks, selection, columns):
            line = between.join([cell(raw) for raw in row])
            # readers take a blank line for no line at all
            yield (line or b'""' if alone else line) + b"\r\n"

    return gathered(lines())


def _csv_cell(delimiter: str) -> Callable[[bytes], bytes]:
    """Text without its quotes, null as nothing, anything else as written."""
    mark = re.escape(delimiter.encode())
    special = re.compile(rb"\\|" + mark).search
    quoting = re.compile(rb'["\r\n]|' + mark).search

    def cell(raw: bytes) -> bytes:
        if raw[:1] == b'"':
            inner = raw[1:-1]
            if not special(inner):
                return inner
            raw = text_of(raw).encode()
        elif raw == b"null":
            return b""
        return b'"' + raw.replace(b'"', b'""') + b'"' if quoting(raw) else raw

    return cell


def as_html(blocks: Blocks, selection: Selection, columns: list[str]) -> Iterator[bytes]:
    """A page with one table; everything in it is escaped."""

    def pieces() -> Iterator[bytes]:
        yield b'<!DOCTYPE html>\n<html>\n<head><meta charset="utf-8"><title>Items</title></head>\n'
        yield b'<body>\n<table border="1">\n<thead>\n<tr>'
        yield from (b"<th>" + escaped(name) + b"</th>" for name in columns)
        yield b"</tr>\n</thead>\n<tbody>\n"
        for row in rows(blocks, selection, columns):
            cells = [markup(raw) for raw in row]
            yield b"<tr><td>" + b"</td><td>".join(cells) + b"</td></tr>\n"
        yield b"</tbody>\n</table>\n</body>\n</html>\n"

    return gathered(pieces())
