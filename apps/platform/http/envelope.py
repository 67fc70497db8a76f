"""Answers (semantics.md rules 4-6, 15, 16, 37, 202)."""

from collections.abc import AsyncIterable, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response, StreamingResponse

from apps.platform.domain.errors import ApiError
from apps.platform.http.json import encode
from apps.platform.http.params import Page

JSON = "application/json; charset=utf-8"
Headers = Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Later:
    """An answer that waits for something: `wait` on the loop, then `answer` in the pool, so that
    a waiting caller holds no thread."""

    wait: Callable[[], Awaitable[object]]
    answer: "Callable[[], Response | Later]"


Answer = Response | Later


class PoolStream(StreamingResponse):
    """`parts` is drawn in the pool of threads, one step at a time, each perhaps in another
    thread: a generator must not keep a database cursor open across a `yield`."""

    def __init__(self, parts: Iterable[bytes], headers: Headers) -> None:
        super().__init__((), headers=headers)
        self.parts = iter(parts)


def data(value: Any, status: int = 200, headers: Headers = None) -> Response:
    """`{"data": value}`"""
    return Response(encode({"data": value}), status, headers, JSON)


def created(value: Any, location: str, status: int = 201) -> Response:
    return data(value, status, {"Location": location})


def listing(items: list[Any], total: int, page: Page) -> Response:
    """The envelope of an offset page: total, offset, limit, count, desc, items."""
    return data(
        {
            "total": total,
            "offset": page.offset,
            "limit": page.limit,
            "count": len(items),
            "desc": page.desc,
            "items": items,
        }
    )


def bare(value: Any, status: int = 200, headers: Headers = None) -> Response:
    """JSON without the envelope (rule 5)."""
    return Response(encode(value), status, headers, JSON)


def empty(status: int = 204) -> Response:
    return Response(status_code=status)


def raw(content: bytes, content_type: str, headers: Headers = None, status: int = 200) -> Response:
    response = Response(content, status, headers)
    response.headers["Content-Type"] = content_type
    return response


def stream(
    parts: Iterable[bytes] | AsyncIterable[bytes], content_type: str, headers: Headers = None
) -> Response:
    """Bytes as they come. An async generator runs on the loop, anything else in the pool."""
    response = (
        StreamingResponse(parts, headers=headers)
        if isinstance(parts, AsyncIterable)
        else PoolStream(parts, headers)
    )
    response.headers["Content-Type"] = content_type
    return response


def error(problem: ApiError) -> Response:
    body = {"error": {"type": problem.type, "message": problem.message}}
    return Response(encode(body), problem.status, problem.headers, JSON)
