"""Editors of lists: one row per element, more rows by button, many at once as lines of text."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from console.forms import jsontext
from console.forms.editors import Editor, Post, Problem, effective, one_line
from console.forms.schema import Spec

MOST_ROWS = 20_000
Row = tuple[str, ...]
Rows = tuple[Row, ...]


def indexes(post: Post, name: str) -> list[int]:
    """The numbers of the rows `name.N.…` that were posted, in order."""
    pattern = re.compile(rf"{re.escape(name)}\.([0-9]{{1,6}})\.")
    found = {int(match[1]) for key in post if (match := pattern.match(key))}
    return sorted(found)[:MOST_ROWS]


def show_rows(cells: Callable[[Any], Row], spec: Spec, value: Any) -> Rows:
    """Blank rows are not shown: nobody can tell them from the spare one."""
    found = effective(spec, value)
    rows = (cells(item) for item in found) if isinstance(found, list) else ()
    return tuple(row for row in rows if any(cell.strip() for cell in row))


def read_rows(names: Row, first: str, spec: Spec, post: Post, name: str) -> Rows:
    """Rows as posted and, below them, one per line of the bulk field."""
    rows = [
        tuple(_cell(post, f"{name}.{index}.{cell}") for cell in names)
        for index in indexes(post, name)
    ]
    lines = _cell(post, f"{name}.bulk").split("\n")
    place = names.index(first)
    rows += [("",) * place + (line.strip(),) + ("",) * (len(names) - place - 1) for line in lines]
    return tuple(row for row in rows if any(cell.strip() for cell in row))


def _cell(post: Post, key: str) -> str:
    found = post.get(key)
    return found.replace("\r\n", "\n").replace("\r", "\n") if isinstance(found, str) else ""


def rows_value(make: Callable[[Row], Any], spec: Spec, raw: Rows, was: Any) -> list[Any]:
    return [make(row) for row in raw]


def all_are(fits: Callable[[Any], bool], spec: Spec, value: Any) -> bool:
    return value is None or (isinstance(value, list) and all(fits(item) for item in value))


def string_row(item: str) -> Row:
    return (one_line(item),)


def is_pair(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and set(item) == {"key", "value"}
        and all(isinstance(part, str) for part in item.values())
    )


def pair_row(item: dict[str, str]) -> Row:
    return (one_line(item["key"]), one_line(item["value"]))


def is_source(main: str, item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get(main, ""), str)


def source_row(main: str, item: dict[str, Any]) -> Row:
    rest = {key: value for key, value in item.items() if key != main}
    return (one_line(item.get(main, "")), jsontext.dumps(rest) if rest else "")


def source_of(main: str, row: Row) -> dict[str, Any]:
    text, rest = row[0].strip(), row[1]
    more: Any = {}
    if rest.strip():
        try:
            more = jsontext.loads(rest)
        except jsontext.BadJson as problem:
            raise Problem(f"Advanced of {text or 'a row'}: {problem}") from None
        if not isinstance(more, dict):
            raise Problem(f"Advanced of {text or 'a row'}: write an object in braces.")
    return {main: text, **more} if text else more


def rows_editor(
    template: str,
    names: Row,
    *,
    first: str,
    fits: Callable[[Any], bool],
    cells: Callable[[Any], Row],
    make: Callable[[Row], Any],
) -> Editor:
    return Editor(
        template,
        partial(all_are, fits),
        partial(show_rows, cells),
        partial(read_rows, names, first),
        partial(rows_value, make),
    )


def source_editor(main: str) -> Editor:
    return rows_editor(
        "forms/sources.html",
        ("main", "rest"),
        first="main",
        fits=partial(is_source, main),
        cells=partial(source_row, main),
        make=partial(source_of, main),
    )


STRINGS = rows_editor(
    "forms/strings.html",
    ("text",),
    first="text",
    fits=lambda item: isinstance(item, str),
    cells=string_row,
    make=lambda row: row[0],
)
PAIRS = rows_editor(
    "forms/pairs.html",
    ("key", "value"),
    first="key",
    fits=is_pair,
    cells=pair_row,
    make=lambda row: {"key": row[0], "value": row[1]},
)
SOURCES = source_editor("url")
GLOBS = source_editor("glob")
PSEUDO_URLS = source_editor("purl")


def spare(rows: Rows, width: int, number: int = 1) -> Iterator[Row]:
    """The rows and some empty ones to type into."""
    yield from rows
    for _ in range(number):
        yield ("",) * width
