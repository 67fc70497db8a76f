"""Datasets (endpoints 68-74; semantics.md rules 163-170). What is read from one is in `items`."""

from functools import partial
from typing import Any

import msgspec
from starlette.responses import Response

from apps.platform.api import items, storages
from apps.platform.domain.errors import ApiError, invalid_request
from apps.platform.http import envelope, json
from apps.platform.http.mounts import MountedRoute
from apps.platform.http.request import ApiRequest
from apps.platform.models import Dataset
from apps.platform.storage import datasets

LARGEST_PUSH = 9 * 1024 * 1024

_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def _shape(row: Dataset) -> dict[str, Any]:
    return {
        "itemCount": row.item_count,
        "cleanItemCount": row.clean_item_count,
        "fields": row.fields,
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
    location = f"{request.base_url}/v2/datasets/{row.id}/items"
    return envelope.bare({}, 201, {"Location": location})


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


MOST_SCANNED = 100_000
MOST_FIELDS = 2_000


def statistics(request: ApiRequest, row: Dataset) -> Response:
    """Per field: how many items have null or nothing there, and the least and greatest number,
    or length of what has one."""
    if row.item_count > MOST_SCANNED:
        raise ApiError(
            400, "dataset-too-large", f"Statistics are made of at most {MOST_SCANNED} items"
        )
    found: dict[str, dict[str, Any]] = {}
    for line in datasets.read(row.id, 0, row.item_count):
        for name, value in msgspec.json.decode(line).items():
            if name in found or len(found) < MOST_FIELDS:
                _note(found.setdefault(name, {"nullCount": 0, "emptyCount": row.item_count}), value)
    return envelope.data({"fieldStatistics": found})


def _note(field: dict[str, Any], value: Any) -> None:
    field["emptyCount"] -= 1
    if value is None:
        field["nullCount"] += 1
    elif not isinstance(value, bool):
        measure = value if isinstance(value, int | float) else len(value)
        field["min"] = min(measure, field.get("min", measure))
        field["max"] = max(measure, field.get("max", measure))


ROUTES = storages.routes(KIND)
MOUNTED = [
    *storages.mounted(KIND),
    MountedRoute("GET", "/items", items.get_items, auth="id"),
    MountedRoute("POST", "/items", push, rate=200, most=LARGEST_PUSH),
    MountedRoute("GET", "/statistics", statistics, auth="id"),
]
