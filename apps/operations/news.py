"""What a workspace's pages are told, on the channel `callboard:ws:<id>`, as JSON objects:

    {"kind": "run" | "build", "id": ..., "status": ..., "statusMessage": ...}
    {"kind": "operation", "id": <intent>, "user": <user id>, "state": ..., "status": ...}

Redis holds nothing else of it but the last look, so losing all of it costs one look.
"""

from functools import cache
from typing import Any

import msgspec
from django.conf import settings
from redis import Redis

from apps.operations.models import Intent
from console.api.models.builds import BuildSummary
from console.api.models.runs import RunSummary

KEPT = 3600  # seconds that the last look is remembered


@cache
def redis() -> Redis:
    return Redis.from_url(
        settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=2, health_check_interval=30
    )


class News:
    def __init__(self, connection: Redis, workspace_id: int) -> None:
        self._redis = connection
        self.channel = f"callboard:ws:{workspace_id}"

    def is_watched(self) -> bool:
        """Whether a page of the workspace is open anywhere."""
        ((_, count),) = self._redis.pubsub_numsub(self.channel)
        return bool(count)

    def take_turn(self, seconds: float) -> bool:
        """True for one caller only, until `next_in` or the seconds are over."""
        return bool(self._redis.set(f"{self.channel}:due", 1, nx=True, px=int(seconds * 1000)))

    def next_in(self, seconds: float) -> None:
        self._redis.set(f"{self.channel}:due", 1, px=int(seconds * 1000))

    def failed(self) -> int:
        """How many looks have failed in a row."""
        name = f"{self.channel}:failed"
        count = int(self._redis.incr(name))
        self._redis.expire(name, KEPT)
        return count

    def went_well(self) -> None:
        self._redis.delete(f"{self.channel}:failed")

    def tell_changes(self, listed: list[RunSummary | BuildSummary]) -> None:
        """Nothing on the first look: pages that open show the present anyway."""
        name = f"{self.channel}:seen"
        now = {each.id: [each.status, message(each)] for each in listed}
        known = self._redis.get(name)
        self._redis.set(name, msgspec.json.encode(now), ex=KEPT)
        if not isinstance(known, bytes):
            return
        before = msgspec.json.decode(known, type=dict[str, list[str]])
        for each in listed:
            if before.get(each.id) != now[each.id]:
                kind = "run" if isinstance(each, RunSummary) else "build"
                told = {"kind": kind, "id": each.id, "status": each.status}
                self._tell({**told, "statusMessage": message(each)})

    def tell_operation(self, intent: Intent) -> None:
        told = {"kind": "operation", "id": intent.pk, "user": intent.user_id}
        self._tell({**told, "state": intent.state, "status": intent.status})

    def _tell(self, what: dict[str, Any]) -> None:
        self._redis.publish(self.channel, msgspec.json.encode(what))


def message(each: RunSummary | BuildSummary) -> str:
    return (each.status_message or "") if isinstance(each, RunSummary) else ""
