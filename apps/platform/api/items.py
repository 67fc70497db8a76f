"""Items of a dataset in seven formats (endpoint 73; semantics.md rules 171-203)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from django.conf import settings
from starlette.responses import Response

from apps.platform.api.selecting import NO_VIEW, View, selection_of, view_of
from apps.platform.domain import exports, feeds, tables, workbook
from apps.platform.domain.errors import invalid_value
from apps.platform.domain.items import Selection
from apps.platform.http import envelope
from apps.platform.http.params import Query
from apps.platform.http.request import ApiRequest
from apps.platform.models import Dataset
from apps.platform.storage import datasets

NO_LIMIT = 999_999_999_999
# a page of foreign texts: nothing in it may run, wherever it is opened
LOCKED = "sandbox; default-src 'none'; style-src 'unsafe-inline'"


@dataclass(frozen=True, slots=True)
class Window:
    """Which items are sent: from `low` to `high`, counted from the oldest. `is_part`: this may be
    one of several answers that together hold what the caller wants."""

    low: int
    high: int
    desc: bool
    is_part: bool
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """All that a format needs to make its answer."""

    query: Query
    row: Dataset
    window: Window
    selection: Selection

    def blocks(self) -> Iterator[datasets.Block]:
        window = self.window
        return datasets.blocks(self.row.id, window.low, window.high, desc=window.desc)


def get_items(request: ApiRequest, row: Dataset) -> Response:
    """A page of items in one of the formats, streamed."""
    query = request.query
    kind = query.text("format") or "json"
    if kind not in WRITERS:
        raise invalid_value(f"format {kind[:20]} is not one of {', '.join(WRITERS)}")
    view = view_of(row, query.text("view")) if query.text("view") else NO_VIEW
    window = _window(query, row.item_count, view)
    parts = WRITERS[kind](Wanted(query, row, window, selection_of(query, view)))
    datasets.note_read(row.id)
    headers = {
        **window.headers,
        "Access-Control-Expose-Headers": "*",
        "Content-Security-Policy": LOCKED,
    }
    if query.boolean("attachment"):
        headers["Content-Disposition"] = f'attachment; filename="{row.id}.{kind}"'
    if kind != "xlsx" and query.boolean("bom", kind == "csv"):
        parts = chain([exports.BOM], parts)
    return envelope.stream(parts, exports.TYPES[kind], headers)


def _window(query: Query, total: int, view: View) -> Window:
    """One answer holds so many items at most; how many it is of is told (rules 183, 187, 202)."""
    most = settings.PLATFORM_MOST_ITEMS
    offset = query.integer("offset", 0) or 0
    limit = query.integer("limit", view.limit) or NO_LIMIT
    desc = query.boolean("desc", view.desc)
    count = max(min(limit, most, total - offset), 0)
    shown = limit if limit == NO_LIMIT else min(limit, most)
    low = total - offset - count if desc else offset
    told = {"Offset": offset, "Limit": shown, "Count": count, "Total": total}
    headers = {f"X-Apify-Pagination-{name}": str(value) for name, value in told.items()}
    headers["X-Apify-Pagination-Desc"] = str(desc).lower()
    return Window(low, low + count, desc, offset + count >= most < total, headers)


def _json(wanted: Wanted) -> Iterator[bytes]:
    return exports.as_json(wanted.blocks(), wanted.selection)


def _jsonl(wanted: Wanted) -> Iterator[bytes]:
    return exports.as_jsonl(wanted.blocks(), wanted.selection)


def _xml(wanted: Wanted) -> Iterator[bytes]:
    root, row = _xml_name(wanted, "xmlRoot", "items"), _xml_name(wanted, "xmlRow", "item")
    return feeds.as_xml(wanted.blocks(), wanted.selection, root=root, row=row)


def _xml_name(wanted: Wanted, parameter: str, usual: str) -> str:
    name = wanted.query.text(parameter) or usual
    if not feeds.is_name(name):
        raise invalid_value(f"{parameter} must be a name that XML allows, without a colon")
    return name


def _rss(wanted: Wanted) -> Iterator[bytes]:
    label = wanted.row.title or wanted.row.name or wanted.row.id
    title = wanted.query.text("feedTitle") or f"Dataset {label}"
    return feeds.as_rss(
        wanted.blocks(),
        wanted.selection,
        title=title,
        link=f"{settings.CONSOLE_URL}/storage/datasets/{wanted.row.id}/",
        description=wanted.query.text("feedDescription") or title,
    )


def _csv(wanted: Wanted) -> Iterator[bytes]:
    delimiter = wanted.query.text("delimiter") or ","
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise invalid_value("delimiter must be one character")
    header = not wanted.query.boolean("skipHeaderRow")

    def write(blocks: exports.Blocks, selection: Selection, columns: list[str]) -> Iterator[bytes]:
        return tables.as_csv(blocks, selection, columns, delimiter=delimiter, header=header)

    return _table(wanted, write)


def _html(wanted: Wanted) -> Iterator[bytes]:
    return _table(wanted, tables.as_html)


def _xlsx(wanted: Wanted) -> Iterator[bytes]:
    return _table(wanted, workbook.as_xlsx)


def _table(
    wanted: Wanted, write: Callable[[exports.Blocks, Selection, list[str]], Iterator[bytes]]
) -> Iterator[bytes]:
    """The search for columns begins with the first part, as it may take long."""
    yield from write(wanted.blocks(), wanted.selection, _columns(wanted))


def _columns(wanted: Wanted) -> list[str]:
    """A first pass over the items, when the caller does not name the fields. Whoever must ask
    several times gets the same columns each time."""
    if not wanted.window.is_part:
        return tables.columns_of(wanted.blocks(), wanted.selection)
    return _columns_of_all(wanted.row.id, wanted.row.item_count, wanted.selection)


@lru_cache(64)
def _columns_of_all(dataset_id: str, total: int, selection: Selection) -> list[str]:
    """Kept, as items that are there never change."""
    return tables.columns_of(datasets.blocks(dataset_id, 0, total), selection)


WRITERS: dict[str, Callable[[Wanted], Iterator[bytes]]] = {
    "json": _json,
    "jsonl": _jsonl,
    "xml": _xml,
    "html": _html,
    "csv": _csv,
    "xlsx": _xlsx,
    "rss": _rss,
}
