"""The runner's few threads for database and disk; each keeps its own database connection."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connections

P = ParamSpec("P")
T = TypeVar("T")
PAUSES = (0.5, 1, 2, 4, 8, 16)  # seconds
log = logging.getLogger(__name__)
pool = ThreadPoolExecutor(4, "engine")


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return await asyncio.get_running_loop().run_in_executor(
        pool, partial(call, work, *args, **kwargs)
    )


def call(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Drops the connection of this thread when it broke."""
    try:
        return work(*args, **kwargs)
    except OperationalError:
        connections["platform"].close_if_unusable_or_obsolete()
        raise


async def stubbornly(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """As `in_thread`, tried again for half a minute while the database is away."""
    for pause in PAUSES:
        try:
            return await in_thread(work, *args, **kwargs)
        except OperationalError as problem:
            log.warning("The database is away, trying again: %s", problem)
            await asyncio.sleep(pause)
    return await in_thread(work, *args, **kwargs)
