"""Waiting for runs and builds to end (semantics.md rules 80, 102): one query a tick serves all
callers, and none of them holds a thread."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import DatabaseError, connections

from apps.platform.domain.limits import LONGEST_WAIT
from apps.platform.domain.statuses import TERMINAL
from apps.platform.http.request import ApiRequest
from apps.platform.models import Build, Run

TICK = 0.05
AT_ONCE = 500

log = logging.getLogger(__name__)


class Watch:
    """Looks at the rows that somebody waits for; idle when nobody does."""

    def __init__(self, kind: Any) -> None:
        self._kind = kind
        self._thread = ThreadPoolExecutor(1, f"watch-{kind.__name__.lower()}")
        self._waiting: dict[str, set[asyncio.Event]] = {}
        self._task: asyncio.Task[None] | None = None

    async def ended(self, work_id: str, seconds: float) -> bool:
        """True once the row is terminal or gone, False after `seconds`."""
        event = asyncio.Event()
        self._waiting.setdefault(work_id, set()).add(event)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())
        try:
            await asyncio.wait_for(event.wait(), seconds)
        except TimeoutError:
            return False
        finally:
            self._forget(work_id, event)
        return True

    def _forget(self, work_id: str, event: asyncio.Event) -> None:
        events = self._waiting.get(work_id, set())
        events.discard(event)
        if not events:
            self._waiting.pop(work_id, None)

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            ids = list(self._waiting)
            try:
                active = await loop.run_in_executor(self._thread, self._active, ids)
            except DatabaseError as problem:
                log.warning("Nobody was told what has ended, trying again: %s", problem)
                active = set(ids)
            for work_id in ids:
                if work_id not in active:
                    for event in self._waiting.get(work_id, ()):
                        event.set()
            await asyncio.sleep(TICK)

    def _active(self, ids: list[str]) -> set[str]:
        found: set[str] = set()
        connections["platform"].close_if_unusable_or_obsolete()
        for start in range(0, len(ids), AT_ONCE):
            rows = self._kind.objects.filter(id__in=ids[start : start + AT_ONCE])
            found.update(rows.exclude(status__in=TERMINAL).values_list("id", flat=True))
        return found


runs = Watch(Run)
builds = Watch(Build)


def seconds_of(request: ApiRequest) -> int:
    """`waitForFinish`, at most 60 (rule 80; clients send 999999)."""
    return request.query.integer("waitForFinish", 0, maximum=LONGEST_WAIT) or 0
