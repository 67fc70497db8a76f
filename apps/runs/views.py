from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from apps.runs.charges import charges, services
from apps.runs.inputs import shown_input
from apps.runs.tiles import charts, counts_of, tiles
from console.api.models.runs import Run
from console.api.models.storages import Dataset, RequestQueue
from console.api.resources.logs import get_log
from console.api.resources.runs import (
    get_run,
    run_dataset,
    run_items,
    run_keys,
    run_queue,
    run_store,
)
from console.intents import started_here
from console.live.logpage import page_of, read_question
from console.request import ConsoleRequest, needs
from console.ui import general_access, json_text, table
from console.ui.listing import page_params
from console.ui.names import name_of
from console.ui.query import with_params
from console.ui.tabs import Tab

SHOWN = 50
Known = tuple[Run, Dataset | None]
TABS = (
    ("Output", "runs:output"),
    ("Log", "runs:log"),
    ("Input", "runs:input"),
    ("Storage", "runs:storage"),
    ("Integrations", "runs:integrations"),
)


@needs("read")
def run(request: ConsoleRequest, run_id: str) -> HttpResponse:
    """Results when there are some and it has ended, else the log."""
    known = request.api.gather(get_run(run_id), run_dataset(run_id))
    found, dataset = known
    wanted = output if found.is_terminal and dataset and dataset.item_count else log
    return wanted(request, run_id, known)


def load(
    request: ConsoleRequest, run_id: str, *calls: Any, known: Known | None = None
) -> tuple[Any, ...]:
    """The run, its dataset and queue, and what `calls` bring, all at once; not twice `known`."""
    first = () if known else (get_run(run_id), run_dataset(run_id))
    return (*(known or ()), *request.api.gather(*first, run_queue(run_id), *calls))


def context(
    request: ConsoleRequest,
    found: Run,
    dataset: Dataset | None,
    queue: RequestQueue | None,
    current: str,
) -> dict[str, Any]:
    counts = counts_of(dataset, queue)
    tabs = [
        Tab(
            label,
            reverse(name, args=[found.id]),
            label == current,
            counts.results if label == "Output" else None,
            id="output-count" if label == "Output" else "",
        )
        for label, name in TABS
    ]
    mine = request.may("runs.abort") or (
        request.may("runs.abort_own") and started_here(request, found.id)
    )
    return {
        "run": found,
        "actor_name": name_of(request, found.act_id),
        "tabs": tabs,
        "dataset": dataset,
        "queue": queue,
        "tiles": tiles(found, counts),
        "charts": charts(found, []),
        "may_abort": mine,
        "access": general_access.shown(request, found, url_name="runs:access"),
        "charges": charges(found),
        "services": services(found),
        "stream": f"{reverse('runs:detail', args=[found.id])}events/?shown={found.status}",
    }


@needs("read")
def output(request: ConsoleRequest, run_id: str, known: Known | None = None) -> HttpResponse:
    params = page_params(request.GET, desc=False)
    found, dataset, queue, items = load(
        request, run_id, run_items(run_id, offset=params.offset, limit=SHOWN), known=known
    )
    fields = [name for name in request.GET.getlist("fields") if name]
    as_json = request.GET.get("view") == "json"
    rows = items.items if items else []
    shown = table.build(table.parse(rows), first=params.offset, fields=fields)
    return render(
        request,
        "runs/output.html",
        {
            **context(request, found, dataset, queue, "Output"),
            "table": shown,
            "view": "json" if as_json else "table",
            "texts": json_text.numbered(rows, first=params.offset) if as_json else [],
            "table_url": with_params(request, view=None),
            "json_url": with_params(request, view="json"),
        },
    )


@needs("read")
def log(request: ConsoleRequest, run_id: str, known: Known | None = None) -> HttpResponse:
    found, dataset, queue, text = load(
        request, run_id, get_log(run_id, raw=True).or_none(), known=known
    )
    question = read_question(request.GET)
    content = text.content if text else b""
    page = page_of(content, question, request.zone, is_live=not found.is_terminal)
    shown = context(request, found, dataset, queue, "Log")
    grows = not found.is_terminal and page.is_end and not question.find
    if grows:
        shown["stream"] += f"&after={page.position}&level={question.level}"
    return render(
        request,
        "runs/log.html",
        {
            **shown,
            "log": page,
            "grows": grows,
            "question": question,
            "previous_hit": with_params(request, hit=max(page.hit - 1, 1), line=None),
            "next_hit": with_params(request, hit=min(page.hit + 1, page.hits), line=None),
            "all_url": with_params(request, level=None, hit=None),
            "warnings_url": with_params(request, level="W", hit=None),
            "errors_url": with_params(request, level="E", hit=None),
        },
    )


@needs("read")
def input_tab(request: ConsoleRequest, run_id: str) -> HttpResponse:
    found, dataset, queue = load(request, run_id)
    shown = shown_input(request, found)
    extra = {"input": shown}
    return render(
        request, "runs/input.html", {**context(request, found, dataset, queue, "Input"), **extra}
    )


@needs("read")
def storage(request: ConsoleRequest, run_id: str) -> HttpResponse:
    found, dataset, queue, store, keys = load(
        request, run_id, run_store(run_id), run_keys(run_id, limit=100)
    )
    shown = {
        "store": store,
        "keys": keys.items if keys else [],
        "more_keys": keys is not None and keys.is_truncated,
    }
    return render(
        request,
        "runs/storage.html",
        {**context(request, found, dataset, queue, "Storage"), **shown},
    )


@needs("read")
def integrations(request: ConsoleRequest, run_id: str) -> HttpResponse:
    """Webhooks have their own app; htmx brings its part of the page."""
    found, dataset, queue = load(request, run_id)
    shown = context(request, found, dataset, queue, "Integrations")
    return render(request, "runs/integrations.html", shown)
