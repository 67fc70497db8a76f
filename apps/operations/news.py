"""What a workspace's pages are told, on the channel `callboard:ws:<id>`, as JSON:

    {"users": [<ids of those of whose operations some have changed>]}

The rest that is kept in Redis is when the next look is due and how deep it must go, so losing all
of it costs one look.
"""

import random
from collections.abc import Iterable
from functools import cache

import msgspec
from django.conf import settings
from redis import Redis

from apps.operations.models import Intent

KEPT = 3600  # seconds
LEAST, MOST = 100, 1000  # how many of the newest runs a look asks for
MARGIN = 50
LONGEST_PAUSE = 60.0


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

    def back_off(self) -> None:
        """After a failed look: a random time, of which both ends double with every failure."""
        name = f"{self.channel}:failed"
        count = int(self._redis.incr(name))
        self._redis.expire(name, KEPT)
        longest = min(LONGEST_PAUSE, 2.0 ** min(count, 10))
        self.next_in(random.uniform(longest / 2, longest))  # noqa: S311 - not for secrets

    def went_well(self) -> None:
        self._redis.delete(f"{self.channel}:failed")

    def depth(self) -> int:
        kept = self._redis.get(f"{self.channel}:depth")
        return int(kept) if isinstance(kept, bytes) and kept.isdigit() else LEAST

    def keep_depth(self, asked: int, deepest: int, *, missed: bool) -> None:
        """The next look goes a little deeper than where the oldest open one was found; twice as
        deep if one was not found."""
        wanted = asked * 2 if missed else deepest + MARGIN
        self._redis.set(f"{self.channel}:depth", max(LEAST, min(wanted, MOST)), ex=KEPT)

    def tell(self, changed: Iterable[Intent]) -> None:
        users = sorted({intent.user_id for intent in changed})
        if users:
            self._redis.publish(self.channel, msgspec.json.encode({"users": users}))
