"""The Console's own pool of streams: reads are as large as what has come."""

import os
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from console.api.async_client import AsyncApi, AsyncPool, many
from console.api.errors import TooSlow, Unreachable
from console.api.resources.logs import stream_log
from console.api.wire import Target
from console.http import async_api_for, async_pool
from console.wide import WideTransport
from tests.console.api.servers import HEAD, read_request, secure, server
from tests.fakes import RUN_ID, TOKEN

SIZE = 8 << 20
NARROW = 256_000  # what the event loop reads at a time by itself
Ask = Callable[[str], AsyncApi]


@pytest.fixture
async def ask() -> AsyncIterator[Ask]:
    async_pool.cache_clear()
    yield lambda url: async_api_for(url, TOKEN)
    await async_pool().close()
    async_pool.cache_clear()


def much(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(HEAD + f"Content-Length: {SIZE}\r\n\r\n".encode() + bytes(SIZE))


async def test_a_stream_is_read_in_wide_pieces(ask: Ask) -> None:
    with server(much) as url:
        async with ask(url).stream(stream_log(RUN_ID)) as answer:
            sizes = [len(chunk) async for chunk in answer.chunks]
    assert sum(sizes) == SIZE
    assert max(sizes) > NARROW


async def test_a_stream_that_falls_silent_ends(ask: Ask) -> None:
    over = threading.Event()

    def silent(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
        over.wait(5)

    with server(silent) as url, pytest.raises(TooSlow):
        async with ask(url).stream(stream_log(RUN_ID), idle=0.1) as answer:
            assert [chunk async for chunk in answer.chunks] == [b"{"]
    over.set()


async def test_whoever_leaves_ends_the_connection(ask: Ask) -> None:
    left = threading.Event()

    def endless(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")
        if connection.recv(1) == b"":
            left.set()

    with server(endless) as url:
        async with ask(url).stream(stream_log(RUN_ID)) as answer, aclosing(answer.chunks) as chunks:  # type: ignore[type-var] # a generator
            assert await anext(chunks) == b"{"
        assert left.wait(5)


async def test_f13_no_descriptor_left_is_told(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(_: int) -> int:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(os, "dup", none_left)
    with server(much) as url, pytest.raises(Unreachable):
        async with ask(url).stream(stream_log(RUN_ID)):
            pass


async def test_a_stream_with_tls_comes_whole(tmp_path: Path) -> None:
    with server(secure(tmp_path, much)) as url:
        trusting = ssl.create_default_context(cafile=tmp_path / "key.pem")
        pool = AsyncPool(transport=WideTransport(trusting, many()))
        api = AsyncApi(Target(url.replace("http:", "https:"), TOKEN), pool)
        async with api.stream(stream_log(RUN_ID)) as answer:
            assert sum([len(chunk) async for chunk in answer.chunks]) == SIZE
        await pool.close()
