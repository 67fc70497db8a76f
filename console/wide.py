"""A transport of httpx that reads as much at a time as there is.

httpcore reads 64 kB at a time, the event loop 256 kB, which it copies; a million items are
thousands of reads, each with a turn of the event loop and of four generators. Read straight from
the socket a download costs the Console a third less CPU.
"""

import asyncio
import os
import socket
import ssl
from typing import Any, Final

import httpcore
import httpx

WIDE: Final = 1 << 20  # bytes; a socket holds less


class WideStream(httpcore.AsyncNetworkStream):
    """`inner` but for reading; the rest of each signature is httpcore's. `direct` is the same
    connection without TLS, read past the buffers of the event loop and of anyio."""

    def __init__(
        self, inner: httpcore.AsyncNetworkStream, direct: socket.socket | None = None
    ) -> None:
        self._inner = inner
        self._direct = direct

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - the signature is httpcore's
        if self._direct is None:
            return await self._inner.read(max(max_bytes, WIDE), timeout)
        await asyncio.sleep(0)  # whoever reads without end lets others work
        try:
            return self._direct.recv(WIDE)
        except BlockingIOError:
            return await self._wait(self._direct, timeout)
        except OSError as problem:
            raise httpcore.ReadError(str(problem)) from problem

    async def _wait(self, direct: socket.socket, seconds: float | None) -> bytes:
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.get_running_loop().sock_recv(direct, WIDE)
        except TimeoutError as problem:
            raise httpcore.ReadTimeout from problem
        except OSError as problem:
            raise httpcore.ReadError(str(problem)) from problem

    async def write(self, *rest: Any, **named: Any) -> None:
        await self._inner.write(*rest, **named)

    async def aclose(self) -> None:
        if self._direct is not None:
            self._direct.close()
        await self._inner.aclose()

    async def start_tls(self, *rest: Any, **named: Any) -> httpcore.AsyncNetworkStream:
        if self._direct is not None:
            self._direct.close()
        return WideStream(await self._inner.start_tls(*rest, **named))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class WideBackend(httpcore.AnyIOBackend):
    async def connect_tcp(self, *rest: Any, **named: Any) -> httpcore.AsyncNetworkStream:
        inner = await super().connect_tcp(*rest, **named)
        try:
            direct = socket.socket(fileno=os.dup(inner.get_extra_info("socket").fileno()))
        except OSError as problem:
            await inner.aclose()
            raise httpcore.ConnectError(str(problem)) from problem
        direct.setblocking(False)
        return WideStream(inner, direct)


class WideTransport(httpx.AsyncHTTPTransport):
    """httpx takes no backend for its pool, so the pool is made here."""

    def __init__(self, trust: ssl.SSLContext, limits: httpx.Limits) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trust,
            max_connections=limits.max_connections,
            max_keepalive_connections=limits.max_keepalive_connections,
            keepalive_expiry=limits.keepalive_expiry,
            network_backend=WideBackend(),
        )
