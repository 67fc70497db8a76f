"""The runner's few threads for database and disk; each keeps its own database connection."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connections

P = ParamSpec("P")
T = TypeVar("T")
pool = ThreadPoolExecutor(4, "engine")


async def in_thread(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return await asyncio.get_running_loop().run_in_executor(
        pool, partial(_call, work, *args, **kwargs)
    )


def _call(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return work(*args, **kwargs)
    except OperationalError:
        connections["platform"].close_if_unusable_or_obsolete()
        raise
