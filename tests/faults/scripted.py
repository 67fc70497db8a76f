"""A real server on loopback that answers as scripted, also wrongly; and a browser of ASGI."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Script = Callable[[str, asyncio.StreamWriter], Awaitable[None]]
Message = MutableMapping[str, Any]


@dataclass
class Server:
    """`script` gets the request's target and writes the answer.

    `open` counts connections, `idle` is set when the last one closes.
    """

    script: Script
    url: str = ""
    open: int = 0
    asked: list[str] = field(default_factory=list)
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.idle.clear()
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                target = head.split(b" ", 2)[1].decode()
                self.asked.append(target)
                await self.script(target, writer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open -= 1
            if not self.open:
                self.idle.set()
            writer.close()


@asynccontextmanager
async def serving(script: Script) -> AsyncIterator[Server]:
    server = Server(script)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listener.close()


@dataclass
class Browser:
    """What a browser makes of an ASGI answer: `whole` is false when the end never came."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)
    whole: bool = False
    has_asked: bool = False

    async def receive(self) -> Message:
        if not self.has_asked:
            self.has_asked = True
            return {"type": "http.request", "body": b""}
        await asyncio.Event().wait()
        raise AssertionError("a browser that stays says nothing more")

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message.get("body", b"")
            self.whole = not message.get("more_body", False)
