"""Sends a file over ASGI: no thread, constant memory, and never a short file that looks whole.

A body that breaks off is left without its last chunk, so that the browser marks the download as
failed. A browser that leaves ends the transfer at once, and with it the connection upstream.
"""

import asyncio
import logging
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Mapping,
    MutableMapping,
)
from contextlib import aclosing
from typing import Any, Final

from console.api.errors import ApiError
from console.errors import status_of

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# Larger pieces save more on sending than joining them costs.
PIECE: Final = 128 * 1024
PLAIN: Final = {
    "Content-Type": "text/plain; charset=utf-8",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
log = logging.getLogger(__name__)


async def send_file(
    receive: Receive,
    send: Send,
    chunks: AsyncGenerator[bytes, None],
    headers: Callable[[], Mapping[str, str]],
) -> None:
    """Sends `chunks`. `headers` is asked once the first chunk is there.

    An `ApiError` before that becomes an answer in plain text.
    """
    pump = asyncio.create_task(_pump(send, chunks, headers))
    left = asyncio.create_task(_left(receive))
    try:
        await asyncio.wait({pump, left}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (pump, left):
            task.cancel()
        results = await asyncio.gather(pump, left, return_exceptions=True)
    if isinstance(results[0], Exception):
        raise results[0]


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _pump(
    send: Send, chunks: AsyncGenerator[bytes, None], headers: Callable[[], Mapping[str, str]]
) -> None:
    async with aclosing(chunks):
        try:
            first = await anext(chunks, b"")
        except ApiError as error:
            await send_error(send, error)
            return
        await send(started(200, headers()))
        await send({"type": "http.response.body", "body": first, "more_body": True})
        try:
            async for piece in _pieces(chunks):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        except ApiError as error:
            log.warning("A download was cut off on purpose: %s", error)
            return
    await send({"type": "http.response.body", "body": b""})


async def _pieces(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    held: list[bytes] = []
    size = 0
    async for chunk in chunks:
        held.append(chunk)
        size += len(chunk)
        if size >= PIECE:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


async def send_error(send: Send, error: ApiError) -> None:
    await send_text(send, status_of(error), f"{error.sentence} {error.advice}\n")


async def send_text(send: Send, status: int, text: str) -> None:
    body = text.encode()
    await send(started(status, PLAIN))
    await send({"type": "http.response.body", "body": body})


def started(status: int, headers: Mapping[str, str]) -> Message:
    raw = [
        (name.lower().encode("ascii"), value.encode("latin-1")) for name, value in headers.items()
    ]
    return {"type": "http.response.start", "status": status, "headers": raw}
