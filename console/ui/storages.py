"""What the pages of datasets, key-value stores and request queues have in common.

Rename and delete need no intent key: done twice, they end the same.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from console.api.calls import Call
from console.api.errors import Refused
from console.api.models.storages import Storage
from console.request import ConsoleRequest
from console.ui import general_access
from console.ui.actions import act, deleted, go
from console.ui.listing import PageParams, list_page
from console.ui.names import name_known
from console.ui.query import with_params, without
from console.ui.responses import tell
from console.ui.tabs import Tab

KINDS: Final = (
    ("Datasets", "datasets:list"),
    ("Key-value stores", "key_value_stores:list"),
    ("Request queues", "request_queues:list"),
)
LIMITS: Final = (20, 50, 100)
SEARCHED: Final = 1000
LONGEST_SEARCH: Final = 200


class Stored(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str | None: ...


class Stores(Protocol):
    @property
    def items(self) -> Sequence[Any]: ...
    @property
    def total(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Found:
    items: Sequence[Any]
    total: int


def tabs(current: str) -> list[Tab]:
    return [Tab(label, reverse(name), name == current) for label, name in KINDS]


def storage_list(
    request: ConsoleRequest,
    *,
    template: str,
    current: str,
    list_call: Callable[..., Call[Any]],
) -> HttpResponse:
    """One call. The API has no search, so `q` looks through the 1,000 newest by name and id."""
    q = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    unnamed = request.GET.get("unnamed", "1") == "1"

    def fetch(params: PageParams) -> Stores:
        window = (0, SEARCHED) if q else (params.offset, params.limit)
        call = list_call(offset=window[0], limit=window[1], desc=params.desc, unnamed=unnamed)
        listed: Stores = request.api.run(call)
        return found(listed.items, q, params) if q else listed

    context = {
        "tabs": tabs(current),
        "q": q,
        "unnamed": unnamed,
        "searched": SEARCHED,
        "create_open": request.GET.get("dialog") == "create",
        "create_url": reverse(current.replace(":list", ":create")),
        "create_kept": without(request, "dialog"),
        "kept": without(request, "q", "unnamed", "page", "dialog"),
        "flipped": with_params(request, desc=request.GET.get("desc") == "0", page=None),
    }
    return list_page(
        request, template=template, fetch=fetch, context=context, limits=LIMITS, limit=LIMITS[0]
    )


def found(items: Sequence[Stored], q: str, params: PageParams) -> Found:
    wanted = q.casefold()
    matches = [item for item in items if wanted in f"{item.name or ''}\n{item.id}".casefold()]
    return Found(matches[params.offset : params.offset + params.limit], len(matches))


def create_storage(
    request: ConsoleRequest, *, call: Callable[[str | None], Call[Any]], page: str
) -> HttpResponse:
    """POST `name`, empty for none. A name that exists leads to the storage that has it."""
    name = request.POST.get("name", "").strip() or None
    return act(
        request,
        perform=lambda: request.api.run(call(name)),
        then=lambda made: reverse(page, args=[made.id]),
        said=lambda _: (
            f"{name} is here." if name else "Created. It has no name, so it will expire."
        ),
    )


def rename_storage(
    request: ConsoleRequest, *, call: Callable[[str], Call[Any]], then: str
) -> HttpResponse:
    """POST `name`. What the API refuses about it is told, and the dialog stands open with it."""
    name = request.POST.get("name", "").strip()
    put, said = call(name), f"Named {name}. Named storages are kept."
    try:
        return act(
            request, perform=lambda: request.api.run(put), then=lambda _: then, said=lambda _: said
        )
    except Refused as refused:
        if refused.status not in (400, 409):
            raise
        tell(request, refused.sentence, tone="error")
        return go(request, f"{then}?{urlencode({'dialog': 'rename', 'name': name})}")


def delete_storage(
    request: ConsoleRequest, *, call: Call[None], noun: str, then: str
) -> HttpResponse:
    """A storage that is gone already is deleted too: the second of two clicks is no error."""
    return act(
        request,
        perform=lambda: deleted(request.api, call),
        then=lambda _: then,
        said=lambda was_there: f"Deleted the {noun}." if was_there else f"The {noun} was gone.",
    )


def actions(request: ConsoleRequest, namespace: str, found: Storage) -> dict[str, Any]:
    """For `ui/storage_actions.html`, `ui/storage_rename.html` and `ui/access.html`."""
    return {
        "rename_open": request.GET.get("dialog") == "rename",
        "rename_name": request.GET.get("name", "")[:LONGEST_SEARCH] or found.name,
        "rename_url": reverse(f"{namespace}:rename", args=[found.id]),
        "delete_url": reverse(f"{namespace}:delete", args=[found.id]),
        "actor_name": name_known(request, found.act_id) or "its Actor",
        "access": general_access.shown(request, found, url_name=f"{namespace}:access"),
    }
