"""The protocol as one ASGI application: route, authenticate, limit, read, handle, answer."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from apps.platform.domain.errors import ApiError, token_missing
from apps.platform.domain.identity import Identity
from apps.platform.http import bodies, envelope
from apps.platform.http.auth import Tokens, token_of
from apps.platform.http.params import Query
from apps.platform.http.ratelimit import Limiter
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route, Table, not_allowed

LARGEST_JSON = 9 * 1024 * 1024 + 64 * 1024
LARGEST_RAW = 1 << 30
LARGEST_HEAD = 64 * 1024
OVERRIDES = frozenset({"GET", "POST", "PUT", "DELETE"})
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "*",
    "X-Content-Type-Options": "nosniff",
}

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(slots=True)
class Api:
    """`tidy` runs in the pool after every handler that raised, and may raise in its place; `room`
    before whatever brings something new, and may refuse it."""

    table: Table
    tokens: Tokens
    limiter: Limiter
    base_url: str
    pool: ThreadPoolExecutor
    tidy: Callable[[Exception], None]
    room: Callable[[], None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        rate = 30
        try:
            request = Request(scope, receive)
            route, params = self._route(request)
            rate = route.rate
            response = await self._answer(request, route, params)
        except ApiError as problem:
            response = envelope.error(problem)
        except ClientDisconnect:
            return
        except Exception:
            log.exception("The API failed at %s %s", scope["method"], scope["path"])
            response = envelope.error(
                ApiError(500, "internal-server-error", "Unexpected error. It has been logged.")
            )
        response.headers["X-RateLimit-Limit"] = str(self.limiter.limit(rate))
        response.headers.update(OPEN)
        if isinstance(response, envelope.PoolStream):
            # of what HEAD asks for nothing is made: it would be thrown away
            parts = iter(()) if scope["method"] == "HEAD" else response.parts
            response.body_iterator = self._drawn(parts)
        await response(scope, receive, send)

    def _route(self, request: Request) -> tuple[Route, dict[str, str]]:
        head = sum(len(name) + len(value) for name, value in request.headers.raw)
        if head + len(request.scope["query_string"]) > LARGEST_HEAD:
            raise ApiError(431, "headers-too-large", "The headers and parameters are too long")
        raw_path = request.scope.get("raw_path") or request.scope["path"].encode()
        methods, params = self.table.find(raw_path.split(b"?")[0].decode("latin-1"))
        method = Query(request.scope["query_string"]).text("method", "")
        method = method.upper() if method and method.upper() in OVERRIDES else request.method
        if method == "OPTIONS":
            return Route("OPTIONS", "", lambda _: _options(methods), auth="none"), params
        if method not in methods and not (method == "HEAD" and "GET" in methods):
            raise not_allowed(methods)
        return methods.get(method) or methods["GET"], params

    async def _answer(self, request: Request, route: Route, params: dict[str, str]) -> Response:
        query = Query(request.scope["query_string"])
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in request.headers.raw}
        identity = await self._identity(token_of(headers, query), route)
        client = request.client.host if request.client else ""
        path: str = request.scope["path"]
        caller = identity.user_id if identity else client
        self.limiter.take(caller, "/".join(path.split("/")[:4]), route.rate)
        if route.method in {"POST", "PUT"} and not path.endswith("/abort"):
            self.room()
        ready = ApiRequest(
            method=route.method,
            path=path,
            params=params,
            query=query,
            headers=headers,
            identity=identity,
            base_url=self.base_url,
            client_ip=client,
        )
        await self._read(request, route, ready)
        answer = await self._in_pool(lambda: route.handler(ready))
        while isinstance(answer, envelope.Later):
            await answer.wait()
            answer = await self._in_pool(answer.answer)
        return answer

    async def _identity(self, token: str, route: Route) -> Identity | None:
        """None when the route can do without a token; a wrong token is refused everywhere but
        where none is asked for."""
        if not token or route.auth == "none":
            if route.auth == "token":
                raise token_missing()
            return None
        return self.tokens.recall(token) or await self._in_pool(lambda: self.tokens.identify(token))

    async def _read(self, request: Request, route: Route, ready: ApiRequest) -> None:
        if route.method in {"GET", "HEAD", "OPTIONS"}:
            return
        if route.body == "raw":
            ready.file = await bodies.spool(request, route.most or LARGEST_RAW)
            return
        most = route.most or LARGEST_JSON
        body = await bodies.read(request, most)
        encoding = ready.headers.get("content-encoding", "")
        if body and encoding:
            body = await self._in_pool(lambda: bodies.decoded(body, encoding, most))
        ready.body = body

    async def _in_pool(self, work: Callable[[], T]) -> T:
        def guarded() -> T:
            try:
                return work()
            except Exception as problem:
                self.tidy(problem)
                raise

        return await asyncio.get_running_loop().run_in_executor(self.pool, guarded)

    async def _drawn(self, parts: Iterator[bytes]) -> AsyncIterator[bytes]:
        try:
            while (part := await self._in_pool(lambda: next(parts, None))) is not None:
                yield part
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                self.pool.submit(close)


def _options(methods: Iterable[str]) -> Response:
    allowed = not_allowed(methods).headers["Allow"]
    headers = {
        "Allow": allowed,
        "Access-Control-Allow-Methods": allowed,
        "Access-Control-Allow-Headers": "*, Authorization",
    }
    return Response(status_code=204, headers=headers)
