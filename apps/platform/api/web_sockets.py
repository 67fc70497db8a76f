"""WebSockets of an Actor's own web server, under its run's containerUrl as the pages are.

Messages are passed on whole, one at a time, so that a slow reader holds its sender up.
"""

import asyncio
import contextlib

from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Origin, Subprotocol

from apps.platform.api import web
from apps.platform.engine.web import PATH

LARGEST = 16 << 20  # bytes of a message
NORMAL, GONE, FAILED = 1000, 1001, 1011
UNSENDABLE = {1004, 1005, 1006, 1015}  # what only says that no code came
ITS_OWN = web.NOT_SENT | {b"origin", b"sec-websocket-protocol"}


async def serve(socket: WebSocket) -> None:
    """Accepts as soon as the Actor's server has; refuses the handshake when that does not."""
    key = socket.scope["path"].removeprefix(PATH).partition("/")[0]
    address = await web.address_of(key)
    if not address:
        await socket.close()
        return
    prefix = f"{PATH}{key}"
    path = socket.scope["raw_path"].split(b"?")[0].decode("ascii").removeprefix(prefix) or "/"
    query = socket.scope["query_string"].decode("ascii", "replace")
    url = f"ws://{address}{path}" + (f"?{query}" if query else "")
    try:
        upstream = await connect(
            url,
            origin=_origin(socket),
            subprotocols=[Subprotocol(each) for each in socket.scope["subprotocols"]] or None,
            additional_headers=_headers(socket, prefix),
            user_agent_header=None,
            compression=None,
            open_timeout=web.CONNECT,
            max_size=LARGEST,
            max_queue=1,
            proxy=None,
        )
    except (OSError, TimeoutError, WebSocketException, ValueError):
        await socket.close()
        return
    async with upstream:
        await socket.accept(upstream.subprotocol)
        await _exchange(socket, upstream)


def _origin(socket: WebSocket) -> Origin | None:
    given = socket.headers.get("origin")
    return None if given is None else Origin(given)


def _headers(socket: WebSocket, prefix: str) -> list[tuple[str, str]]:
    named = [each for each in socket.scope["headers"] if each[0] not in ITS_OWN]
    named = [each for each in named if not each[0].startswith(b"sec-websocket-")]
    named += web.forwarded(socket.scope, prefix)
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in named]


async def _exchange(socket: WebSocket, upstream: ClientConnection) -> None:
    """Whoever closes first is followed by the other side, with the same code and reason."""
    up = asyncio.create_task(_up(socket, upstream))
    await web.until_one_ends(up, asyncio.create_task(_down(socket, upstream)))


async def _up(socket: WebSocket, upstream: ClientConnection) -> None:
    with contextlib.suppress(ConnectionClosed):  # `_down` hears of it too
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                code = message.get("code") or NORMAL
                await upstream.close(_sendable(code, GONE), message.get("reason") or "")
                return
            text = message.get("text")
            await upstream.send(message["bytes"] if text is None else text)
    await asyncio.Event().wait()


async def _down(socket: WebSocket, upstream: ClientConnection) -> None:
    try:
        while True:
            message = await upstream.recv()
            await (
                socket.send_text(message)
                if isinstance(message, str)
                else socket.send_bytes(message)
            )
    except ConnectionClosed as closed:
        code, reason = FAILED, ""
        if closed.rcvd:
            code, reason = _sendable(closed.rcvd.code, NORMAL), closed.rcvd.reason
        with contextlib.suppress(RuntimeError):  # it has left meanwhile
            await socket.close(code, reason)


def _sendable(code: int, otherwise: int) -> int:
    return otherwise if code in UNSENDABLE else code
