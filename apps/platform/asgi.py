"""The Platform's own entry: `uvicorn apps.platform.asgi:app --no-access-log`."""

import errno
import os
from concurrent.futures import ThreadPoolExecutor

import django
from starlette.types import ASGIApp, Receive, Scope, Send

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")
django.setup()


def _make_api() -> ASGIApp:
    from django.conf import settings

    from apps.platform.http.app import Api
    from apps.platform.http.auth import Tokens
    from apps.platform.http.ratelimit import Limiter
    from apps.platform.http.routing import Table
    from apps.platform.routes import ROUTES
    from apps.platform.storage import room
    from apps.platform.storage.accounts import identify

    return Api(
        table=Table(ROUTES),
        tokens=Tokens(identify),
        limiter=Limiter(settings.PLATFORM_RATE_LIMITS),
        base_url=settings.PLATFORM_URL,
        pool=ThreadPoolExecutor(settings.PLATFORM_THREADS, "api"),
        tidy=_tidy,
        room=room.check,
    )


def _tidy(problem: Exception) -> None:
    """Drops a broken connection of this thread; ApiError for what callers and the database do
    to one another: 404 deleted meanwhile, 409 changed meanwhile, 503 and 507 for trouble."""
    from django.core.exceptions import ObjectDoesNotExist
    from django.db import IntegrityError, OperationalError, connections

    from apps.platform.domain.errors import ApiError
    from apps.platform.storage import room

    connections["platform"].close_if_unusable_or_obsolete()
    if "disk is full" in str(problem) or getattr(problem, "errno", 0) == errno.ENOSPC:
        raise room.full() from problem
    if getattr(problem, "errno", 0) in {errno.EMFILE, errno.ENFILE}:
        message = "The Platform has too many files open. Try again in a moment."
        raise ApiError(503, "overloaded", message) from problem
    if isinstance(problem, ObjectDoesNotExist):
        message = "What this call is about was deleted meanwhile"
        raise ApiError(404, "record-not-found", message) from problem
    if isinstance(problem, OverflowError):
        raise ApiError(400, "invalid-value", "A number is out of range") from problem
    if isinstance(problem, IntegrityError):
        message = "Somebody changed the same thing meanwhile. Look at it again."
        raise ApiError(409, "conflict", message) from problem
    if isinstance(problem, OperationalError):
        message = "The Platform's database does not answer. Try again in a moment."
        raise ApiError(503, "database-unavailable", message) from problem


def _make_demo() -> ASGIApp:
    from django.conf import settings

    from apps.platform.demo.site import serve

    return serve if settings.PLATFORM_DEMO_SITE else api


api = _make_api()
demo = _make_demo()


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await _serve_http(scope, receive, send)
    elif scope["type"] == "lifespan":
        await _lifespan(receive, send)
    else:
        await sockets(scope, receive, send)


async def _serve_http(scope: Scope, receive: Receive, send: Send) -> None:
    from apps.platform.api import web
    from apps.platform.engine.web import PATH

    if scope["path"].startswith(PATH):
        await web.serve(scope, receive, send)
    else:
        await (demo if scope["path"].startswith("/demo/") else api)(scope, receive, send)


async def sockets(scope: Scope, receive: Receive, send: Send) -> None:
    """`/v2/actor-runs/{runId}/events` and those of Actors; any other address is refused."""
    from starlette.websockets import WebSocket

    from apps.platform.api import web_sockets
    from apps.platform.api.events import serve
    from apps.platform.engine.web import PATH

    socket = WebSocket(scope, receive, send)
    if scope["path"].startswith(PATH):
        await web_sockets.serve(socket)
        return
    parts = scope["path"].strip("/").split("/")
    run_id = parts[2] if parts[:2] == ["v2", "actor-runs"] and parts[3:] == ["events"] else ""
    await serve(socket, run_id)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
