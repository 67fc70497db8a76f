"""Keeps a `Tail` fed from the API's log stream, over as many connections as that takes.

Each connection gives the log from its beginning, so a new one is matched with what is here: by
length, or, when the API has dropped the beginning meanwhile, by the last bytes.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import Final

from console.api.errors import ApiError
from console.api.resources.logs import stream_log
from console.http import AsyncApi
from console.live.tail import Tail

IDLE: Final = 300.0  # seconds without a byte, after which a connection is not trusted any more
PAUSES: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
MATCHED: Final = 1024
PATIENCE: Final = 2.0


async def follow(
    api: AsyncApi,
    log_id: str,
    tail: Tail,
    *,
    is_over: Callable[[], bool],
    changed: Callable[[], None],
) -> None:
    """Returns when the run or build has ended and its log is here whole; closes `tail`."""
    failures = 0
    while True:
        before, was_over = tail.end, is_over()
        try:
            async with api.stream(stream_log(log_id, raw=True), idle=IDLE) as answer:
                await pour(answer.chunks, tail, changed)
            broke_off = False
        except ApiError:
            broke_off = True
        if was_over and (not broke_off or failures > len(PAUSES)):
            break
        failures = 0 if tail.end > before else failures + 1
        await asyncio.sleep(PAUSES[min(failures, len(PAUSES) - 1)])
    tail.close()
    changed()


async def pour(chunks: AsyncIterator[bytes], tail: Tail, changed: Callable[[], None]) -> None:
    """Appends what is new of `chunks`, which begin where the API's log begins."""
    joint: bytearray | None = bytearray() if tail.end else None
    until = time.monotonic() + PATIENCE
    async for chunk in chunks:
        if joint is None:
            tail.append(chunk)
        else:
            joint += chunk
            if len(joint) < tail.end and time.monotonic() < until:
                continue
            tail.append(news(joint, tail))
            joint = None
        changed()
    if joint:
        tail.append(news(joint, tail))
        changed()


def news(joint: bytearray, tail: Tail) -> bytes:
    """What of a new connection's bytes is not in `tail` yet."""
    known = tail.last(MATCHED)
    if joint[max(tail.end - len(known), 0) : tail.end] == known:
        return bytes(joint[tail.end :])
    at = joint.rfind(known)
    return bytes(joint[at + len(known) :]) if at >= 0 else bytes(joint)
