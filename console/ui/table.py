"""Items of a dataset as a table: pure functions from JSON bytes to columns and ready cells.

A cell is a whole `<td>`, built once here, since a template tag per cell costs more than the page.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import msgspec
from django.utils.html import format_html
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
    offset: int
    cells: list[SafeString]


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` are those shown, `every` those found (at most 400), `left_out` the wanted rest."""

    columns: list[Column]
    every: list[Column]
    rows: list[Row]
    left_out: int


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
) -> Table:
    """Rows and columns of one page of items; `labels` are headings by a column's name.

    `first` is the offset of the first item. `fields` names the columns to show, in that order; a
    name shows its nested columns too. `hidden` shows the top-level fields that begin with `#`.
    """
    flats = [dict(unfold(item)) for item in items]
    paths = [path for path in _ordered(flats) if hidden or not path[0].startswith("#")]
    chosen = _chosen(paths, fields)[:SHOWN_COLUMNS]
    shown = set(chosen)
    columns = {
        path: _column(path, flats, path in shown, labels or {})
        for path in [*paths[:LISTED_COLUMNS], *chosen]
    }
    rows = [
        Row(
            first + n + 1,
            first + n,
            [cell(flat.get(path, MISSING), numeric=columns[path].numeric) for path in chosen],
        )
        for n, flat in enumerate(flats)
    ]
    wanted = len(_chosen(paths, fields))
    return Table(
        [columns[path] for path in chosen], list(columns.values()), rows, wanted - len(chosen)
    )


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
    only_null: dict[Path, bool] = {}
    for flat in flats:
        for path, value in flat.items():
            only_null[path] = only_null.get(path, True) and value is None
            for depth in range(1, len(path) + 1):
                rank.setdefault(path[:depth], len(rank))
            parents.update(path[:depth] for depth in range(1, len(path)))
    # A field that is null here and an object there is told by its nested columns alone.
    paths = [path for path, null in only_null.items() if not (null and path in parents)]
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
    side = "num" if numeric else ""
    if isinstance(value, str):
        return _text(value)
    if value is MISSING:
        return format_html(
            '<td data-type="missing" title="{}">\N{EN DASH}</td>', "Not in this item"
        )
    if value is None:
        return format_html('<td class="{}" data-type="null">null</td>', side)
    if isinstance(value, bool):
        word, name = ("Yes", "true") if value else ("No", "false")
        return format_html('<td data-type="boolean" title="{}">{}</td>', name, word)
    if _is_number(value):
        return format_html('<td class="num">{}</td>', figure(value))
    return _nested(value)


def figure(value: object) -> str:
    return bytes(value).decode() if isinstance(value, msgspec.Raw) else str(value)


def _text(value: str) -> SafeString:
    if not value:
        return format_html('<td data-type="empty" title="{}">""</td>', "Empty text")
    if len(value) <= SHORT and value.isprintable():
        if LINK.fullmatch(value):
            return _link(value)
        return format_html("<td>{}</td>", value)
    if LINK.fullmatch(value):
        return _link(value)
    return _more(value[:CLIPPED], value)


def _link(value: str) -> SafeString:
    shown = value.split("://", 1)[1]
    return format_html(
        '<td><a class="clip" href="{}" title="{}" target="_blank"'
        ' rel="noopener noreferrer nofollow">{}</a></td>',
        value,
        value,
        shown,
    )


def _nested(value: object) -> SafeString:
    if isinstance(value, list | dict) and not value:
        return format_html(
            '<td data-type="empty">{}</td>', "[]" if isinstance(value, list) else "{}"
        )
    size = len(value) if isinstance(value, list | dict) else 0
    noun = "item" if isinstance(value, list) else "field"
    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    return _more(f"{size:,} {noun}{'' if size == 1 else 's'}", text)


def _more(summary: str, text: str) -> SafeString:
    rest = len(text) - UNFOLDED
    if rest > 0:
        text = f"{text[:UNFOLDED]}\n… {rest:,} more characters: open the item by its number."
    return format_html(
        '<td><details class="more"><summary class="clip">{}</summary><pre>{}</pre></details></td>',
        summary,
        text,
    )
