from typing import Any
from urllib.parse import urlencode

from csp.constants import SELF
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from apps.key_value_stores.collections import collection_tabs
from apps.key_value_stores.records import SHOWN, TYPES, shown
from console.api.models.storages import RecordKey, Storage
from console.api.resources.key_value_stores import (
    create_store,
    delete_store,
    get_record,
    get_store,
    list_keys,
    list_stores,
    rename_store,
)
from console.request import ConsoleRequest, needs
from console.ui import general_access, sharing
from console.ui.listing import page_params
from console.ui.query import with_params, without
from console.ui.responses import render_page
from console.ui.storages import (
    actions,
    create_storage,
    delete_storage,
    rename_storage,
    storage_list,
)

LIMITS = (50, 100, 500, 1000)
LONGEST_KEY = 256
INPUT = "INPUT"


@needs("read")
def stores(request: ConsoleRequest) -> HttpResponse:
    return storage_list(
        request,
        template="key_value_stores/list.html",
        current="key_value_stores:list",
        list_call=list_stores,
    )


@needs("read")
def store(request: ConsoleRequest, store_id: str) -> HttpResponse:
    return store_page(request, store_id, {"add_open": request.GET.get("dialog") == "add"})


def store_page(
    request: ConsoleRequest, store_id: str, more: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    limit = page_params(request.GET, limits=LIMITS, limit=100).limit
    after = request.GET.get("after", "")[:LONGEST_KEY] or None
    prefix = request.GET.get("prefix", "").strip()[:LONGEST_KEY] or None
    found, keys = request.api.gather(
        get_store(store_id),
        list_keys(store_id, limit=limit, exclusive_start_key=after, prefix=prefix),
    )
    following = keys.next_exclusive_start_key if keys.is_truncated else None
    context = {
        "store": found,
        "keys": keys.items,
        "prefix": prefix or "",
        "collections": collection_tabs(request, found, prefix or ""),
        "after": after,
        "kept": without(request, "prefix", "after", "dialog"),
        "add_kept": without(request, "dialog"),
        "first_url": with_params(request, after=None, dialog=None),
        "next_url": with_params(request, after=following, dialog=None) if following else None,
        "types": TYPES,
        **actions(request, "key_value_stores", found),
        **sharing.dialog(request, found, reverse("key_value_stores:share", args=[store_id])),
        **more,
    }
    template = "key_value_stores/detail.html"
    return render_page(request, template, context, partial="keys", status=status)


@needs("read")
def record(request: ConsoleRequest, store_id: str, key: str) -> HttpResponse:
    """The key's size is looked up first, so that a large record is never read to be shown."""
    keys = request.api.run(list_keys(store_id, limit=1, prefix=key)).items
    listed = next((found for found in keys if found.key == key), None)
    too_large = listed is not None and listed.size > SHOWN
    context = {
        "store_id": store_id,
        "key": key,
        "listed": listed or RecordKey(key=key),
        "record": None if too_large else shown(request.api.run(get_record(store_id, key))),
        "is_input": key == INPUT,
        "as_source": request.GET.get("view") == "source",
        "shown": SHOWN,
    }
    page = render_page(request, "key_value_stores/record.html", context)
    page._csp_update = {"frame-src": [SELF], "media-src": [SELF]}  # type: ignore[attr-defined] # read by django-csp
    return page


@needs("read")
def archive(request: ConsoleRequest, store_id: str) -> HttpResponse:
    """Served beside Django like `raw`."""
    return redirect("key_value_stores:detail", store_id)


@needs("read")
def raw(request: ConsoleRequest, store_id: str, key: str) -> HttpResponse:
    """Bytes are served beside Django (`streams`); here is only the way back to the page."""
    return redirect("key_value_stores:record", store_id, key)


@needs("storages.edit")
def share(request: ConsoleRequest, store_id: str) -> HttpResponse:
    """The link gives the list of keys; each key in it comes with a link of its own."""

    def address(found: Storage, signature: str) -> str:
        base = request.workspace.api_url.rstrip("/")
        return f"{base}/v2/key-value-stores/{found.id}/keys?{urlencode({'signature': signature})}"

    return sharing.share(
        request,
        get=get_store(store_id),
        address=address,
        back=reverse("key_value_stores:detail", args=[store_id]),
    )


@needs("storages.edit")
def access(request: ConsoleRequest, store_id: str) -> HttpResponse:
    return general_access.change(
        request,
        kind="key-value-stores",
        its_id=store_id,
        permission="storages.edit",
        then=reverse("key_value_stores:detail", args=[store_id]),
    )


@needs("storages.edit")
def create(request: ConsoleRequest) -> HttpResponse:
    return create_storage(request, call=create_store, page="key_value_stores:detail")


@needs("storages.edit")
def rename(request: ConsoleRequest, store_id: str) -> HttpResponse:
    return rename_storage(
        request,
        call=lambda name: rename_store(store_id, name),
        then=reverse("key_value_stores:detail", args=[store_id]),
    )


@needs("storages.edit")
def delete(request: ConsoleRequest, store_id: str) -> HttpResponse:
    return delete_storage(
        request,
        call=delete_store(store_id),
        noun="key-value store",
        then=reverse("key_value_stores:list"),
    )
