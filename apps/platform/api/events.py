"""The events websocket of running Actors (runtime-contract.md section 3).

One Redis subscription per process. When Redis is away the sockets stay open and hear nothing: the
Python SDK would fail at its start if the connection were refused.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from functools import partial

import redis.asyncio as redis
from django.conf import settings
from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.platform.domain.ids import ID
from apps.platform.domain.statuses import ACTIVE
from apps.platform.engine.events import CHANNEL
from apps.platform.models import Run

log = logging.getLogger(__name__)
MOST_PER_RUN = 20
UNKNOWN = 1008
RETRY = 1.0


class Hub:
    """Queues of frames by run."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[str]]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    @contextlib.asynccontextmanager
    async def listening(self, run_id: str) -> AsyncIterator[asyncio.Queue[str]]:
        queue: asyncio.Queue[str] = asyncio.Queue(100)
        self._queues[run_id].add(queue)
        self._changed.set()
        if self._task is None:
            self._task = asyncio.create_task(self._serve())
        try:
            yield queue
        finally:
            self._queues[run_id].discard(queue)
            if not self._queues[run_id]:
                del self._queues[run_id]
            self._changed.set()

    def full(self, run_id: str) -> bool:
        return run_id in self._queues and len(self._queues[run_id]) >= MOST_PER_RUN

    async def _serve(self) -> None:
        while True:
            try:
                await self._follow()
            except (redis.RedisError, OSError) as problem:
                log.warning("Events wait for Redis: %s", problem)
                await asyncio.sleep(RETRY)

    async def _follow(self) -> None:
        client = redis.Redis.from_url(settings.REDIS_URL)
        async with client, client.pubsub() as pubsub:
            subscribed: set[str] = set()
            while True:
                wanted = set(self._queues)
                if new := wanted - subscribed:
                    await pubsub.subscribe(*(CHANNEL + run_id for run_id in new))
                if old := subscribed - wanted:
                    await pubsub.unsubscribe(*(CHANNEL + run_id for run_id in old))
                subscribed = wanted
                if not subscribed:
                    self._changed.clear()
                    await self._changed.wait()
                    continue
                message = await pubsub.get_message(ignore_subscribe_messages=True, timeout=0.1)
                if message:
                    self._spread(message["channel"].decode(), message["data"].decode())

    def _spread(self, channel: str, text: str) -> None:
        for queue in self._queues.get(channel.removeprefix(CHANNEL), ()):
            if not queue.full():
                queue.put_nowait(text)


hub: Hub | None = None


async def serve(socket: WebSocket, run_id: str) -> None:
    """Accepts while the run is active; close code 1008 for an unknown or finished one."""
    global hub  # noqa: PLW0603 - made in the loop that serves
    hub = hub or Hub()
    loop = asyncio.get_running_loop()
    active = await loop.run_in_executor(None, partial(_is_active, run_id))
    await socket.accept()
    if not active or hub.full(run_id):
        await socket.close(UNKNOWN)
        return
    async with hub.listening(run_id) as queue:
        gone = asyncio.create_task(_gone(socket))
        while not gone.done():
            getting = asyncio.create_task(queue.get())
            await asyncio.wait({gone, getting}, return_when="FIRST_COMPLETED")
            if getting.done():
                await socket.send_text(getting.result())
            else:
                getting.cancel()


async def _gone(socket: WebSocket) -> None:
    """Actors send nothing; reading tells when they leave."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await socket.receive_text()


def _is_active(run_id: str) -> bool:
    return bool(ID.match(run_id)) and Run.objects.filter(id=run_id, status__in=ACTIVE).exists()
