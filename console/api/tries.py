"""When a failed call is tried again: the same rule for both executors, without any I/O.

429 means that nothing was done, so any call is repeated as the reference says (L195-202): wait
between DELAY and twice DELAY, then double DELAY. A connection that failed before the answer is
tried once more for GET only. All else is final; a POST is never repeated blindly.
"""

import random
import time
from collections.abc import Callable

from console.api.errors import ApiError, Limited, Truncated, Unreachable

DELAY = 0.5
MOST_LIMITED = 3
RECONNECT = 0.1


class Tries:
    """Counts the tries of one call; `deadline` is a reading of `now`, in seconds."""

    def __init__(
        self,
        method: str,
        *,
        deadline: float,
        delay: float = DELAY,
        most: int = MOST_LIMITED,
        now: Callable[[], float] = time.monotonic,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self._method = method
        self._deadline = deadline
        self._delay = delay
        self._most = most
        self._now = now
        self._uniform = uniform
        self._limited = 0
        self._reconnected = False

    def wait_after(self, error: ApiError) -> float:
        """Seconds to wait before the next try; raises `error` when there is to be none."""
        if isinstance(error, Limited):
            return self._after_limit(error)
        lost = isinstance(error, Unreachable) or (
            isinstance(error, Truncated) and not error.answered
        )
        if lost and self._method == "GET" and not self._reconnected:
            self._reconnected = True
            return self._within(RECONNECT, error)
        raise error

    def _after_limit(self, error: Limited) -> float:
        self._limited += 1
        wait = self._uniform(self._delay, 2 * self._delay)
        self._delay *= 2
        final = Limited(error.label, tries=self._limited, retry_in=wait)
        if self._limited > self._most:
            raise final from error
        return self._within(wait, final)

    def _within(self, wait: float, error: ApiError) -> float:
        if self._now() + wait >= self._deadline:
            raise error
        return wait
