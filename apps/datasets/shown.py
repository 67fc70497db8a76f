"""What the page of a dataset shows, beside its two calls."""

from typing import Any, NamedTuple

from django.urls import reverse

from apps.datasets.columns import chosen
from apps.datasets.definitions import View
from apps.datasets.export import DELIMITERS, FORMATS, read_export
from console.api.errors import ApiError
from console.api.models.storages import Dataset, FieldStatistics
from console.api.resources.datasets import Items
from console.request import ConsoleRequest
from console.ui import json_text, table
from console.ui.listing import PageParams, pager
from console.ui.query import Value, with_params, without
from console.ui.rows import joined, rows_html

LIMITS = (20, 50, 100, 250)
Statistics = dict[str, FieldStatistics] | ApiError | None


class Choice(NamedTuple):
    """A column that can be shown; `of_all`: how full it is was counted in all items."""

    column: table.Column
    of_all: bool


def export_context(
    request: ConsoleRequest, found: Dataset, columns: list[str], views: list[View]
) -> dict[str, Any]:
    export = read_export(request.GET)
    return {
        "export": export,
        "export_open": request.GET.get("dialog") == "export",
        "export_kept": without(request, "dialog"),
        "share_kept": tuple(without(request, "dialog", "page", "view", "item")),
        "formats": FORMATS,
        "delimiters": DELIMITERS,
        "dataset_id": found.id,
        "api_url": export.api_url(request.workspace.api_url, found.id),
        "selections": selections(request, columns, views),
    }


def selections(
    request: ConsoleRequest, columns: list[str], views: list[View]
) -> list[tuple[str, str]]:
    """Which fields the dialog may begin with: a label and the address that fills them in."""
    nested = dict.fromkeys(name.partition(".")[0] for name in columns if "." in name)
    shown = {"fields": ",".join(columns), "omit": "", "unwind": "", "flatten": ",".join(nested)}
    every = dict.fromkeys(shown, "")
    offered = [("All fields", every), (f"Columns as shown ({len(columns)})", shown)]
    offered += [(each.title, dict(each.lists)) for each in views]
    return [
        (label, with_params(request, dialog="export", **{k: v or None for k, v in lists.items()}))
        for label, lists in offered
    ]


def items_context(
    request: ConsoleRequest,
    found: Dataset,
    items: Items,
    offset: int,
    *,
    desc: bool,
    named: View | None,
    statistics: Statistics,
) -> dict[str, Any]:
    as_json = request.GET.get("view") == "json"
    of = found.act_id or found.id
    fields, hidden = (named.fields, False) if named else chosen(request, of)
    shown = table.build(
        table.parse(items.items), first=offset, fields=fields, hidden=hidden,
        labels=named.labels if named else {}, item_url=f"?view=json{'&desc=1' * desc}&item=",
    )  # fmt: skip
    rates = statistics if isinstance(statistics, dict) else {}
    if rates:
        shown = table.with_rates(shown, rates_of(rates, found.item_count))
    return {
        "view": "json" if as_json else "table",
        "table": shown,
        "choices": joined(
            rows_html("datasets/column.html", [Choice(each, bool(rates)) for each in shown.every])
        ),
        "texts": json_text.numbered(items.items, first=offset) if as_json else [],
        "fields": fields,
        "hidden": hidden,
        "of": of,
        "by_actor": bool(found.act_id),
        "table_url": with_params(request, view=None, item=None),
        "every_url": with_params(request, fields=None),
        "all_url": with_params(request, item=None),
        "json_url": with_params(request, view="json", dialog=None),
        "columns_url": reverse("datasets:columns", args=[found.id]),
        "kept": [f"{k}={v}" for k, v in without(request, "fields", "hidden", "dialog")],
        "rates_url": with_params(request, rates="all", dialog=None),
        "page_rates_url": with_params(request, rates=None, dialog=None),
        "rates_of_all": bool(rates),
        "no_rates": statistics.sentence if isinstance(statistics, ApiError) else "",
    }


def rates_of(statistics: dict[str, FieldStatistics], items: int) -> dict[str, int]:
    """Percents by name of a top-level field."""
    return {
        name: max(0, round(100 * (items - field.null_count - field.empty_count) / items))
        for name, field in statistics.items()
        if items
    }


def pages_context(
    request: ConsoleRequest, params: PageParams, found: Dataset, items: Items, one: int | None
) -> dict[str, Any]:
    total = found.item_count if items.total is None else items.total
    shown = len(items.items)
    return {
        "total": total,
        "item": one,
        "item_before": with_params(request, item=one - 1) if one and 1 < one <= total else "",
        "item_after": with_params(request, item=one + 1) if one and one < total else "",
        "first_url": with_params(request, page=None, item=None),
        "pager": pager(request, params=params, total=total, shown=shown, limits=LIMITS),
        "desc": params.desc,
        "flipped": with_params(request, desc=not params.desc, page=None),
    }


def views_context(request: ConsoleRequest, views: list[View], named: View | None) -> dict[str, Any]:
    """Links to each view of the definition, and to all fields."""
    changes: dict[str, Value] = {
        "page": None,
        "dialog": None,
        "fields": None,
        "hidden": None,
        "item": None,
    }
    links = [("All fields", with_params(request, named=None, **changes), named is None)]
    links += [
        (each.title, with_params(request, named=each.name, **changes), each == named)
        for each in views
    ]
    return {"views": links if views else [], "named": named}
