"""The Platform's only door to the world: HTTP to addresses that others chose.

A name is resolved once, every address it has is checked, and a checked one is dialled, so that
neither a redirect nor a second answer of the name server leads elsewhere
(reliability-security.md fact 10). Proxies of the environment are not used: they would dial unseen.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urljoin

import httpcore
from django.conf import settings

from apps.platform.domain.destinations import (
    Policy,
    Target,
    networks_of,
    ports_of,
    target_of,
)

Headers = list[tuple[str, str]]
CONNECT_SECONDS = 10.0
BODY_SECONDS = 10.0  # for the rest of an answer whose status is known
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MOST_REDIRECTS = 5
SUCCESS = range(200, 300)

OWN = Policy(networks=networks_of(["0.0.0.0/0", "::/0"]), ports=((1, 65535),))

_resolvers = ThreadPoolExecutor(32, "resolver")


class Unreachable(Exception):
    """A sentence why no answer came."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes  # the first bytes of it


@cache
def policy() -> Policy:
    return Policy(
        loopback=settings.PLATFORM_OUTBOUND_LOOPBACK,
        networks=networks_of(settings.PLATFORM_OUTBOUND_NETWORKS),
        ports=ports_of(settings.PLATFORM_OUTBOUND_PORTS),
    )


def _is_ours(url: str) -> bool:
    """The Platform's own API: sources that clients put into a key-value store are there."""
    return url.startswith(f"{settings.PLATFORM_URL}/v2/")


def check_download(url: str) -> Target:
    """As `check_url`, for what is fetched."""
    return target_of(url, OWN if _is_ours(url) else policy())


def check_url(url: str) -> Target:
    """What the URL names; Refused when it surely cannot or may not be called."""
    return target_of(url, policy())


async def addresses_of(host: str, port: int, rules: Policy | None = None) -> list[str]:
    """All addresses of the host, each allowed; Refused or Unreachable otherwise."""
    try:
        found = await asyncio.get_running_loop().run_in_executor(
            _resolvers, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
    except (OSError, UnicodeError):
        raise Unreachable(f"{host} has no address") from None
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    (rules or policy()).check(host, addresses)
    return addresses


class _Guard(httpcore.AsyncNetworkBackend):
    def __init__(self, rules: Policy) -> None:
        self.rules = rules
        self.inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        problem: Exception = httpcore.ConnectError()
        for address in await addresses_of(host, port, self.rules):
            try:
                return await self.inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                problem = failed
        raise problem

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@cache
def _tls(verify: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


@contextlib.asynccontextmanager
async def _exchange(
    target: Target, headers: Headers, rules: Policy, *, body: bytes | None = None, verify: bool
) -> AsyncIterator[httpcore.Response]:
    """A POST of `body`, or a GET, on a connection of its own; Unreachable, with one text for all
    that a prober of ports would like to tell apart."""
    url = httpcore.URL(
        scheme=target.scheme.encode(),
        host=target.host.encode(),
        port=target.port,
        target=target.path.encode(),
    )
    pool = httpcore.AsyncConnectionPool(
        ssl_context=_tls(verify), network_backend=_Guard(rules), max_keepalive_connections=0
    )
    limits = {"timeout": {"connect": CONNECT_SECONDS}}
    try:
        async with (
            pool,
            pool.stream(
                "GET" if body is None else "POST",
                url,
                headers=[(name.encode(), value.encode("latin-1")) for name, value in headers],
                content=body,
                extensions=limits,
            ) as response,
        ):
            yield response
    except (httpcore.NetworkError, httpcore.TimeoutException) as problem:
        raise Unreachable(_sentence(target, problem)) from None
    except httpcore.ProtocolError:
        raise Unreachable(f"{target.receiver} did not answer as HTTP says") from None


def _sentence(target: Target, problem: Exception) -> str:
    if "CERTIFICATE_VERIFY_FAILED" in str(problem):
        return f"The TLS certificate of {target.receiver} is not valid"
    return f"{target.receiver} could not be reached, or closed the connection without an answer"


async def post(
    url: str, headers: Headers, body: bytes, *, verify: bool, seconds: float, most: int
) -> Answer:
    """The answer, its body cut at `most` bytes. Redirects are not followed.

    Raises Refused, or Unreachable when no status came within `seconds`.
    """
    target = check_url(url)
    try:
        async with (
            asyncio.timeout(seconds) as limit,
            _exchange(target, headers, policy(), body=body, verify=verify) as response,
        ):
            left = (limit.when() or 0) - asyncio.get_running_loop().time()
            limit.reschedule(None)
            return Answer(response.status, await _start_of(response, most, left))
    except TimeoutError:
        raise Unreachable(f"No answer came within {seconds:g} s") from None


async def _start_of(response: httpcore.Response, most: int, seconds: float) -> bytes:
    """What comes of the body; the status alone decides, so a broken rest is no failure."""
    found = bytearray()
    with contextlib.suppress(httpcore.NetworkError, httpcore.ProtocolError, TimeoutError):
        async with asyncio.timeout(min(seconds, BODY_SECONDS)):
            async for part in response.aiter_stream():
                found += part
                if len(found) >= most:
                    break
    return bytes(found[:most])


@contextlib.asynccontextmanager
async def download(url: str, *, seconds: float) -> AsyncIterator[AsyncIterator[bytes]]:
    """The parts of the body of a 2xx answer; each redirect's address is checked anew.

    Raises Refused, or Unreachable for everything else.
    """
    headers = [("Accept-Encoding", "identity"), ("User-Agent", "Callboard")]
    try:
        async with asyncio.timeout(seconds):
            for _ in range(MOST_REDIRECTS + 1):
                rules = OWN if _is_ours(url) else policy()
                target = target_of(url, rules)
                async with _exchange(target, headers, rules, verify=True) as response:
                    if response.status in REDIRECTS:
                        url = _next(url, response)
                        continue
                    if response.status not in SUCCESS:
                        raise Unreachable(f"{target.receiver} answered {response.status}")
                    yield response.aiter_stream()
                    return
            raise Unreachable(f"More than {MOST_REDIRECTS} redirects")
    except TimeoutError:
        raise Unreachable(f"The download took longer than {seconds:g} s") from None


def _next(url: str, response: httpcore.Response) -> str:
    for name, value in response.headers:
        if name.lower() == b"location":
            return urljoin(url, value.decode("latin-1"))
    raise Unreachable("A redirect without an address")
