"""The protocol as one ASGI application: route, authenticate, limit, read, handle, answer."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from apps.platform.domain.errors import ApiError, token_missing
from apps.platform.domain.identity import Identity
from apps.platform.http import bodies, envelope
from apps.platform.http.params import Query
from apps.platform.http.ratelimit import Limiter
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route, Table, not_allowed

LARGEST_JSON = 9 * 1024 * 1024 + 64 * 1024
LARGEST_RAW = 1 << 30
OVERRIDES = frozenset({"GET", "POST", "PUT", "DELETE", "HEAD"})
OPEN = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}

log = logging.getLogger(__name__)
Resolver = Callable[[str], Identity | None]


@dataclass(slots=True)
class Api:
    """`resolver` turns a token's text into an Identity; it runs in the pool and may block."""

    table: Table
    resolver: Resolver
    limiter: Limiter
    base_url: str
    pool: ThreadPoolExecutor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        rate = 30
        try:
            route, params = self._route(request)
            rate = route.rate
            response = await self._answer(request, route, params)
        except ApiError as problem:
            response = envelope.error(problem)
        except ClientDisconnect:
            return
        except Exception:
            log.exception("The API failed at %s %s", request.method, scope["path"])
            response = envelope.error(
                ApiError(500, "internal-server-error", "Unexpected error. It has been logged.")
            )
        response.headers["X-RateLimit-Limit"] = str(self.limiter.limit(rate))
        response.headers.update(OPEN)
        await response(scope, receive, send)

    def _route(self, request: Request) -> tuple[Route, dict[str, str]]:
        raw_path = request.scope.get("raw_path") or request.scope["path"].encode()
        methods, params = self.table.find(raw_path.split(b"?")[0].decode("latin-1"))
        method = request.query_params.get("method", "").upper()
        method = method if method in OVERRIDES else request.method
        if method == "OPTIONS":
            return Route("OPTIONS", "", lambda _: _options(methods), auth="none"), params
        if method not in methods and not (method == "HEAD" and "GET" in methods):
            raise not_allowed(methods)
        return methods.get(method) or methods["GET"], params

    async def _answer(self, request: Request, route: Route, params: dict[str, str]) -> Response:
        loop = asyncio.get_running_loop()
        query = Query(request.scope["query_string"])
        token = _token(request, query)
        identity = await loop.run_in_executor(self.pool, self.resolver, token) if token else None
        if route.auth == "token" and identity is None:
            raise token_missing() if not token else _bad_token()
        client = request.client.host if request.client else ""
        caller = identity.user_id if identity else client
        self.limiter.take(caller, "/".join(request.scope["path"].split("/")[:4]), route.rate)
        ready = ApiRequest(
            method=route.method,
            path=request.scope["path"],
            params=params,
            query=query,
            headers={k.decode("latin-1"): v.decode("latin-1") for k, v in request.headers.raw},
            identity=identity,
            base_url=self.base_url,
            client_ip=client,
        )
        await _read(request, route, ready)
        return await loop.run_in_executor(self.pool, route.handler, ready)


async def _read(request: Request, route: Route, ready: ApiRequest) -> None:
    if route.method in {"GET", "HEAD", "OPTIONS"}:
        return
    if route.body == "raw":
        ready.file = await bodies.spool(request, route.most or LARGEST_RAW)
        return
    most = route.most or LARGEST_JSON
    body = await bodies.read(request, most)
    ready.body = bodies.decoded(body, ready.headers.get("content-encoding", ""), most)


def _token(request: Request, query: Query) -> str:
    """Rules 20 and 21: the header, else the parameter."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    return query.text("token") or ""


def _bad_token() -> ApiError:
    return ApiError(
        401, "user-or-token-not-found", "User was not found or authentication token is not valid"
    )


def _options(methods: Iterable[str]) -> Response:
    allowed = not_allowed(methods).headers["Allow"]
    headers = {
        "Allow": allowed,
        "Access-Control-Allow-Methods": allowed,
        "Access-Control-Allow-Headers": "Authorization, Content-Type, Content-Encoding",
    }
    return Response(status_code=204, headers=headers)
