"""Streams and downloads are served by the event loop, with no thread and no database connection of
their own; everything else is a page of Django's (`pages`)."""

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final, NamedTuple

from django.http import QueryDict

from apps.datasets.export import read_export
from apps.datasets.streams import send_export
from apps.key_value_stores.streams import send_archive, send_record
from apps.runs import streams
from console.http import async_api_for, async_pool
from console.live.door import Visitor, admit
from console.live.hub import hub
from console.live.request import StreamRequest
from console.pages import Message, Pages, Receive, Send, plain

LARGEST_HEAD: Final = 32 << 10
LONGEST_PREFIX: Final = 256
ID: Final = r"([A-Za-z0-9_~.-]{1,128})"


async def dataset_export(request: StreamRequest) -> bool:
    export = read_export(request.query)
    if export.problems:
        return False
    await send_export(request.receive, request.send, request.api, request.ids[0], export)
    return True


async def record(request: StreamRequest) -> bool:
    store_id, key = request.ids
    await send_record(
        request.receive, request.send, request.api, store_id, key, query=request.query
    )
    return True


async def archive(request: StreamRequest) -> bool:
    prefix = request.query.get("prefix", "")[:LONGEST_PREFIX]
    await send_archive(request.receive, request.send, request.api, request.ids[0], prefix=prefix)
    return True


class Route(NamedTuple):
    """A handler that answers False leaves the request to the page at the same address, which tells
    the person why; so does a visitor who may not."""

    pattern: re.Pattern[str]
    handler: Callable[[StreamRequest], Awaitable[bool]]
    permission: str = "read"


ROUTES: Final = (
    Route(re.compile("/live/"), streams.list_events),
    Route(re.compile("/operations/events/"), streams.work_events),
    Route(re.compile(f"/runs/{ID}/events/"), streams.run_events),
    Route(re.compile(f"/runs/{ID}/log/download"), streams.download_log),
    Route(re.compile(f"/builds/{ID}/events/"), streams.build_events),
    Route(re.compile(f"/builds/{ID}/log/download"), streams.download_log),
    Route(re.compile(f"/storage/datasets/{ID}/export"), dataset_export),
    Route(re.compile(f"/storage/key-value-stores/{ID}/archive"), archive),
    Route(re.compile(f"/storage/key-value-stores/{ID}/records/([^/]{{1,256}})/raw"), record),
)


class Router:
    def __init__(self) -> None:
        self.pages = Pages()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        elif sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEAD:
            text = "The request's head is too large. Delete this site's cookies and try again."
            await plain(send, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, text)
        elif scope["path"] == "/health/":
            await plain(send, HTTPStatus.OK, "ok")
        elif not await self._streamed(scope, receive, send):
            await self.pages(scope, receive, send)

    async def _streamed(self, scope: Message, receive: Receive, send: Send) -> bool:
        if scope["method"] != "GET":
            return False
        for route in ROUTES:
            match = route.pattern.fullmatch(scope["path"])
            if match:
                visitor = await admit(scope["headers"], route.permission)
                if visitor is None:
                    return False
                request = asked(scope, receive, send, visitor, match.groups())
                return await route.handler(request)
        return False

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                hub.start()
            else:
                await hub.stop()
                await async_pool().close()
                self.pages.close()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return


def asked(
    scope: Message, receive: Receive, send: Send, visitor: Visitor, ids: tuple[str, ...]
) -> StreamRequest:
    workspace = visitor.workspace
    return StreamRequest(
        visitor,
        async_api_for(workspace.api_url, workspace.token),
        QueryDict(scope["query_string"]),
        {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
        ids,
        receive,
        send,
    )
