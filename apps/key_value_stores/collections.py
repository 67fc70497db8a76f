"""Collections that an Actor's definition names: records whose keys begin alike, with a title."""

from typing import Any, Final

from console.api.models.storages import KeyValueStore
from console.request import ConsoleRequest
from console.ui.query import with_params
from console.ui.tabs import Tab

MOST: Final = 20


def collection_tabs(request: ConsoleRequest, found: KeyValueStore, prefix: str) -> list[Tab]:
    """All records and each collection; none where the definition names none."""
    named = (found.schema or {}).get("collections")
    given = list(named.items())[:MOST] if isinstance(named, dict) else []
    known = [(title_of(name, value), begin_of(value)) for name, value in given]
    places = [(title, begin) for title, begin in known if begin]
    if not places:
        return []
    return [
        Tab(title, with_params(request, prefix=begin or None, after=None), begin == prefix)
        for title, begin in [("All records", ""), *places]
    ]


def title_of(name: str, value: Any) -> str:
    """Nothing in a foreign definition is trusted to have its type."""
    title = value.get("title") if isinstance(value, dict) else None
    return title if isinstance(title, str) and title else name


def begin_of(value: Any) -> str:
    """Of one key too: a key is what begins with it."""
    given = value if isinstance(value, dict) else {}
    begin = given.get("keyPrefix") or given.get("key")
    return begin if isinstance(begin, str) else ""
