"""All routes of the API. Storages and logs are mounted on their own and below a run.

A mounted module has ROUTES (its collection), MOUNTED (below one storage) and
`find(request, ref)`, which gives the row after checking access.
"""

from dataclasses import replace

from apps.platform.api import actors, builds, finding, logs, runs, users, versions
from apps.platform.http.mounts import mount
from apps.platform.http.routing import Route

RUN = "/v2/actor-runs/{runId}"
LAST_RUN = "/v2/acts/{actorId}/runs/last"


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
    ]
)
