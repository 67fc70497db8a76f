"""Runs that the caller waits for (endpoints 23-26, 42-45, semantics.md rules 129-138)."""

from collections.abc import Callable
from dataclasses import replace

from django.conf import settings
from starlette.responses import Response

from apps.platform.api import items, key_value_stores, starting, waiting
from apps.platform.domain.errors import ApiError
from apps.platform.domain.statuses import SUCCEEDED, TERMINAL
from apps.platform.http.envelope import Answer, Later
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Auth, Route
from apps.platform.models import Dataset, KeyValueStore, Run

CREATED = 201


def run_for_output(request: ApiRequest) -> Answer:
    """The record OUTPUT, or `outputRecordKey`, of the default key-value store."""
    return _run(request, _output)


def run_for_items(request: ApiRequest) -> Answer:
    """The items of the default dataset, with all parameters of its own endpoint."""
    return _run(request, _items)


def _run(request: ApiRequest, result: Callable[[ApiRequest, Run], Answer]) -> Answer:
    run = starting.start(request)
    longest = settings.PLATFORM_SYNCHRONOUS_SECONDS

    def answer() -> Answer:
        ended = Run.objects.get(id=run.id)
        if ended.status not in TERMINAL:
            raise ApiError(
                408,
                "run-timeout-exceeded",
                f"Actor run exceeded timeout of {longest} seconds for this API endpoint",
            )
        if ended.status != SUCCEEDED:
            raise ApiError(
                400,
                "run-failed",
                f"Actor run did not succeed (run ID: {run.id}, status: {ended.status})",
            )
        found = result(request, ended)
        if isinstance(found, Response):
            found.status_code = CREATED
        return found

    return Later(lambda: waiting.runs.ended(run.id, longest), answer)


def _output(request: ApiRequest, run: Run) -> Answer:
    key = request.query.text("outputRecordKey") or "OUTPUT"
    reading = replace(request, method="GET", params={**request.params, "recordKey": key})
    store = KeyValueStore.objects.get(id=run.key_value_store_id)
    return key_value_stores.get_record(reading, store)


def _items(request: ApiRequest, run: Run) -> Answer:
    dataset = Dataset.objects.get(id=run.dataset_id)
    return items.get_items(replace(request, method="GET"), dataset)


def routes(root: str, *, auth: Auth) -> list[Route]:
    """The four endpoints below an Actor or a task."""
    ways = (("run-sync", run_for_output), ("run-sync-get-dataset-items", run_for_items))
    return [
        Route(method, f"{root}/{path}", handler, auth=auth, rate=200)
        for path, handler in ways
        for method in ("GET", "POST")
    ]


ACTOR_ROUTES = routes("/v2/acts/{actorId}", auth="id")
