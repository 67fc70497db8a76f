"""The Console's own pool of streams: reads are as large as what has come."""

import socket

from console.api.resources.logs import stream_log
from console.http import async_api_for, async_pool
from tests.console.api.servers import HEAD, read_request, server
from tests.fakes import RUN_ID, TOKEN

SIZE = 8 << 20
NARROW = 65536  # what httpcore reads at a time by itself


def much(connection: socket.socket) -> None:
    read_request(connection)
    connection.sendall(HEAD + f"Content-Length: {SIZE}\r\n\r\n".encode() + bytes(SIZE))


async def test_a_stream_is_read_in_wide_pieces() -> None:
    async_pool.cache_clear()
    with server(much) as url:
        async with async_api_for(url, TOKEN).stream(stream_log(RUN_ID)) as answer:
            sizes = [len(chunk) async for chunk in answer.chunks]
        await async_pool().close()
    async_pool.cache_clear()
    assert sum(sizes) == SIZE
    assert max(sizes) > NARROW
