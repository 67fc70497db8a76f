"""Sends what the outbox holds; a loop in a thread of its own, in every runner.

Several may run: they share the rows by leases. No receiver gets more than a few calls at once, and
`deliveries.due` leaves out those that have enough, so that a slow one delays no other.
"""

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import OperationalError

from apps.platform.clock import deliveries
from apps.platform.domain.destinations import Refused
from apps.platform.engine import leases, outbound
from apps.platform.engine.threads import PAUSES, call

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)
SWEEP = 1.0
RENEW = 3.0
MOST_AT_ONCE = 200
MOST_PER_RECEIVER = 8
KEPT_BODY = 64 << 10


class Sender:
    """Start it once per process; `look` may be called from any thread."""

    def __init__(self) -> None:
        self.owner = leases.new_owner()
        self.sending: dict[str, str] = {}  # dispatch id -> receiver
        self.stopping = False
        self.loop = asyncio.new_event_loop()
        self.rung = asyncio.Event()
        self.done: list[deliveries.Result] = []
        self.ended = asyncio.Event()
        self.pool = ThreadPoolExecutor(2, "webhooks")
        self.tasks: set[asyncio.Task[None]] = set()
        self.thread = threading.Thread(target=self._serve, name="webhooks", daemon=True)

    def start(self) -> None:
        self.thread.start()

    def look(self) -> None:
        """There is something new in the outbox."""
        self.loop.call_soon_threadsafe(self.rung.set)

    def shutdown(self) -> None:
        """Takes nothing more; calls under way are given up and sent again by the next sender."""
        self.stopping = True
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(5)

    def _serve(self) -> None:
        asyncio.set_event_loop(self.loop)
        for work in (self._deliver, self._record, self._renew):
            self._keep(self.loop.create_task(work()))
        self.loop.run_forever()

    def _keep(self, task: "asyncio.Task[None]") -> None:
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def _in_thread(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.loop.run_in_executor(self.pool, partial(call, work, *args, **kwargs))

    async def _deliver(self) -> None:
        while not self.stopping:
            self.rung.clear()
            try:
                more = await self._take()
            except Exception:
                log.exception("The outbox could not be read")
                more = False
            if not more:
                await self._rung_within(SWEEP)

    async def _rung_within(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.rung.wait(), seconds)
        except TimeoutError:
            return

    async def _take(self) -> bool:
        """Starts what is due and has room; whether something was started."""
        counts = Counter(self.sending.values())
        full = {receiver for receiver, count in counts.items() if count >= MOST_PER_RECEIVER}
        taken: dict[str, str] = {}
        for dispatch_id, receiver in await self._in_thread(deliveries.due, full, set(self.sending)):
            if len(self.sending) + len(taken) >= MOST_AT_ONCE or self.stopping:
                break
            if counts[receiver] < MOST_PER_RECEIVER:
                counts[receiver] += 1
                taken[dispatch_id] = receiver
        if not taken:
            return False
        for letter in await self._in_thread(deliveries.claim, list(taken), self.owner):
            self.sending[letter.dispatch.id] = taken[letter.dispatch.id]
            self._keep(self.loop.create_task(self._send(letter)))
        return True

    async def _send(self, letter: deliveries.Letter) -> None:
        try:
            result = await _attempt(letter)
        except Exception as problem:
            log.exception("Dispatch %s could not be sent", letter.dispatch.id)
            result = deliveries.Result(letter, f"The sender failed: {type(problem).__name__}")
        self.done.append(result)
        self.ended.set()

    async def _record(self) -> None:
        """Writes down what ended, all of it at once: a commit costs more than a call."""
        while not self.stopping:
            await self.ended.wait()
            self.ended.clear()
            results, self.done = self.done, []
            if not results:
                continue
            again = await self._stubbornly(results)
            for each in results:
                self.sending.pop(each.letter.dispatch.id, None)
            self.rung.set()  # receivers have room again
            if again is not None and again < SWEEP:
                self.loop.call_later(again, self.rung.set)

    async def _stubbornly(self, results: list[deliveries.Result]) -> float | None:
        """What cannot be written down in half a minute is sent again when its lease ends."""
        for pause in PAUSES:
            try:
                return await self._in_thread(deliveries.finish, results)
            except OperationalError as problem:
                log.warning("The database is away, trying again: %s", problem)
                await asyncio.sleep(pause)
        return None

    async def _renew(self) -> None:
        """Leases of calls under way; and those of senders that died are ended."""
        while not self.stopping:
            try:
                await self._in_thread(deliveries.free_those_of_the_dead)
                if self.sending:
                    await self._in_thread(deliveries.renew, self.owner, list(self.sending))
            except Exception:
                log.exception("Leases of webhook calls could not be renewed")
            await asyncio.sleep(RENEW)


async def _attempt(letter: deliveries.Letter) -> deliveries.Result:
    if letter.problem:
        return deliveries.Result(letter, letter.problem)
    try:
        answer = await outbound.post(
            letter.url,
            letter.headers,
            letter.body,
            verify=letter.verify,
            seconds=settings.PLATFORM_WEBHOOK_SECONDS,
            most=KEPT_BODY,
        )
    except (Refused, outbound.Unreachable) as problem:
        return deliveries.Result(letter, str(problem))
    return deliveries.Result(letter, None, answer.status, answer.body)


current: Sender | None = None


def begin() -> None:
    global current  # noqa: PLW0603 - one sender a process, started by a signal of Celery
    current = Sender()
    current.start()


def end() -> None:
    if current:
        current.shutdown()
