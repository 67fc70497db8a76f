"""Everything that has a name, in one list per workspace, and how well it fits what was typed."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from django.core.cache import cache
from django.urls import NoReverseMatch, reverse

from console.api.calls import Call
from console.api.errors import ApiError
from console.api.resources.actors import get_actor, list_actors
from console.api.resources.builds import get_build
from console.api.resources.datasets import get_dataset, list_datasets
from console.api.resources.key_value_stores import get_store, list_stores
from console.api.resources.request_queues import get_queue, list_queues
from console.api.resources.runs import get_run
from console.api.resources.schedules import get_schedule, list_schedules
from console.api.resources.tasks import get_task, list_tasks
from console.api.resources.webhooks import get_webhook, list_webhooks
from console.request import ConsoleRequest
from console.ui.nav import reachable

KEPT = 30  # seconds
MOST, SHOWN = 1000, 12
AN_ID = re.compile(r"[A-Za-z0-9]{15,17}")


class Found(NamedTuple):
    """`kind` in words, `name` as shown, `url` where it leads, `icon` in front of it."""

    kind: str
    name: str
    url: str
    icon: str


class Kind(NamedTuple):
    word: str
    icon: str
    page: str
    list_all: Callable[..., Call[Any]] | None
    get: Callable[[str], Call[Any]]


KINDS = (
    Kind("Actor", "actor", "actors:detail", list_actors, get_actor),
    Kind("Task", "task", "tasks:detail", list_tasks, get_task),
    Kind("Schedule", "clock", "schedules:detail", list_schedules, get_schedule),
    Kind("Webhook", "plug", "webhooks:detail", list_webhooks, get_webhook),
    Kind("Dataset", "store", "datasets:detail", list_datasets, get_dataset),
    Kind("Key-value store", "key", "key_value_stores:detail", list_stores, get_store),
    Kind("Request queue", "list", "request_queues:detail", list_queues, get_queue),
    Kind("Run", "play", "runs:detail", None, get_run),
    Kind("Build", "build", "builds:detail", None, get_build),
)


def find(request: ConsoleRequest, text: str) -> list[Found]:
    """Pages first when nothing is typed; an id is looked up besides."""
    sections = [Found("Page", section.label, url, section.icon) for section, url in reachable()]
    if not text:
        return sections[:SHOWN]
    wanted = text.casefold()
    ranked = [
        (rank, number, each)
        for number, each in enumerate([*sections, *everything(request)])
        if (rank := fit(each.name.casefold(), wanted)) is not None
    ]
    by_name = [each for _, _, each in sorted(ranked)[:SHOWN]]
    return [*by_id(request, text), *by_name] if AN_ID.fullmatch(text) else by_name


def fit(name: str, wanted: str) -> int | None:
    """0 the same, 1 begins so, 2 a word begins so, 3 somewhere inside; None when it does not."""
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    at = name.find(wanted)
    if at < 0:
        return None
    return 2 if any(part.startswith(wanted) for part in re.split(r"[\s/_.-]+", name)) else 3


def everything(request: ConsoleRequest) -> list[Found]:
    """One list call per kind, together, every half minute; a kind that fails is left out."""
    key = f"names-{request.workspace.id}"
    known: list[Found] | None = cache.get(key)
    if known is None:
        kinds = [kind for kind in KINDS if kind.list_all]
        calls = [kind.list_all(limit=MOST, desc=True) for kind in kinds if kind.list_all]
        answers = request.api.try_all(*calls)
        known = [
            found
            for kind, answer in zip(kinds, answers, strict=True)
            if not isinstance(answer, ApiError)
            for found in named(kind, answer.items)
        ]
        cache.set(key, known, KEPT)
    return known


def by_id(request: ConsoleRequest, text: str) -> list[Found]:
    answers = request.api.try_all(*(kind.get(text) for kind in KINDS))
    return [
        found
        for kind, answer in zip(KINDS, answers, strict=True)
        if not isinstance(answer, ApiError) and answer.id == text
        for found in named(kind, [answer])
    ]


def named(kind: Kind, items: Iterable[Any]) -> Iterator[Found]:
    for item in items:
        try:
            url = reverse(kind.page, args=[item.id])
        except NoReverseMatch:  # this Console has no page for it
            return
        yield Found(kind.word, name_of(item), url, kind.icon)


def name_of(item: Any) -> str:
    """Title, else name; a webhook has an address instead, and a run only its id."""
    for part in ("title", "name", "description", "request_url"):
        if found := getattr(item, part, None):
            return str(found)
    return str(item.id)
