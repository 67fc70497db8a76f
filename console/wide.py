"""A transport of httpx that reads as much at a time as there is.

httpcore reads 64 kB at a time; a million items are thousands of reads, each with a turn of the
event loop and of four generators. Without that bound a download costs a quarter less CPU.
"""

import ssl
from typing import Any, Final

import httpcore
import httpx

WIDE: Final = 1 << 20  # bytes; a socket holds less


class WideStream(httpcore.AsyncNetworkStream):
    """`inner` but for the size of reads; the rest of each signature is httpcore's."""

    def __init__(self, inner: httpcore.AsyncNetworkStream) -> None:
        self._inner = inner

    async def read(self, max_bytes: int, *rest: Any, **named: Any) -> bytes:
        return await self._inner.read(max(max_bytes, WIDE), *rest, **named)

    async def write(self, *rest: Any, **named: Any) -> None:
        await self._inner.write(*rest, **named)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def start_tls(self, *rest: Any, **named: Any) -> httpcore.AsyncNetworkStream:
        return WideStream(await self._inner.start_tls(*rest, **named))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class WideBackend(httpcore.AnyIOBackend):
    async def connect_tcp(self, *rest: Any, **named: Any) -> httpcore.AsyncNetworkStream:
        return WideStream(await super().connect_tcp(*rest, **named))


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
