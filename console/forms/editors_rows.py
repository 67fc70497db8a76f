"""Editors of lists: one row per element, more rows by button, many at once as lines of text.

A row is its origin (the number of the element that it was, "" for a new one) and its cells. A row
that was not changed keeps its very element; one that was emptied goes away.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from console.forms import jsontext
from console.forms.editors import Editor, Post, Problem, as_posted, effective, one_line
from console.forms.schema import MISSING, Spec

MOST_SHOWN = 300
MOST_ROWS = 20_000
ORIGIN = re.compile(r"[0-9]{1,6}", re.ASCII)
Row = tuple[str, ...]
Rows = tuple[Row, ...]
Make = Callable[[Row, Any], Any]


def indexes(post: Post, name: str) -> list[int]:
    """The numbers of the rows `name.N.…` that were posted, in order."""
    pattern = re.compile(rf"{re.escape(name)}\.([0-9]{{1,6}})\.")
    found = {int(match[1]): None for key in post if (match := pattern.match(key))}
    return list(found)[:MOST_ROWS]


def cell(post: Post, key: str) -> str:
    found = post.get(key)
    return as_posted(found) if isinstance(found, str) else ""


def element(before: Any, origin: str) -> Any:
    """The element that a row was, MISSING for a new row."""
    if not isinstance(before, list) or not ORIGIN.fullmatch(origin):
        return MISSING
    return before[int(origin)] if int(origin) < len(before) else MISSING


def show_rows(cells: Callable[[Any], Row], spec: Spec, value: Any) -> Rows:
    found = effective(spec, value)
    rows = found if isinstance(found, list) else []
    return tuple((str(number), *cells(item)) for number, item in enumerate(rows))


def read_rows(names: Row, first: str, spec: Spec, post: Post, name: str) -> Rows:
    """Rows as posted and, below them, one per line of the bulk field."""
    rows = [
        tuple(cell(post, f"{name}.{index}.{each}") for each in ("from", *names))
        for index in indexes(post, name)
    ]
    place = names.index(first)
    after = ("",) * (len(names) - place - 1)
    rows += [
        ("", *("",) * place, line.strip(), *after)
        for line in cell(post, f"{name}!bulk").split("\n")
    ]
    return tuple(row for row in rows if row[0] or not is_blank(row[1:]))


def is_blank(cells: Row) -> bool:
    return not any(each.strip() for each in cells)


def rows_value(
    cells: Callable[[Any], Row], make: Make, spec: Spec, raw: Rows, was: Any
) -> list[Any]:
    before = effective(spec, was)
    made = []
    for origin, *typed in raw:
        old = element(before, origin)
        if old is not MISSING and cells(old) == tuple(typed):
            made.append(old)
        elif not is_blank(tuple(typed)):
            made.append(make(tuple(typed), old))
    return made


def all_are(fits: Callable[[Any], bool], spec: Spec, value: Any) -> bool:
    return isinstance(value, list) and len(value) <= MOST_SHOWN and all(map(fits, value))


def rows_editor(
    template: str,
    names: Row,
    *,
    first: str,
    fits: Callable[[Any], bool],
    cells: Callable[[Any], Row],
    make: Make,
) -> Editor:
    return Editor(
        template,
        partial(all_are, fits),
        partial(show_rows, cells),
        partial(read_rows, names, first),
        partial(rows_value, cells, make),
    )


def string_row(item: str) -> Row:
    return (one_line(item),)


def is_string(item: Any) -> bool:
    return isinstance(item, str)


def is_pair(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and {"key", "value"} <= set(item)
        and isinstance(item["key"], str)
        and isinstance(item["value"], str)
    )


def pair_row(item: dict[str, str]) -> Row:
    return (one_line(item["key"]), one_line(item["value"]))


def pair_of(typed: Row, old: Any) -> dict[str, str]:
    return {**(old if isinstance(old, dict) else {}), "key": typed[0], "value": typed[1]}


LIST = "requestsFromUrl"
TEXTS = ("method", "payload")
JSONS = ("headers", "userData")
SOURCE_CELLS = ("main", "list", "method", "payload", "headers", "userData")


def is_source(main: str, item: Any) -> bool:
    return (
        isinstance(item, dict)
        and all(isinstance(item.get(key, ""), str) for key in (main, LIST, *TEXTS))
        and not (main in item and LIST in item)
    )


def source_row(main: str, item: dict[str, Any]) -> Row:
    return (
        one_line(item.get(LIST, item.get(main, ""))),
        "1" if LIST in item else "",
        one_line(item.get("method", "")),
        as_posted(item.get("payload", "")),
        *(jsontext.dumps(item[key]) if key in item else "" for key in JSONS),
    )


def source_of(main: str, typed: Row, old: Any) -> dict[str, Any]:
    """Keys that the row does not show survive from `old`, and cells left as they were too."""
    made: dict[str, Any] = dict(old) if isinstance(old, dict) else {}
    before = source_row(main, made)
    if typed[:2] != before[:2] or not made:
        made.pop(main, None)
        made.pop(LIST, None)
        made = {LIST if typed[1] else main: typed[0].strip(), **made} if typed[0] else made
    for key, text, shown in zip((*TEXTS, *JSONS), typed[2:], before[2:], strict=True):
        if text == shown:
            continue
        made.pop(key, None)
        if text.strip():
            made[key] = parsed(text, typed[0], key) if key in JSONS else text
    return made


def parsed(text: str, row: str, key: str) -> Any:
    where = f"{key} of {row[:60] or 'a row'}"
    try:
        found = jsontext.loads(text)
    except jsontext.BadJson as problem:
        raise Problem(f"{where}: {problem}") from None
    if not isinstance(found, dict):
        raise Problem(f"{where}: write an object in braces.")
    return found


def source_editor(main: str) -> Editor:
    return rows_editor(
        "forms/sources.html",
        SOURCE_CELLS,
        first="main",
        fits=partial(is_source, main),
        cells=partial(source_row, main),
        make=partial(source_of, main),
    )


def strings_editor(template: str) -> Editor:
    return rows_editor(
        template,
        ("text",),
        first="text",
        fits=is_string,
        cells=string_row,
        make=lambda typed, old: typed[0],
    )


STRINGS = strings_editor("forms/strings.html")
FILES = strings_editor("forms/files.html")
PAIRS = rows_editor(
    "forms/pairs.html",
    ("key", "value"),
    first="key",
    fits=is_pair,
    cells=pair_row,
    make=pair_of,
)
SOURCES = source_editor("url")
GLOBS = source_editor("glob")
PSEUDO_URLS = source_editor("purl")
