"""Routes are values. A table of them finds the route of a path, or the methods it allows."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote

from apps.platform.domain.errors import ApiError, invalid_value, not_found
from apps.platform.http.envelope import Answer
from apps.platform.http.request import ApiRequest

Handler = Callable[[ApiRequest], Answer]
Auth = Literal["token", "id", "none"]
Body = Literal["json", "raw", "none"]
ORDER = ("OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE")


@dataclass(frozen=True, slots=True)
class Route:
    """`auth`: token required, id is enough, or none. `rate`: requests per second and resource.
    `body`: json is decoded under the cap `most`, raw is spooled as sent."""

    method: str
    path: str
    handler: Handler
    auth: Auth = "token"
    rate: int = 30
    body: Body = "json"
    most: int = 0  # bytes; 0: the protocol's default


Segments = tuple[str, ...]


class Table:
    """Literal segments win over parameters: `runs/last` before `runs/{runId}`."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._by_length: dict[int, dict[Segments, dict[str, Route]]] = {}
        for route in routes:
            pattern = tuple(route.path.strip("/").split("/"))
            methods = self._by_length.setdefault(len(pattern), {}).setdefault(pattern, {})
            if route.method in methods:
                raise ValueError(f"{route.method} {route.path} is there twice")
            methods[route.method] = route
        for length, patterns in self._by_length.items():
            ordered = sorted(patterns.items(), key=lambda item: _literalness(item[0]))
            self._by_length[length] = dict(ordered)

    def find(self, raw_path: str) -> tuple[dict[str, Route], dict[str, str]]:
        """The methods and parameters of a path still percent-encoded; ApiError 404 if none."""
        segments = tuple(raw_path.strip("/").split("/"))
        for pattern, methods in self._by_length.get(len(segments), {}).items():
            if all(p[:1] == "{" or p == s for p, s in zip(pattern, segments, strict=True)):
                pairs = zip(pattern, segments, strict=True)
                return methods, {p[1:-1]: _text(s) for p, s in pairs if p[:1] == "{"}
        raise not_found("An API endpoint at this address")


def _literalness(pattern: Segments) -> tuple[bool, ...]:
    return tuple(segment[:1] == "{" for segment in pattern)


def _text(segment: str) -> str:
    try:
        text = unquote(segment, errors="strict")
    except UnicodeDecodeError:
        raise invalid_value("the path is not UTF-8") from None
    if "\0" in text:
        raise invalid_value("the path must not hold a NUL character")
    return text


def not_allowed(methods: Iterable[str]) -> ApiError:
    """Rule 13: the allowed methods, OPTIONS first."""
    named = ", ".join(method for method in ORDER if method in {"OPTIONS", *methods})
    return ApiError(
        405,
        "method-not-allowed",
        "This API endpoint can only be accessed using the following HTTP methods: " + named,
        {"Allow": named},
    )
