"""Storage and log routes, defined once and mounted under several roots (semantics.md rule 126)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from apps.platform.http.envelope import Answer
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Auth, Body, Route

Find = Callable[[ApiRequest], Any]


@dataclass(frozen=True, slots=True)
class MountedRoute:
    """`subpath` is below the storage ("" or "/items"); the handler gets the storage's row."""

    method: str
    subpath: str
    handler: Callable[[ApiRequest, Any], Answer]
    auth: Auth = "token"
    rate: int = 30
    body: Body = "json"
    most: int = 0


def mount(
    root: str, routes: Iterable[MountedRoute], find: Find, *, auth: Auth | None = None
) -> list[Route]:
    """Routes below `root`; `find` gives the row. `auth="token"` makes the token obligatory."""

    def bound(route: MountedRoute) -> Route:
        def handler(request: ApiRequest) -> Answer:
            return route.handler(request, find(request))

        return Route(
            route.method,
            root + route.subpath,
            handler,
            auth or route.auth,
            route.rate,
            route.body,
            route.most,
        )

    return [bound(route) for route in routes]
