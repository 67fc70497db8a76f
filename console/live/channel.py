"""What other processes tell about a workspace, on the Redis channel `callboard:ws:<id>`.

Celery jobs publish there. The channel of a workspace is subscribed to while somebody of it looks on
in this process; by that the jobs know that news are worth their calls. Without Redis the pages are
as right, a little later.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import msgspec
from django.conf import settings

PREFIX: Final = "callboard:ws:"
PAUSES: Final = (1.0, 2.0, 5.0, 15.0)
LISTEN: Final = 0.5  # seconds after which a newly wanted channel is subscribed to
log = logging.getLogger(__name__)
Heard = Callable[[dict[str, Any]], None]

_wanted: dict[int, list[Heard]] = defaultdict(list)
_listener: "asyncio.Task[None] | None" = None


async def hear(workspace_id: int, heard: Heard) -> None:
    """Calls `heard` with each message of the workspace until it is cancelled."""
    global _listener  # noqa: PLW0603 - one connection a process
    _wanted[workspace_id].append(heard)
    if _listener is None or _listener.done():
        _listener = asyncio.create_task(_listen())
    try:
        await asyncio.Event().wait()
    finally:
        _wanted[workspace_id].remove(heard)
        if not _wanted[workspace_id]:
            del _wanted[workspace_id]


async def _listen() -> None:
    """For as long as anybody wants to hear. One connection, whatever happens to Redis."""
    import redis.asyncio as redis  # costs 8 MB, and many processes never have a viewer

    failures = 0
    while _wanted:
        client = redis.from_url(settings.REDIS_URL, socket_connect_timeout=5)
        try:
            async with client, client.pubsub() as channel:
                await _pass_on(channel)
                failures = 0
        except (redis.RedisError, OSError) as problem:
            log.info("Redis gives no news now: %s", problem)
            await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
            failures += 1


async def _pass_on(channel: Any) -> None:
    known: set[int] = set()
    while _wanted:
        fresh, gone = set(_wanted) - known, known - set(_wanted)
        if fresh:
            await channel.subscribe(*(f"{PREFIX}{each}" for each in fresh))
        if gone:
            await channel.unsubscribe(*(f"{PREFIX}{each}" for each in gone))
        known = set(_wanted)
        message = await channel.get_message(ignore_subscribe_messages=True, timeout=LISTEN)
        if message is not None:
            _tell(message)


def _tell(message: dict[str, Any]) -> None:
    number = (message.get("channel") or b"").decode("ascii", "replace").removeprefix(PREFIX)
    with suppress(msgspec.MsgspecError, ValueError):
        told = msgspec.json.decode(message.get("data") or b"", type=dict[str, Any])
        for heard in list(_wanted.get(int(number), ())):
            heard(told)
