"""Datasets (endpoints 68-74; semantics.md rules 163-203)."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec
from django.db.models import F
from starlette.responses import Response

from apps.platform.api import storages
from apps.platform.domain import exports
from apps.platform.domain.errors import ApiError, invalid_request, invalid_value
from apps.platform.domain.items import Selection
from apps.platform.http import envelope, json
from apps.platform.http.mounts import MountedRoute
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
    offset = query.integer("offset", 0) or 0
    limit = query.integer("limit") or NO_LIMIT
    desc = query.boolean("desc")
    total = datasets.count(row.id)
    Dataset.objects.filter(id=row.id).update(read_count=F("read_count") + 1)
    blocks = partial(datasets.blocks, row.id, offset=offset, limit=limit, desc=desc)
    headers = {
        "X-Apify-Pagination-Offset": str(offset),
        "X-Apify-Pagination-Limit": str(limit),
        "X-Apify-Pagination-Count": str(max(min(limit, total - offset), 0)),
        "X-Apify-Pagination-Total": str(total),
        "X-Apify-Pagination-Desc": str(desc).lower(),
        "Access-Control-Expose-Headers": "*",
    }
    if query.boolean("attachment"):
        headers["Content-Disposition"] = f'attachment; filename="{row.id}.{kind}"'
    parts = _parts(request, kind, blocks)
    if query.boolean("bom", kind == "csv"):
        parts = _with_bom(parts)
    return envelope.stream(parts, exports.TYPES[kind], headers)


def _parts(request: ApiRequest, kind: str, blocks: Any) -> Iterator[bytes]:
    selection = selection_of(request)
    if kind == "csv":
        delimiter = request.query.text("delimiter") or ","
        if len(delimiter) != 1 or delimiter in '"\r\n':
            raise invalid_value("delimiter must be one character")
        header = not request.query.boolean("skipHeaderRow")
        return exports.as_csv(blocks, selection, delimiter=delimiter, header=header)
    write = exports.as_jsonl if kind == "jsonl" else exports.as_json
    return write(blocks(), selection)


def selection_of(request: ApiRequest) -> Selection:
    query = request.query
    clean = query.boolean("clean")
    return Selection(
        fields=tuple(query.names("fields")),
        omit=tuple(query.names("omit")),
        unwind=tuple(query.names("unwind")),
        flatten=tuple(query.names("flatten")),
        skip_hidden=clean or query.boolean("skipHidden"),
        skip_empty=clean or query.boolean("skipEmpty"),
    )


def _with_bom(parts: Iterator[bytes]) -> Iterator[bytes]:
    yield exports.BOM
    yield from parts


MOST_SCANNED = 100_000


def statistics(request: ApiRequest, row: Dataset) -> Response:
    """Per field: how many are null or empty, and the range of numbers."""
    if row.item_count > MOST_SCANNED:
        raise ApiError(
            400, "dataset-too-large", f"Statistics are made of at most {MOST_SCANNED} items"
        )
    found: dict[str, dict[str, Any]] = {}
    for line in datasets.read(row.id, offset=0, limit=row.item_count, desc=False):
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
