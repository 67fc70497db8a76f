"""Hints from other processes that something in a workspace has changed.

Celery jobs publish on `callboard:ws:<workspace id>`. A hint only makes a feed look at once instead
of at its next turn: without Redis the pages are as right, up to a second later.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from django.conf import settings

PREFIX: Final = "callboard:ws:"
PAUSES: Final = (1.0, 2.0, 5.0, 15.0)
log = logging.getLogger(__name__)


async def listen(hint: Callable[[int], None]) -> None:
    """Calls `hint` with the workspace's id, for ever. One connection, whatever happens to Redis."""
    import redis.asyncio as redis  # costs 8 MB, and many processes never have a viewer

    failures = 0
    while True:
        client = redis.from_url(settings.REDIS_URL, socket_connect_timeout=5)
        try:
            async with client, client.pubsub() as channel:
                await channel.psubscribe(f"{PREFIX}*")
                async for message in channel.listen():
                    failures = 0
                    told = message.get("channel") or b""
                    number = told.decode("ascii", "replace").removeprefix(PREFIX)
                    if message.get("type") == "pmessage" and number.isdecimal():
                        hint(int(number))
        except (redis.RedisError, OSError) as problem:
            log.info("Redis gives no hints now: %s", problem)
        await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
        failures += 1
