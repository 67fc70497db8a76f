"""Items of a dataset as a table: pure functions from JSON bytes to columns and ready cells.

A cell is a whole `<td>`, built once here, since a template tag per cell costs more than the page.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final

import msgspec
from django.utils.safestring import SafeString

Path = tuple[str, ...]
Flat = dict[Path, object]

DEPTH: Final = 4
SHOWN_COLUMNS: Final = 60
LISTED_COLUMNS: Final = 400
SHORT: Final = 48
CLIPPED: Final = 160
UNFOLDED: Final = 10_000
LINK: Final = re.compile(r"https?://[^\s<>\"'`\\]{1,2000}", re.IGNORECASE)
MISSING: Final = object()

# Figures stay as they were written: 129.00 is not 129.0, and 1e400 is not infinity.
_decoder: Final = msgspec.json.Decoder(float_hook=lambda text: msgspec.Raw(text.encode()))


@dataclass(frozen=True, slots=True)
class Column:
    path: Path
    name: str
    numeric: bool
    filled: int
    shown: bool
    label: str = ""

    @property
    def bar(self) -> int:
        """`filled` in the 24 units of its bar."""
        return round(self.filled * 0.24)


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    cells: list[SafeString]

    def html(self, url: str) -> str:
        """The whole `<tr>`; `url` and the number are the address of the item, if there is one."""
        text = f"{self.number:,}"
        if url:
            to, title = escape(f"{url}{self.number}"), f"Item {self.number} as JSON"
            text = f'<a class="faint" href="{to}" title="{title}">{text}</a>'
        return f'<tr><th scope="row" class="num">{text}</th>{"".join(self.cells)}</tr>\n'


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` are those shown, `every` those found (at most 400), `left_out` the wanted rest."""

    columns: list[Column]
    every: list[Column]
    rows: list[Row]
    left_out: int
    item_url: str = ""

    @property
    def heads(self) -> tuple[Column, ...]:
        return tuple(self.columns)

    @property
    def body(self) -> SafeString:
        """All rows: a template's loop over them costs more than making them."""
        return SafeString("".join(row.html(self.item_url) for row in self.rows))


def parse(items: Sequence[msgspec.Raw]) -> list[object]:
    """Items ready for `build`; one that cannot be read is shown as the text that it is."""
    return [_parsed(item) for item in items]


def _parsed(item: msgspec.Raw) -> object:
    try:
        return _decoder.decode(item)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return bytes(item).decode("utf-8", "replace")


def build(
    items: Sequence[object],
    *,
    first: int = 0,
    fields: Sequence[str] = (),
    hidden: bool = False,
    labels: Mapping[str, str] | None = None,
    item_url: str = "",
) -> Table:
    """Rows and columns of one page of items; `labels` are headings by a column's name.

    `first` is the offset of the first item. `fields` names the columns to show, in that order; a
    name shows its nested columns too. `hidden` shows the top-level fields that begin with `#`, all
    of them unless `fields` names some.
    `item_url` and a number make the address of that item.
    """
    flats = [dict(unfold(item)) for item in items]
    paths = [path for path in _ordered(flats) if hidden or not path[0].startswith("#")]
    wanted = _chosen(paths, fields)
    if fields and not any(path[0].startswith("#") for path in wanted):
        wanted = [*(path for path in paths if path[0].startswith("#")), *wanted]
    chosen = wanted[:SHOWN_COLUMNS]
    shown = set(chosen)
    columns = {
        path: _column(path, flats, path in shown, labels or {})
        for path in [*paths[:LISTED_COLUMNS], *chosen]
    }
    rows = [
        Row(n, [cell(flat.get(path, MISSING), numeric=columns[path].numeric) for path in chosen])
        for n, flat in enumerate(flats, first + 1)
    ]
    shown_columns = [columns[path] for path in chosen]
    left_out = len(wanted) - len(chosen)
    return Table(shown_columns, list(columns.values()), rows, left_out, item_url)


def with_rates(table: Table, rates: Mapping[str, int]) -> Table:
    """The same with the fill rates of all items where they are known: those of whole fields."""
    every = [replace(each, filled=rates.get(each.path[0], 0)) for each in table.every]
    return replace(table, every=every)


def unfold(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Nested objects as dotted columns, at most 4 deep; lists and empty objects stay values."""
    if isinstance(value, dict) and (value or not path) and len(path) < DEPTH:
        for key, inner in value.items():
            yield from unfold(inner, (*path, str(key)))
    else:
        yield path or ("(value)",), value


def _ordered(flats: Sequence[Flat]) -> list[Path]:
    """Columns in order of appearance, nested ones beside their siblings."""
    rank: dict[Path, int] = {}
    parents: set[Path] = set()
    found = dict.fromkeys(path for keys in dict.fromkeys(map(tuple, flats)) for path in keys)
    for path in found:
        for depth in range(1, len(path) + 1):
            rank.setdefault(path[:depth], len(rank))
        parents.update(path[:depth] for depth in range(1, len(path)))
    # A field that is null here and an object there is told by its nested columns alone.
    only_null = {path for path in parents if all(flat.get(path) is None for flat in flats)}
    paths = [path for path in found if path not in only_null]
    return sorted(paths, key=lambda path: [rank[path[:n]] for n in range(1, len(path) + 1)])


def _chosen(paths: Sequence[Path], fields: Sequence[str]) -> list[Path]:
    if not fields:
        return list(paths)
    named = {path: ".".join(path) for path in paths}
    found = [
        path
        for field in fields
        for path, name in named.items()
        if name == field or name.startswith(f"{field}.")
    ]
    return list(dict.fromkeys(found))


def _column(path: Path, flats: Sequence[Flat], shown: bool, labels: Mapping[str, str]) -> Column:
    values = [flat.get(path, MISSING) for flat in flats]
    filled = [
        value for value in values if value is not MISSING and value is not None and value != ""
    ]
    percent = round(100 * len(filled) / len(values)) if values else 0
    numeric = bool(filled) and all(_is_number(value) for value in filled)
    name = ".".join(path)
    return Column(path, name, numeric, percent, shown, labels.get(name, name))


def _is_number(value: object) -> bool:
    return isinstance(value, int | msgspec.Raw) and not isinstance(value, bool)


def cell(value: object, *, numeric: bool = False) -> SafeString:
    """One `<td>`. Missing, null, empty text, yes and no all look different.

    `numeric` puts what is missing below the figures of its column.
    """
    side = ' class="num"' if numeric else ""
    if isinstance(value, str):
        html = _text(value)
    elif value is MISSING:
        html = f'<td{side} data-type="missing" title="Not in this item">\N{EN DASH}</td>'
    elif value is None:
        html = f'<td{side} data-type="null">null</td>'
    elif isinstance(value, bool):
        word, name = ("Yes", "true") if value else ("No", "false")
        html = f'<td data-type="boolean" title="{name}">{word}</td>'
    elif _is_number(value):
        html = f'<td class="num">{escape(figure(value))}</td>'
    else:
        html = _nested(value)
    # `format_html` would take as long as the rest of the page; each value went through `escape`
    return SafeString(html)


def figure(value: object) -> str:
    return bytes(value).decode() if isinstance(value, msgspec.Raw) else str(value)


def _text(value: str) -> str:
    if not value:
        return '<td data-type="empty" title="Empty text">""</td>'
    if LINK.fullmatch(value):
        return _link(value)
    if len(value) <= SHORT and value.isprintable():
        return f"<td>{escape(value)}</td>"
    return _more(value[:CLIPPED], value)


def _link(value: str) -> str:
    address, shown = escape(value), escape(value.split("://", 1)[1])
    return (
        f'<td><a class="clip" href="{address}" title="{address}" target="_blank"'
        f' rel="noopener noreferrer nofollow">{shown}</a></td>'
    )


def _nested(value: object) -> str:
    if isinstance(value, list | dict) and not value:
        return f'<td data-type="empty">{"[]" if isinstance(value, list) else "{}"}</td>'
    size = len(value) if isinstance(value, list | dict) else 0
    noun = "item" if isinstance(value, list) else "field"
    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    return _more(f"{size:,} {noun}{'' if size == 1 else 's'}", text)


def _more(summary: str, text: str) -> str:
    rest = len(text) - UNFOLDED
    if rest > 0:
        text = f"{text[:UNFOLDED]}\n… {rest:,} more characters: open the item by its number."
    return (
        f'<td><details class="more"><summary class="clip">{escape(summary)}</summary>'
        f"<pre>{escape(text)}</pre></details></td>"
    )
