"""The views that an Actor's definition gives its datasets: which columns, under which headings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.cache import cache

from console.api.errors import ApiError
from console.api.models.storages import Dataset
from console.api.resources.builds import get_build
from console.api.resources.runs import get_run
from console.request import ConsoleRequest

KEPT: Final = 3600  # seconds; a run's build and a build's definition never change
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class View:
    """`lists` are parameters of Get items: names joined by commas, "" for none."""

    name: str
    title: str
    lists: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)
    desc: bool | None = None

    @property
    def fields(self) -> list[str]:
        return [name for name in self.lists["fields"].split(",") if name]


def views_of(request: ConsoleRequest, found: Dataset) -> list[View]:
    """Two calls, once an hour per run; none where no run made it or the run cannot be read."""
    if not found.act_run_id:
        return []
    key = f"dataset-views-{request.workspace.id}-{found.act_run_id}"
    told: Any = cache.get(key)
    if told is None:
        try:
            run = request.api.run(get_run(found.act_run_id))
            build = request.api.run(get_build(run.build_id)) if run.build_id else None
        except ApiError:
            return []
        told = inner(build.actor_definition if build else None, "storages", "dataset", "views")
        cache.set(key, told, KEPT)
    return [view(name, value) for name, value in list(told.items())[:MOST]]


def view(name: str, value: Any) -> View:
    """Nothing in a foreign definition is trusted to have its type."""
    given = inner(value, "transformation")
    properties = inner(value, "display", "properties")
    title = value.get("title") if isinstance(value, dict) else None
    labels = {key: inner(one).get("label") for key, one in properties.items()}
    desc = given.get("desc")
    return View(
        name,
        title if isinstance(title, str) and title else name,
        {key: joined(given.get(key)) for key in ("fields", "omit", "unwind", "flatten")},
        {key: label for key, label in labels.items() if isinstance(label, str) and label},
        desc if isinstance(desc, bool) else None,
    )


def inner(value: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def joined(value: Any) -> str:
    """Definitions have a text or an array of texts."""
    values = value if isinstance(value, list) else [value]
    return ",".join(each for each in values if isinstance(each, str))
