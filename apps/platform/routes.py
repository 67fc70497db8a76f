"""All routes of the API. Storages and logs are mounted on their own and below runs (rule 126)."""

from dataclasses import replace
from typing import Any

from apps.platform.api import (
    account,
    actors,
    builds,
    charging,
    datasets,
    finding,
    key_value_stores,
    logs,
    request_queues,
    run_sync,
    runs,
    schedules,
    storages,
    store,
    tasks,
    tools,
    users,
    versions,
    webhook_dispatches,
    webhooks,
)
from apps.platform.http.mounts import Find, MountedRoute, mount
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route

RUN = "/v2/actor-runs/{runId}"
LAST_RUNS = ("/v2/acts/{actorId}/runs/last", "/v2/actor-tasks/{actorTaskId}/runs/last")
# (where it is on its own, the parameter there, where it is below a run, the run's column)
PLACES = (
    (datasets, "/v2/datasets", "datasetId", "/dataset", "dataset_id"),
    (key_value_stores, "/v2/key-value-stores", "storeId", "/key-value-store", "key_value_store_id"),
    (request_queues, "/v2/request-queues", "queueId", "/request-queue", "request_queue_id"),
)


def _by_ref(kind: storages.Kind, parameter: str) -> Find:
    return lambda request: storages.find(kind, request, request.params[parameter])


def _by_run(kind: storages.Kind, column: str) -> Find:
    def find(request: ApiRequest) -> Any:
        return storages.find(kind, request, getattr(finding.find_run(request), column))

    return find


def _storages() -> list[Route]:
    made: list[Route] = []
    for module, path, parameter, subpath, column in PLACES:
        by_run = _by_run(module.KIND, column)
        made += module.ROUTES
        made += mount(f"{path}/{{{parameter}}}", module.MOUNTED, _by_ref(module.KIND, parameter))
        made += _below_runs(subpath, module.MOUNTED, by_run)
    return made


def _below_runs(subpath: str, mounted: list[MountedRoute], find: Find) -> list[Route]:
    """Below `runs/last` a token is always needed (rule 28)."""
    return [
        *mount(RUN + subpath, mounted, find),
        *(
            route
            for last in LAST_RUNS
            for route in mount(last + subpath, mounted, find, auth="token")
        ),
    ]


def _twice(routes: list[Route]) -> list[Route]:
    """`/v2/actors` is the same as `/v2/acts`."""
    acts = [route for route in routes if route.path.startswith("/v2/acts")]
    same = [replace(r, path="/v2/actors" + r.path.removeprefix("/v2/acts")) for r in acts]
    return [*routes, *same]


ROUTES: list[Route] = _twice(
    [
        *users.ROUTES,
        *tools.ROUTES,
        *account.ROUTES,
        *store.ROUTES,
        *actors.ROUTES,
        *versions.ROUTES,
        *builds.ROUTES,
        *builds.ACTOR_ROUTES,
        *runs.ROUTES,
        *charging.ROUTES,
        *runs.ACTOR_ROUTES,
        *run_sync.ACTOR_ROUTES,
        *tasks.ROUTES,
        *schedules.ROUTES,
        *webhooks.ROUTES,
        *webhook_dispatches.ROUTES,
        *logs.ROUTES,
        *logs.ACTOR_ROUTES,
        *_below_runs("/log", logs.MOUNTED, finding.find_run),
        *_storages(),
    ]
)
