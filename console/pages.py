"""Django's pages under ASGI, on a fixed number of threads that live as long as the process.

Django's own ASGI handler makes a thread and a database connection for each request. Here a thread
serves many requests, one after another, and keeps its connections (docs/decisions/0006-asgi.md).
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any, Final, NamedTuple

from django.core import signals
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

THREADS: Final = 64
LARGEST_BODY: Final = 32 << 20
IN_MEMORY: Final = 1 << 20


class TooLarge(Exception):
    """The body is longer than the Console takes."""


class Left(Exception):
    """The browser left before it had sent everything."""


class Answered(NamedTuple):
    """`content` is None when the response is a stream; `waited` are the seconds for which the page
    waited for the API, None where it may ask none: for a visitor who is not signed in."""

    response: HttpResponseBase
    content: bytes | None
    waited: float | None


class Pages(BaseHandler):
    def __init__(self, threads: int = THREADS) -> None:
        super().__init__()
        self.load_middleware()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        began = time.perf_counter()
        try:
            body = await read_body(scope, receive)
        except Left:
            return
        except TooLarge:
            text = f"This is too large: at most {LARGEST_BODY >> 20} MiB can be sent."
            await plain(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)
            return
        response, content, waited = await loop.run_in_executor(
            self._threads, self.answer, scope, body
        )
        await send(start_of(response, timing(waited, time.perf_counter() - began)))
        if content is not None:
            await send({"type": "http.response.body", "body": content})
            return
        parts = iter(response)
        while (part := await loop.run_in_executor(self._threads, next_of, parts)) is not None:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        await loop.run_in_executor(self._threads, response.close)

    def answer(self, scope: Message, body: IO[bytes]) -> Answered:
        """In a thread of the pool."""
        with body:
            signals.request_started.send(sender=self.__class__, scope=scope)
            set_script_prefix("/")
            waited = None
            try:
                request = ASGIRequest(scope, body)
            except UnicodeDecodeError:
                response: HttpResponseBase = HttpResponse("This is no address.\n", status=400)
            else:
                response = self.get_response(request)
                waited = getattr(getattr(request, "api", None), "waited", None)
            if response.streaming:
                return Answered(response, None, waited)
            content: bytes = response.content  # type: ignore[attr-defined] # not a stream, so it has one
            response.close()
            return Answered(response, content, waited)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


async def read_body(scope: Message, receive: Receive) -> IO[bytes]:
    """The whole body, beyond 1 MiB on disk."""
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    if announced.isdigit() and int(announced[:16]) > LARGEST_BODY:
        raise TooLarge
    body: IO[bytes] | None = None
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Left
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > LARGEST_BODY:
            raise TooLarge
        if body is None:
            if not message.get("more_body"):
                return BytesIO(chunk)
            body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - closed by `answer`
        body.write(chunk)
        if not message.get("more_body"):
            body.seek(0)
            return body


def timing(waited: float | None, total: float) -> list[tuple[bytes, bytes]]:
    """In milliseconds, for a browser's own tools: is it the API that is slow, or the page?"""
    if waited is None:
        return []
    text = f"api;dur={waited * 1000:.2f}, total;dur={total * 1000:.2f}"
    return [(b"server-timing", text.encode())]


def start_of(response: HttpResponseBase, more: list[tuple[bytes, bytes]]) -> Message:
    headers = [
        (name.lower().encode("ascii"), value.encode("latin-1")) for name, value in response.items()
    ]
    headers += [
        (b"set-cookie", cookie.OutputString().encode("latin-1"))
        for cookie in response.cookies.values()
    ]
    headers += more
    return {"type": "http.response.start", "status": response.status_code, "headers": headers}


def next_of(parts: Iterator[bytes]) -> bytes | None:
    return next(parts, None)


async def plain(send: Send, status: int, text: str) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
    ]
    if status >= HTTPStatus.BAD_REQUEST:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{text}\n".encode()})
