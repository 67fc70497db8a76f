"""Token buckets, one per caller and resource (semantics.md rules 53-57)."""

import time
from collections import OrderedDict

from apps.platform.domain.errors import ApiError

GLOBAL_PER_SECOND = 250_000 // 60
MOST_BUCKETS = 20_000


class Limiter:
    """`scale` multiplies every limit; 0 turns limiting off. State is of this process."""

    def __init__(self, scale: float) -> None:
        self._scale = scale
        self._buckets: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()

    def limit(self, rate: int) -> int:
        return int(rate * self._scale) if self._scale else rate

    def take(self, caller: str, resource: str, rate: int) -> None:
        """ApiError 429 when the caller or the resource is over its limit."""
        if not self._scale:
            return
        self._take((caller, ""), int(GLOBAL_PER_SECOND * self._scale))
        # what is allowed more often has a bucket of its own, so that neither empties the other's
        self._take((caller, f"{rate} {resource}"), self.limit(rate))

    def _take(self, key: tuple[str, str], rate: int) -> None:
        now = time.monotonic()
        left, seen = self._buckets.pop(key, (float(rate), now))
        left = min(float(rate), left + (now - seen) * rate)
        if left < 1:
            self._buckets[key] = (left, now)
            raise ApiError(
                429,
                "rate-limit-exceeded",
                f"You have exceeded the rate limit of {rate} requests per second",
            )
        self._buckets[key] = (left - 1, now)
        if len(self._buckets) > MOST_BUCKETS:
            self._buckets.popitem(last=False)
