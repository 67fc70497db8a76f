"""Values offered by editors: the account's storages, and its groups of proxies."""

from collections.abc import Callable
from typing import Any

from console.api.calls import Call
from console.api.errors import ApiError
from console.api.resources.datasets import list_datasets
from console.api.resources.key_value_stores import list_stores
from console.api.resources.request_queues import list_queues
from console.api.resources.users import get_me
from console.forms.schema import Schema
from console.forms.view import Choices

LISTS: dict[str, Callable[..., Call[Any]]] = {
    "dataset": list_datasets,
    "keyValueStore": list_stores,
    "requestQueue": list_queues,
}
OFFERED = 100
GROUPS = "proxyGroup"


def picker_calls(schema: Schema) -> dict[str, Call[Any]]:
    """One call for each kind of value that some editor offers."""
    shown = [spec for spec in schema.walk() if not spec.is_hidden]
    kinds = {spec.resource for spec in shown} & set(LISTS)
    if any(spec.editor == "fileupload" for spec in shown):
        kinds.add("keyValueStore")
    calls: dict[str, Call[Any]] = {
        kind: LISTS[kind](limit=OFFERED, desc=True) for kind in sorted(kinds)
    }
    if any(spec.editor == "proxy" for spec in shown):
        calls[GROUPS] = get_me()
    return calls


def choices_of(answers: dict[str, Any]) -> Choices:
    """(id, label) by kind; what could not be listed is not offered."""
    return {
        kind: tuple(groups_of(answer) if kind == GROUPS else storages_of(answer))
        for kind, answer in answers.items()
        if not isinstance(answer, ApiError)
    }


def storages_of(listed: Any) -> list[tuple[str, str]]:
    return [(row.id, row.name or "Unnamed") for row in listed.items]


def groups_of(me: Any) -> list[tuple[str, str]]:
    groups = (me.proxy or {}).get("groups")
    names = [each.get("name") for each in groups if isinstance(each, dict)] if groups else []
    return [(name, name) for name in names if isinstance(name, str)]
