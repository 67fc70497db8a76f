from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.datasets.export import DELIMITERS, FORMATS, read_export
from console.api.models.storages import Dataset
from console.api.resources.datasets import (
    Items,
    delete_dataset,
    get_dataset,
    list_datasets,
    list_items,
    rename_dataset,
)
from console.request import ConsoleRequest, needs
from console.ui import json_text, table
from console.ui.listing import PageParams, number, page_params, pager
from console.ui.query import with_params, without
from console.ui.responses import render_page
from console.ui.storages import actions, delete_storage, rename_storage, storage_list

LIMITS = (20, 50, 100, 250)


@needs("read")
def datasets(request: ConsoleRequest) -> HttpResponse:
    return storage_list(
        request, template="datasets/list.html", current="datasets:list", list_call=list_datasets
    )


@needs("read")
def dataset(request: ConsoleRequest, dataset_id: str) -> HttpResponse:
    params = page_params(request.GET, limits=LIMITS, desc=False)
    one = number(request.GET.get("item"))
    offset, limit = (one - 1, 1) if one else (params.offset, params.limit)
    found, items = request.api.gather(
        get_dataset(dataset_id),
        list_items(dataset_id, offset=offset, limit=limit, desc=params.desc),
    )
    context = {
        "dataset": found,
        **actions(request, "datasets", dataset_id),
        **shown_items(request, items, offset),
        **shown_pages(request, params, found, items, one),
        **shown_export(request, found),
    }
    return render_page(request, "datasets/detail.html", context, partial="items")


def shown_export(request: ConsoleRequest, found: Dataset) -> dict[str, Any]:
    export = read_export(request.GET)
    return {
        "export": export,
        "export_open": request.GET.get("dialog") == "export",
        "export_kept": without(request, "dialog"),
        "formats": FORMATS,
        "delimiters": DELIMITERS,
        "dataset_id": found.id,
        "api_url": export.api_url(request.workspace.api_url, found.id),
    }


def shown_items(request: ConsoleRequest, items: Items, offset: int) -> dict[str, Any]:
    as_json = request.GET.get("view") == "json"
    fields = [name for value in request.GET.getlist("fields") for name in value.split(",") if name]
    hidden = request.GET.get("hidden") == "1"
    parsed = table.parse(items.items)
    shown = table.build(parsed, first=offset, fields=fields, hidden=hidden)
    return {
        "view": "json" if as_json else "table",
        "table": shown,
        "texts": json_text.numbered(items.items, first=offset) if as_json else [],
        "fields": fields,
        "hidden": hidden,
        "table_url": with_params(request, view=None, item=None),
        "every_url": with_params(request, fields=None),
        "all_url": with_params(request, item=None),
        "json_url": with_params(request, view="json", dialog=None),
        "kept": without(request, "fields", "hidden", "dialog"),
    }


def shown_pages(
    request: ConsoleRequest, params: PageParams, found: Dataset, items: Items, one: int | None
) -> dict[str, Any]:
    total = found.item_count if items.total is None else items.total
    shown = len(items.items)
    return {
        "total": total,
        "item": one,
        "pager": pager(request, params=params, total=total, shown=shown, limits=LIMITS),
        "desc": params.desc,
        "flipped": with_params(request, desc=not params.desc, page=None),
    }


@needs("read")
def export(request: ConsoleRequest, dataset_id: str) -> HttpResponse:
    """Downloads are served beside Django (`streams`); what they cannot do comes here, to be asked
    for again in the dialog."""
    query = request.GET.copy()
    query["dialog"] = "export"
    return redirect(f"{reverse('datasets:detail', args=[dataset_id])}?{query.urlencode()}")


@needs("read")
def address(request: ConsoleRequest, dataset_id: str) -> HttpResponse:
    """What the dialog shows of the API, for other choices; asks the API nothing."""
    api_url = read_export(request.GET).api_url(request.workspace.api_url, dataset_id)
    return render(request, "datasets/address.html", {"api_url": api_url, "dataset_id": dataset_id})


@needs("storages.edit")
def rename(request: ConsoleRequest, dataset_id: str) -> HttpResponse:
    return rename_storage(
        request,
        call=lambda name: rename_dataset(dataset_id, name),
        then=reverse("datasets:detail", args=[dataset_id]),
    )


@needs("storages.edit")
def delete(request: ConsoleRequest, dataset_id: str) -> HttpResponse:
    return delete_storage(
        request, call=delete_dataset(dataset_id), noun="dataset", then=reverse("datasets:list")
    )
