"""All routes of the API. Storages and logs are mounted on their own and below a run.

A mounted module has ROUTES (its collection), MOUNTED (below one storage) and
`find(request, ref)`, which gives the row after checking access.
"""

from dataclasses import replace

from apps.platform.api import actors, users, versions
from apps.platform.http.routing import Route


def _twice(routes: list[Route]) -> list[Route]:
    """`/v2/actors` is the same as `/v2/acts`."""
    return [
        *routes,
        *(
            replace(route, path="/v2/actors" + route.path.removeprefix("/v2/acts"))
            for route in routes
        ),
    ]


ROUTES: list[Route] = [*users.ROUTES, *_twice([*actors.ROUTES, *versions.ROUTES])]
