"""Django's pages under ASGI, on a fixed number of threads that live as long as the process.

Django's own ASGI handler makes a thread and a database connection for each request. Here a thread
serves many requests, one after another, and keeps its connections (docs/decisions/0006-asgi.md).
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any, Final

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


class Pages(BaseHandler):
    def __init__(self, threads: int = THREADS) -> None:
        super().__init__()
        self.load_middleware()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        try:
            body = await read_body(scope, receive)
        except Left:
            return
        except TooLarge:
            text = f"This is too large: at most {LARGEST_BODY >> 20} MiB can be sent."
            await plain(send, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text)
            return
        response, content = await loop.run_in_executor(self._threads, self.answer, scope, body)
        await send(start_of(response))
        if content is not None:
            await send({"type": "http.response.body", "body": content})
            return
        parts = iter(response)
        while (part := await loop.run_in_executor(self._threads, next_of, parts)) is not None:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        await loop.run_in_executor(self._threads, response.close)

    def answer(self, scope: Message, body: IO[bytes]) -> tuple[HttpResponseBase, bytes | None]:
        """In a thread of the pool. The content is None when the response is a stream."""
        with body:
            signals.request_started.send(sender=self.__class__, scope=scope)
            set_script_prefix("/")
            try:
                request = ASGIRequest(scope, body)
            except UnicodeDecodeError:
                response: HttpResponseBase = HttpResponse("This is no address.\n", status=400)
            else:
                response = self.get_response(request)
            if response.streaming:
                return response, None
            content: bytes = response.content  # type: ignore[attr-defined] # not a stream, so it has one
            response.close()
            return response, content

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


def start_of(response: HttpResponseBase) -> Message:
    headers = [
        (name.lower().encode("ascii"), value.encode("latin-1")) for name, value in response.items()
    ]
    headers += [
        (b"set-cookie", cookie.OutputString().encode("latin-1"))
        for cookie in response.cookies.values()
    ]
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
