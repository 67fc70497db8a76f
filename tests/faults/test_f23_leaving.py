"""F-23: a browser that leaves in the middle of a download leaves nothing behind."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psutil
import uvicorn
from django.http import QueryDict

from apps.datasets.export import read_export
from apps.datasets.streams import send_export
from console.api.async_client import AsyncApi, AsyncPool
from console.api.wire import Target
from tests.fakes import DATASET_ID
from tests.faults.scripted import Server, serving
from tests.faults.test_f06_truncation import script

LINE = b'{"text":"' + b"x" * 1000 + b'"}\n'
SIZE = 100 * 1024 * 1024
TIMES = 50


async def endless(target: str, writer: asyncio.StreamWriter) -> None:
    if "/items" not in target:
        await script(lambda: b"")(target, writer)
        return
    writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n".encode())
    for _ in range(SIZE // (len(LINE) * 64)):
        writer.write(LINE * 64)
        await writer.drain()


@asynccontextmanager
async def console(upstream: str) -> AsyncIterator[int]:
    """The download alone, served by the real server of the Console."""
    pool = AsyncPool()

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        api = AsyncApi(Target(upstream, "token"), pool)
        export = read_export(QueryDict(scope["query_string"]))
        await send_export(receive, send, api, DATASET_ID, export)

    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_config=None))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await running
    await pool.close()


async def leave_early(port: int, query: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /?{query} HTTP/1.1\r\nHost: console\r\n\r\n".encode())
    await reader.readexactly(300_000)
    writer.transport.abort()


async def let_go(server: Server) -> None:
    async with asyncio.timeout(5):
        await server.idle.wait()


async def test_f_23_fifty_browsers_that_leave_leave_nothing_behind() -> None:
    process = psutil.Process()
    async with serving(endless) as server, console(server.url) as port:
        await leave_early(port, "format=jsonl")
        await let_go(server)
        gc.collect()
        before = process.num_fds(), process.memory_info().rss
        for number in range(TIMES):
            await leave_early(port, f"format={('json', 'jsonl', 'csv')[number % 3]}")
            await let_go(server)
        gc.collect()
        assert process.num_fds() <= before[0]
        assert process.memory_info().rss <= before[1] * 1.05 + 4_000_000
