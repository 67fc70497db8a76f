"""The Actor's own web server under its run's containerUrl, passed on byte by byte.

What an Actor serves is a stranger's. It gets no cookies of this host and sets none, and its pages
run in a sandbox of the browser with an origin of their own.
"""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

import httptools
from starlette.types import Receive, Scope, Send

from apps.platform.domain.ids import ID
from apps.platform.domain.statuses import RUNNING
from apps.platform.engine.web import PATH
from apps.platform.models import Run

CONNECT = 5.0  # seconds
READ = 1 << 16
HOP = {b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"upgrade"}
NOT_SENT = HOP | {b"host", b"cookie", b"proxy-authorization", b"expect", b"transfer-encoding"}
NOT_TAKEN = HOP | {b"transfer-encoding", b"set-cookie", b"access-control-allow-origin"}
WALLS = [
    (b"content-security-policy", b"sandbox allow-scripts allow-forms allow-popups allow-downloads"),
    (b"access-control-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]
_threads = ThreadPoolExecutor(2, "web")
Headers = list[tuple[bytes, bytes]]
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def serve(scope: Scope, receive: Receive, send: Send) -> None:
    key = scope["path"].removeprefix(PATH).partition("/")[0]
    address = await address_of(key)
    if not address:
        await _say(send, HTTPStatus.NOT_FOUND, "No run serves anything at this address.")
        return
    host, _, port = address.rpartition(":")
    try:
        opening = asyncio.open_connection(host, int(port), limit=READ)
        streams = await asyncio.wait_for(opening, CONNECT)
    except (OSError, TimeoutError):
        await _say(send, HTTPStatus.BAD_GATEWAY, "The Actor's web server does not answer.")
        return
    try:
        await _exchange(scope, receive, send, streams, f"{PATH}{key}")
    finally:
        streams[1].close()


async def address_of(key: str) -> str:
    """host:port of the server of the run with this key, "" when it is not running."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _address_of, key)


def _address_of(key: str) -> str:
    if not ID.match(key):  # it may hold what no database takes
        return ""
    found = Run.objects.filter(web_key=key, status=RUNNING).values_list("web_address", flat=True)
    return found.first() or ""


async def _exchange(
    scope: Scope, receive: Receive, send: Send, streams: Streams, prefix: str
) -> None:
    """Both ways at once: a server may answer before it has read everything, or never end."""
    up = asyncio.create_task(_upload(scope, receive, streams[1], prefix))
    answer = _Answer(send, prefix, head_only=scope["method"] == "HEAD")
    down = asyncio.create_task(_download(streams[0], answer))
    await until_one_ends(up, down)
    if not answer.started:
        await _say(send, HTTPStatus.BAD_GATEWAY, "The Actor's web server ended without an answer.")


async def until_one_ends(*tasks: asyncio.Task[None]) -> None:
    """The others are ended then; so are all when the caller is."""
    try:
        await asyncio.wait(tasks, return_when="FIRST_COMPLETED")
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _upload(
    scope: Scope, receive: Receive, writer: asyncio.StreamWriter, prefix: str
) -> None:
    """Returns when the caller has left."""
    path = scope["raw_path"].split(b"?")[0].removeprefix(prefix.encode()) or b"/"
    query = b"?" + scope["query_string"] if scope["query_string"] else b""
    lines = [scope["method"].encode() + b" " + path + query + b" HTTP/1.1"]
    host, port = writer.get_extra_info("peername")[:2]
    headers = [each for each in scope["headers"] if each[0] not in NOT_SENT]
    headers += [(b"host", f"{host}:{port}".encode()), (b"connection", b"close")]
    headers += forwarded(scope, prefix)
    chunked = any(name == b"transfer-encoding" for name, _ in scope["headers"])
    headers += [(b"transfer-encoding", b"chunked")] if chunked else []
    lines += [name + b": " + value for name, value in headers]
    writer.write(b"\r\n".join(lines) + b"\r\n\r\n")
    more = True
    with contextlib.suppress(ConnectionError):  # it has heard enough, its answer is what counts
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body, more = message.get("body", b""), message.get("more_body", False)
            writer.write(_chunk(body) if chunked and body else body)
            await writer.drain()
        if chunked:
            writer.write(b"0\r\n\r\n")
    while (await receive())["type"] != "http.disconnect":
        pass


def _chunk(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(body), body)


def forwarded(scope: Scope, prefix: str) -> Headers:
    named = dict(scope["headers"])
    client = scope["client"][0] if scope.get("client") else ""
    return [
        (b"x-forwarded-for", client.encode()),
        (b"x-forwarded-host", named.get(b"host", b"")),
        (b"x-forwarded-prefix", prefix.encode()),
        (b"x-forwarded-proto", scope.get("scheme", "http").encode()),
    ]


class _Answer:
    """Collects what httptools reads; `flush` sends it on."""

    def __init__(self, send: Send, prefix: str, *, head_only: bool) -> None:
        self.started = self.ended = False
        self.counted = False  # whether the body says itself where it ends
        self._send = send
        self._prefix = prefix.encode()
        self._head_only = head_only
        self._headers: Headers = []
        self._status: int | None = None
        self._body: list[bytes] = []
        self.parser = httptools.HttpResponseParser(self)

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        self.counted |= name in {b"content-length", b"transfer-encoding"}
        if name == b"location" and value.startswith(b"/") and not value.startswith(b"//"):
            value = self._prefix + value
        if name not in NOT_TAKEN:
            self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        self._status = self.parser.get_status_code()
        self.ended = self._head_only

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        self.ended = True

    async def flush(self, *, over: bool) -> None:
        if self._status is None:
            return
        if not self.started:
            self.started = True
            head: dict[str, Any] = {"type": "http.response.start", "status": self._status}
            await self._send(head | {"headers": [*self._headers, *WALLS]})
        body, self._body = b"".join(self._body), []
        if body or over:
            await self._send({"type": "http.response.body", "body": body, "more_body": not over})


async def _download(reader: asyncio.StreamReader, answer: _Answer) -> None:
    """An answer that is cut short stays without its end, so that its reader sees it."""
    while not answer.ended:
        try:
            data = await reader.read(READ)
            if data:
                answer.parser.feed_data(data)
        except (ConnectionError, httptools.HttpParserError):
            return
        if not data and answer.counted:
            return
        await answer.flush(over=answer.ended or not data)
        if not data:
            return


async def _say(send: Send, status: HTTPStatus, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode() + b"\n"})
