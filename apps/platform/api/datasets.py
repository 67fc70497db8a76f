"""Datasets (endpoints 68-74; semantics.md rules 163-203)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from typing import Any

import msgspec
from django.conf import settings
from starlette.responses import Response

from apps.platform.api import storages
from apps.platform.domain import exports
from apps.platform.domain.errors import ApiError, invalid_request, invalid_value
from apps.platform.domain.items import SIMPLIFIED, Selection
from apps.platform.http import envelope, json
from apps.platform.http.mounts import MountedRoute
from apps.platform.http.params import Query
from apps.platform.http.request import ApiRequest
from apps.platform.models import Dataset
from apps.platform.storage import datasets

LARGEST_PUSH = 9 * 1024 * 1024
NO_LIMIT = 999_999_999_999
LATER = ("xml", "html", "xlsx", "rss")

_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def _shape(row: Dataset) -> dict[str, Any]:
    return {
        "itemCount": row.item_count,
        "cleanItemCount": row.clean_item_count,
        "fields": row.fields,
        "schema": None,
        "stats": {
            "readCount": row.read_count,
            "writeCount": row.write_count,
            "storageBytes": row.storage_bytes,
            "inflatedBytes": row.inflated_bytes,
        },
    }


KIND = storages.Kind("dataset", "dataset", "datasets", "datasets", _shape)
find = partial(storages.find, KIND)


def push(request: ApiRequest, row: Dataset) -> Response:
    """All items or none; their bytes are kept (rules 167-170)."""
    request.require_json()
    datasets.append(row.id, items_of(request.body))
    return envelope.bare({}, 201)


def items_of(body: bytes) -> list[bytes]:
    """One object or an array of objects; ApiError 400 for anything else."""
    text = body.strip(b" \t\r\n")
    try:
        parts = json.split(text) if text[:1] == b"[" else [_checked(text)]
        for part in parts:
            _object(part)
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise invalid_request(
            f"The payload must be a JSON object or an array of JSON objects: {problem}"
        ) from None
    return parts


def _checked(text: bytes) -> bytes:
    text.decode()
    json.check(text)
    return text


def get_items(request: ApiRequest, row: Dataset) -> Response:
    """A page of items in one of the formats, streamed (rules 171-202)."""
    query = request.query
    kind = query.text("format") or "json"
    if kind not in exports.TYPES:
        later = " (not yet)" if kind in LATER else ""
        known = ", ".join(exports.TYPES)
        raise invalid_value(f"format {kind[:20]}{later} is not one of {known}")
    window = _window(query, row.item_count)
    parts = _parts(query, kind, row, window)
    datasets.note_read(row.id)
    headers = {**window.headers, "Access-Control-Expose-Headers": "*"}
    if query.boolean("attachment"):
        headers["Content-Disposition"] = f'attachment; filename="{row.id}.{kind}"'
    if query.boolean("bom", kind == "csv"):
        parts = chain([exports.BOM], parts)
    return envelope.stream(parts, exports.TYPES[kind], headers)


@dataclass(frozen=True, slots=True)
class Window:
    """Which items are sent: from `low` to `high`, counted from the oldest. `is_part`: this may be
    one of several answers that together hold what the caller wants."""

    low: int
    high: int
    desc: bool
    is_part: bool
    headers: dict[str, str]


def _window(query: Query, total: int) -> Window:
    """One answer holds so many items at most; how many it is of is told (rules 183, 187, 202)."""
    most = settings.PLATFORM_MOST_ITEMS
    offset = query.integer("offset", 0) or 0
    limit = query.integer("limit") or NO_LIMIT
    desc = query.boolean("desc")
    count = max(min(limit, most, total - offset), 0)
    shown = limit if limit == NO_LIMIT else min(limit, most)
    low = total - offset - count if desc else offset
    told = {"Offset": offset, "Limit": shown, "Count": count, "Total": total}
    headers = {f"X-Apify-Pagination-{name}": str(value) for name, value in told.items()}
    headers["X-Apify-Pagination-Desc"] = str(desc).lower()
    return Window(low, low + count, desc, offset + count >= most < total, headers)


def _parts(query: Query, kind: str, row: Dataset, window: Window) -> Iterator[bytes]:
    selection = selection_of(query)
    blocks = datasets.blocks(row.id, window.low, window.high, desc=window.desc)
    if kind == "csv":
        return _csv(query, row, window, selection, blocks)
    write = exports.as_jsonl if kind == "jsonl" else exports.as_json
    return write(blocks, selection)


def _csv(
    query: Query, row: Dataset, window: Window, selection: Selection, blocks: exports.Blocks
) -> Iterator[bytes]:
    delimiter = query.text("delimiter") or ","
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise invalid_value("delimiter must be one character")
    header = not query.boolean("skipHeaderRow")

    def parts() -> Iterator[bytes]:
        columns = _columns(row, window, selection)
        yield from exports.as_csv(blocks, selection, columns, delimiter=delimiter, header=header)

    return parts()


def _columns(row: Dataset, window: Window, selection: Selection) -> list[str]:
    """A first pass over the items, when the caller does not name the fields. Whoever must ask
    several times gets the same columns each time."""
    if not window.is_part:
        blocks = datasets.blocks(row.id, window.low, window.high, desc=window.desc)
        return exports.columns_of(blocks, selection)
    return _columns_of_all(row.id, row.item_count, selection)


@lru_cache(64)
def _columns_of_all(dataset_id: str, total: int, selection: Selection) -> list[str]:
    """Kept, as items that are there never change."""
    return exports.columns_of(datasets.blocks(dataset_id, 0, total), selection)


def selection_of(query: Query) -> Selection:
    """Rules 185, 188-194 and, for `simplified` and `skipFailedPages`, 200 and 201."""
    clean = query.boolean("clean")
    simplified = query.boolean("simplified")
    unwind = query.names("unwind")
    return Selection(
        only=SIMPLIFIED if simplified else (),
        fields=tuple(query.names("fields")),
        omit=tuple(query.names("omit")),
        unwind=(*unwind, "pageFunctionResult") if simplified else tuple(unwind),
        flatten=tuple(query.names("flatten")),
        skip_hidden=clean or query.boolean("skipHidden"),
        skip_empty=clean or query.boolean("skipEmpty"),
        skip_failed=query.boolean("skipFailedPages"),
    )


MOST_SCANNED = 100_000


def statistics(request: ApiRequest, row: Dataset) -> Response:
    """Per field: how many are null or empty, and the range of numbers."""
    if row.item_count > MOST_SCANNED:
        raise ApiError(
            400, "dataset-too-large", f"Statistics are made of at most {MOST_SCANNED} items"
        )
    found: dict[str, dict[str, Any]] = {}
    for line in datasets.read(row.id, 0, row.item_count):
        for name, value in msgspec.json.decode(line).items():
            _note(found.setdefault(name, {"nullCount": 0, "emptyCount": 0}), value)
    return envelope.data({"fieldStatistics": found})


def _note(field: dict[str, Any], value: Any) -> None:
    if value is None:
        field["nullCount"] += 1
    elif value in ("", [], {}):
        field["emptyCount"] += 1
    elif isinstance(value, int | float) and not isinstance(value, bool):
        field["min"] = min(value, field.get("min", value))
        field["max"] = max(value, field.get("max", value))


ROUTES = storages.routes(KIND)
MOUNTED = [
    *storages.mounted(KIND),
    MountedRoute("GET", "/items", get_items, auth="id"),
    MountedRoute("POST", "/items", push, rate=200, most=LARGEST_PUSH),
    MountedRoute("GET", "/statistics", statistics, auth="id"),
]
