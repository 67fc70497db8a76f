"""The asynchronous executor of calls, for streams and downloads."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import httpx

from console.api import wire
from console.api.calls import Answer, Call
from console.api.client import IDLE_SECONDS, PAGE_SECONDS
from console.api.errors import ApiError, TooSlow, Truncated, Unreadable
from console.api.tries import DELAY, Tries
from console.api.wire import Target

T = TypeVar("T")

MOST_STREAMS = 1000


def many() -> httpx.Limits:
    return httpx.Limits(
        max_connections=MOST_STREAMS, max_keepalive_connections=20, keepalive_expiry=IDLE_SECONDS
    )


class AsyncPool:
    """The connections of one event loop."""

    def __init__(
        self, *, delay: float = DELAY, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self.delay = delay
        self.transport = transport or httpx.AsyncHTTPTransport(verify=wire.trust(), limits=many())

    async def close(self) -> None:
        await self.transport.aclose()


@dataclass(frozen=True, slots=True)
class Stream:
    """A 2xx answer on its way. `chunks` raises `Truncated` when it breaks off.

    `length` is the announced number of bytes, None when the API does not say.
    """

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]
    length: int | None


class AsyncApi:
    def __init__(self, target: Target, pool: AsyncPool, *, seconds: float = PAGE_SECONDS) -> None:
        self.target = target
        self.seconds = seconds
        self._pool = pool

    async def run(self, call: Call[T]) -> T:
        """The answer within the deadline, or one of `console.api.errors`."""
        try:
            async with asyncio.timeout(self.seconds):
                return await self._work(call, time.monotonic() + self.seconds)
        except TimeoutError:
            raise TooSlow(call.label, seconds=self.seconds) from None

    @asynccontextmanager
    async def stream(
        self, call: Call[T], *, seconds: float | None = PAGE_SECONDS, idle: float | None = 60.0
    ) -> AsyncIterator[Stream]:
        """`seconds` bounds the wait for the first byte, `idle` each wait between bytes."""
        response = await self._open(call, seconds=seconds, idle=idle)
        headers = wire.headers_of(response)
        try:
            if not wire.is_success(response.status_code):
                content = await self._all(call, response)
                raise wire.refusal(call.label, response.status_code, content)
            if headers.get("content-encoding", "identity") != "identity":
                raise Unreadable(call.label)
            length = wire.length_of(headers)
            yield Stream(
                response.status_code, headers, _chunks(call, response, length, self), length
            )
        finally:
            await response.aclose()

    async def _work(self, call: Call[T], deadline: float) -> T:
        tries = Tries(call.method, deadline=deadline, delay=self._pool.delay)
        while True:
            try:
                return wire.read(call, await self._once(call, deadline))
            except ApiError as error:
                wait = tries.wait_after(error)
            await asyncio.sleep(wait)

    async def _once(self, call: Call[T], deadline: float) -> Answer:
        seconds = max(0.001, deadline - time.monotonic())
        response = await self._send(call, wire.build(self.target, call, seconds=seconds))
        try:
            content = await self._all(call, response)
        finally:
            await response.aclose()
        return wire.complete(call, response.status_code, wire.headers_of(response), content)

    async def _open(
        self, call: Call[T], *, seconds: float | None, idle: float | None
    ) -> httpx.Response:
        request = wire.build(self.target, call, seconds=self.seconds)
        request.extensions["timeout"]["read"] = idle
        try:
            async with asyncio.timeout(seconds):
                return await self._send(call, request)
        except TimeoutError:
            raise TooSlow(call.label, seconds=seconds or 0) from None

    async def _send(self, call: Call[T], request: httpx.Request) -> httpx.Response:
        try:
            return await self._pool.transport.handle_async_request(request)
        except httpx.TransportError as problem:
            raise self.failed(call, problem) from problem

    async def _all(self, call: Call[T], response: httpx.Response) -> bytes:
        content = bytearray()
        try:
            async for chunk in _stream_of(response):
                content += chunk
                if len(content) > wire.LARGEST:
                    raise Unreadable(call.label)
        except httpx.TransportError as problem:
            raise self.failed(call, problem, answered=True) from problem
        return bytes(content)

    def failed(
        self, call: Call[T], problem: httpx.TransportError, *, answered: bool = False
    ) -> ApiError:
        host = httpx.URL(self.target.base_url).netloc.decode("ascii")
        return wire.failure(call.label, host, problem, seconds=self.seconds, answered=answered)


def _stream_of(response: httpx.Response) -> AsyncIterator[bytes]:
    stream = response.stream
    assert isinstance(stream, httpx.AsyncByteStream)  # noqa: S101 - an async transport gives no other
    return aiter(stream)


async def _chunks(
    call: Call[T], response: httpx.Response, length: int | None, api: AsyncApi
) -> AsyncIterator[bytes]:
    """A body shorter than announced is an error even where httpx lets it pass."""
    seen = 0
    try:
        async for chunk in _stream_of(response):
            seen += len(chunk)
            yield chunk
    except httpx.TransportError as problem:
        raise api.failed(call, problem, answered=True) from problem
    if length is not None and seen != length:
        raise Truncated(call.label)
