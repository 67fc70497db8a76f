"""All routes of the API. Storages and logs are mounted on their own and below a run.

A mounted module has ROUTES (its collection), MOUNTED (below one storage) and
`find(request, ref)`, which gives the row after checking access.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from apps.platform.api import (
    actors,
    builds,
    datasets,
    finding,
    key_value_stores,
    logs,
    request_queues,
    runs,
    users,
    versions,
)
from apps.platform.http.mounts import mount
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route

RUN = "/v2/actor-runs/{runId}"
LAST_RUN = "/v2/acts/{actorId}/runs/last"
STORAGES = (
    ("dataset", "dataset_id", datasets),
    ("key-value-store", "key_value_store_id", key_value_stores),
    ("request-queue", "request_queue_id", request_queues),
)


def _storages() -> list[Route]:
    """Each kind below its own collection, below a run and below an Actor's last run."""
    found: list[Route] = []
    for name, field, module in STORAGES:
        own = f"/v2/{name}s/{{storageId}}"
        found += module.ROUTES
        found += mount(own, module.MOUNTED, partial(_by_reference, module.find))
        of_run = partial(_of_run, module.find, field)
        found += mount(f"{RUN}/{name}", module.MOUNTED, of_run)
        found += mount(f"{LAST_RUN}/{name}", module.MOUNTED, of_run, auth="token")
    return found


def _by_reference(find: Callable[[ApiRequest, str], Any], request: ApiRequest) -> Any:
    return find(request, request.params["storageId"])


def _of_run(find: Callable[[ApiRequest, str], Any], field: str, request: ApiRequest) -> Any:
    """The run's own storage of that kind, under the storage's own rules of access."""
    return find(request, getattr(finding.find_run(request), field))


def _below_runs() -> list[Route]:
    return [
        *mount(RUN + "/log", logs.MOUNTED, finding.find_run),
        *mount(LAST_RUN + "/log", logs.MOUNTED, finding.find_run, auth="token"),
    ]


def _twice(routes: list[Route]) -> list[Route]:
    """`/v2/actors` is the same as `/v2/acts`."""
    acts = [route for route in routes if route.path.startswith("/v2/acts")]
    same = [replace(r, path="/v2/actors" + r.path.removeprefix("/v2/acts")) for r in acts]
    return [*routes, *same]


ROUTES: list[Route] = _twice(
    [
        *users.ROUTES,
        *actors.ROUTES,
        *versions.ROUTES,
        *builds.ROUTES,
        *builds.ACTOR_ROUTES,
        *runs.ROUTES,
        *runs.ACTOR_ROUTES,
        *logs.ROUTES,
        *logs.ACTOR_ROUTES,
        *_below_runs(),
        *_storages(),
    ]
)
