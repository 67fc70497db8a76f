"""A transport of httpx whose timeout of reading holds for a whole answer, not for each read of it.

With it a page makes its call on its own thread: to wake another one and to be woken by it takes
longer than anything else in a call to an API nearby.
"""

import ssl
import time
from typing import Any

import httpcore
import httpx


class BoundedStream(httpcore.NetworkStream):
    """`inner`, read within `transport.deadline`; the rest of each signature is httpcore's."""

    def __init__(self, inner: httpcore.NetworkStream, transport: "BoundedTransport") -> None:
        self._inner = inner
        self._transport = transport

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        left = self._transport.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return self._inner.read(max_bytes, left)

    def write(self, *rest: Any, **named: Any) -> None:
        self._inner.write(*rest, **named)

    def close(self) -> None:
        self._inner.close()

    def start_tls(self, *rest: Any, **named: Any) -> httpcore.NetworkStream:
        return BoundedStream(self._inner.start_tls(*rest, **named), self._transport)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class BoundedBackend(httpcore.SyncBackend):
    def __init__(self, transport: "BoundedTransport") -> None:
        super().__init__()
        self._transport = transport

    def connect_tcp(self, *rest: Any, **named: Any) -> httpcore.NetworkStream:
        return BoundedStream(super().connect_tcp(*rest, **named), self._transport)


class BoundedTransport(httpx.HTTPTransport):
    """One connection, for one request at a time."""

    def __init__(self, trust: ssl.SSLContext, idle_seconds: float) -> None:
        self.deadline = 0.0
        self._pool = httpcore.ConnectionPool(
            ssl_context=trust,
            max_connections=1,
            keepalive_expiry=idle_seconds,
            network_backend=BoundedBackend(self),
        )

    def is_ready(self) -> bool:
        """Whether the connection is there: then no name has to be looked up, for which nothing
        bounds the time."""
        return any(each.is_idle() and not each.has_expired() for each in self._pool.connections)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.deadline = time.monotonic() + request.extensions["timeout"]["read"]
        return super().handle_request(request)
