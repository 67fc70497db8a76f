from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.datasets.definitions import views_of
from apps.datasets.export import read_export
from apps.datasets.shown import (
    LIMITS,
    Statistics,
    export_context,
    items_context,
    pages_context,
    views_context,
)
from console.api.models.storages import Dataset, Storage
from console.api.resources.datasets import (
    create_dataset,
    delete_dataset,
    get_dataset,
    get_statistics,
    list_datasets,
    list_items,
    rename_dataset,
)
from console.request import ConsoleRequest, needs
from console.ui import general_access, sharing
from console.ui.listing import number, page_params
from console.ui.responses import render_page
from console.ui.storages import (
    actions,
    create_storage,
    delete_storage,
    rename_storage,
    storage_list,
)


@needs("read")
def datasets(request: ConsoleRequest) -> HttpResponse:
    return storage_list(
        request, template="datasets/list.html", current="datasets:list", list_call=list_datasets
    )


@needs("read")
def dataset(request: ConsoleRequest, dataset_id: str) -> HttpResponse:
    """The dataset and a page of its items at once; a view of its definition has to be known before
    items can be asked for."""
    params = page_params(request.GET, limits=LIMITS, desc=False)
    one = number(request.GET.get("item"))
    offset, limit = (one - 1, 1) if one else (params.offset, params.limit)
    page_of_items = partial(list_items, dataset_id, offset=offset, limit=limit, desc=params.desc)
    wanted = request.GET.get("named", "")
    statistics: Statistics = None
    if wanted:
        found = request.api.run(get_dataset(dataset_id))
        views = views_of(request, found)
        named = next((view for view in views if view.name == wanted), None)
        lists: Any = {name: text for name, text in named.lists.items() if text} if named else {}
        items = request.api.run(page_of_items(**lists))
    else:
        found, items = request.api.gather(get_dataset(dataset_id), page_of_items())
        views, named = views_of(request, found), None
    if request.GET.get("rates") == "all":
        [statistics] = request.api.try_all(get_statistics(dataset_id))
    shown = items_context(
        request, found, items, offset, desc=params.desc, named=named, statistics=statistics
    )
    columns = [column.name for column in shown["table"].columns]
    context = {
        "dataset": found,
        **storage_context(request, found),
        **shown,
        **views_context(request, views, named),
        **pages_context(request, params, found, items, one),
        **export_context(request, found, columns, views),
    }
    return render_page(request, "datasets/detail.html", context, partial="items")


def storage_context(request: ConsoleRequest, found: Dataset) -> dict[str, Any]:
    return {
        **actions(request, "datasets", found),
        **sharing.dialog(request, found, reverse("datasets:share", args=[found.id])),
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
def share(request: ConsoleRequest, dataset_id: str) -> HttpResponse:
    """The link gives the export that the fields beside `expires` say."""
    export = read_export(request.POST)

    def address(found: Storage, signature: str) -> str:
        return export.api_url(request.workspace.api_url, found.id, signature=signature)

    return sharing.share(
        request,
        get=get_dataset(dataset_id),
        address=address,
        back=reverse("datasets:detail", args=[dataset_id]),
    )


@needs("storages.edit")
def access(request: ConsoleRequest, dataset_id: str) -> HttpResponse:
    return general_access.change(
        request,
        kind="datasets",
        its_id=dataset_id,
        permission="storages.edit",
        then=reverse("datasets:detail", args=[dataset_id]),
    )


@needs("storages.edit")
def create(request: ConsoleRequest) -> HttpResponse:
    return create_storage(request, call=create_dataset, page="datasets:detail")


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
