"""Events for running Actors, from the runner over Redis to the Platform's websockets.

Shapes: runtime-contract.md section 3. Losing an event loses comfort, never the run.
"""

import json
import logging
from functools import cache
from typing import Any

import redis
from django.conf import settings

from apps.platform.domain.clock import iso, now

log = logging.getLogger(__name__)
CHANNEL = "callboard:actor-events:"


@cache
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def frame(name: str, data: dict[str, Any] | None = None) -> str:
    """One text frame: {"name", "createdAt", "data"}."""
    return json.dumps({"name": name, "createdAt": iso(now()), "data": data or {}})


def send(run_id: str, name: str, data: dict[str, Any] | None = None) -> bool:
    """Whether somebody listens; False too when Redis is away."""
    try:
        return bool(_redis().publish(CHANNEL + run_id, frame(name, data)))
    except redis.RedisError as problem:
        log.debug("Event %s of run %s was not sent: %s", name, run_id, problem)
        return False


def send_all(frames: list[tuple[str, str, dict[str, Any]]]) -> None:
    """Many events (run, name, data) in one go."""
    pipe = _redis().pipeline(transaction=False)
    for run_id, name, data in frames:
        pipe.publish(CHANNEL + run_id, frame(name, data))
    try:
        pipe.execute()
    except redis.RedisError as problem:
        log.debug("Events were not sent: %s", problem)


def system_info(memory: dict[str, float], cpu: dict[str, float], busy: bool) -> dict[str, Any]:
    """`data` of systemInfo; `memory` and `cpu` hold avg, max and current."""
    return {
        "memAvgBytes": memory["avg"],
        "memMaxBytes": memory["max"],
        "memCurrentBytes": memory["current"],
        "cpuAvgUsage": cpu["avg"],
        "cpuMaxUsage": cpu["max"],
        "cpuCurrentUsage": cpu["current"],
        "isCpuOverloaded": busy,
        "createdAt": iso(now()),
    }
