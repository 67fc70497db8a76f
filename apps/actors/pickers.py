"""Values offered by resource pickers: the storages of the account."""

from collections.abc import Callable
from typing import Any

from console.api.calls import Call
from console.api.resources.datasets import list_datasets
from console.api.resources.key_value_stores import list_stores
from console.api.resources.request_queues import list_queues
from console.forms.schema import Schema, Spec

LISTS: dict[str, Callable[..., Call[Any]]] = {
    "dataset": list_datasets,
    "keyValueStore": list_stores,
    "requestQueue": list_queues,
}
OFFERED = 100


def kinds_of(spec: Spec) -> str:
    kind = spec.raw.get("resourceType")
    return kind if isinstance(kind, str) and kind in LISTS else ""


def picker_calls(schema: Schema) -> dict[str, Call[Any]]:
    """One list call for each kind of storage that some field picks from."""
    kinds = sorted({kinds_of(spec) for spec in schema.specs} - {""})
    return {kind: LISTS[kind](limit=OFFERED, desc=True) for kind in kinds}


def choices_of(schema: Schema, listed: dict[str, Any]) -> dict[str, tuple[tuple[str, str], ...]]:
    """(id, label) by key of the field."""
    return {
        spec.key: tuple((row.id, row.name or "Unnamed") for row in listed[kinds_of(spec)].items)
        for spec in schema.specs
        if kinds_of(spec) in listed
    }
