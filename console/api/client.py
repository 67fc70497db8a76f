"""The synchronous executor of calls, for pages.

httpx bounds each read, not the whole call, and cannot bound a name lookup at all. So a call runs
on a thread of the pool, and whoever waits stops waiting at the deadline and closes the connection.
Where a kept connection says that it is ready and bounds the call itself (`console.bounded`), the
call needs no other thread.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Expired
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar, overload

import httpx

from console.api import wire
from console.api.calls import Answer, Call
from console.api.errors import ApiError, TooSlow, Unreadable
from console.api.tries import DELAY, Tries
from console.api.wire import Target

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
T = TypeVar("T")

PAGE_SECONDS = 10.0
IDLE_SECONDS = 15.0


def one_connection() -> httpx.BaseTransport:
    """The transport itself rather than `httpx.Client`: half the CPU, and it follows nothing."""
    limits = httpx.Limits(max_connections=1, keepalive_expiry=IDLE_SECONDS)
    return httpx.HTTPTransport(verify=wire.trust(), limits=limits)


class Pool:
    """Threads and idle connections of one process, shared by all workspaces."""

    def __init__(
        self,
        *,
        threads: int = 64,
        delay: float = DELAY,
        connect: Callable[[], httpx.BaseTransport] = one_connection,
    ) -> None:
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="api")
        self.delay = delay
        self._connect = connect
        self._idle: dict[str, list[httpx.BaseTransport]] = {}

    def take(self, base_url: str) -> httpx.BaseTransport:
        try:
            return self._idle[base_url].pop()
        except (KeyError, IndexError):
            return self._connect()

    def ready(self, base_url: str) -> httpx.BaseTransport | None:
        """A kept connection that looks up no name and ends at the deadline, if there is one."""
        kept = self._idle.get(base_url)
        connection = self.take(base_url) if kept else None
        if connection is None or (hasattr(connection, "is_ready") and connection.is_ready()):
            return connection
        self.give_back(base_url, connection)
        return None

    def give_back(self, base_url: str, connection: httpx.BaseTransport) -> None:
        self._idle.setdefault(base_url, []).append(connection)

    def close(self) -> None:
        self.threads.shutdown(wait=False, cancel_futures=True)
        for connections in self._idle.values():
            for connection in connections:
                connection.close()
        self._idle.clear()


class _Attempt:
    """One call on its way; `give_up` is called from the thread that waits for it."""

    def __init__(self, connection: httpx.BaseTransport | None = None) -> None:
        self.given_up = threading.Event()
        self.connection = connection

    def drop(self) -> None:
        """The next try takes another connection."""
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    def give_up(self) -> None:
        self.given_up.set()
        if self.connection is not None:
            self.connection.close()


class Api:
    """Runs calls against one API; made for a request, cheap. `made` are its calls so far, `waited`
    the seconds until their answers were read: calls at once count once."""

    def __init__(self, target: Target, pool: Pool, *, seconds: float = PAGE_SECONDS) -> None:
        self.target = target
        self.seconds = seconds
        self.made: list[Call[Any]] = []
        self.waited = 0.0
        self._pool = pool

    def run(self, call: Call[T]) -> T:
        """The answer within the deadline, or one of `console.api.errors`."""
        with self._timed(call):
            return self._here(call, self._ready())

    @overload
    def gather(self, a: Call[A], b: Call[B], /) -> tuple[A, B]: ...
    @overload
    def gather(self, a: Call[A], b: Call[B], c: Call[C], /) -> tuple[A, B, C]: ...
    @overload
    def gather(self, a: Call[A], b: Call[B], c: Call[C], d: Call[D], /) -> tuple[A, B, C, D]: ...
    @overload
    def gather(self, *calls: Call[T]) -> tuple[T, ...]: ...
    def gather(self, *calls: Call[Any]) -> tuple[Any, ...]:
        """All answers, asked for at once; the first error of any, when all have ended."""
        ended = self.try_all(*calls)
        for each in ended:
            if isinstance(each, ApiError):
                raise each
        return ended

    def try_all(self, *calls: Call[T]) -> tuple[T | ApiError, ...]:
        """Like `gather`, but an error stands in the place of its answer."""
        if not calls:
            return ()
        *others, last = calls
        with self._timed(*calls):
            connection = self._ready()  # before the others take it
            started = [self._start(call) for call in others]
            final = _tried(partial(self._here, last, connection))
            ended = [
                _tried(partial(self._wait, call, *work))
                for call, work in zip(others, started, strict=True)
            ]
        return (*ended, final)

    @contextmanager
    def _timed(self, *calls: Call[Any]) -> Iterator[None]:
        self.made.extend(calls)
        began = time.perf_counter()
        try:
            yield
        finally:
            self.waited += time.perf_counter() - began

    def _ready(self) -> httpx.BaseTransport | None:
        return self._pool.ready(self.target.base_url)

    def _here(self, call: Call[T], connection: httpx.BaseTransport | None) -> T:
        """On this thread with a connection; without, and when it failed there, on another."""
        deadline = time.monotonic() + self.seconds
        tries, wait = self._tries(call, deadline), 0.0
        if connection is not None:
            try:
                return wire.read(call, self._once(call, _Attempt(connection), deadline))
            except ApiError as error:
                wait = tries.wait_after(error)
        return self._wait(call, *self._elsewhere(call, deadline, tries, wait))

    def _start(self, call: Call[T]) -> "tuple[Future[T], _Attempt, float]":
        deadline = time.monotonic() + self.seconds
        return self._elsewhere(call, deadline, self._tries(call, deadline), 0.0)

    def _tries(self, call: Call[T], deadline: float) -> Tries:
        return Tries(call.method, deadline=deadline, delay=self._pool.delay)

    def _elsewhere(
        self, call: Call[T], deadline: float, tries: Tries, wait: float
    ) -> "tuple[Future[T], _Attempt, float]":
        attempt = _Attempt()
        work = self._pool.threads.submit(self._work, call, attempt, deadline, tries, wait)
        return work, attempt, deadline

    def _wait(self, call: Call[T], future: "Future[T]", attempt: _Attempt, deadline: float) -> T:
        try:
            return future.result(max(0.0, deadline - time.monotonic()))
        except Expired:
            never_sent = future.cancel()
            attempt.give_up()
            raise TooSlow(call.label, seconds=self.seconds, sent=not never_sent) from None

    def _work(
        self, call: Call[T], attempt: _Attempt, deadline: float, tries: Tries, wait: float
    ) -> T:
        while True:
            attempt.given_up.wait(wait)
            try:
                return wire.read(call, self._once(call, attempt, deadline))
            except ApiError as error:
                wait = tries.wait_after(error)

    def _once(self, call: Call[T], attempt: _Attempt, deadline: float) -> Answer:
        request = wire.build(self.target, call, seconds=max(0.001, deadline - time.monotonic()))
        connection = attempt.connection or self._pool.take(self.target.base_url)
        attempt.connection = connection
        answered = False
        try:
            if attempt.given_up.is_set():
                raise TooSlow(call.label, seconds=self.seconds, sent=False)
            response = connection.handle_request(request)
            answered = True
            content = self._body(call, response, attempt)
        except httpx.TransportError as problem:
            attempt.drop()
            host = request.url.netloc.decode("ascii")
            raise wire.failure(
                call.label, host, problem, seconds=self.seconds, answered=answered
            ) from problem
        except BaseException:
            attempt.drop()
            raise
        attempt.connection = None
        self._pool.give_back(self.target.base_url, connection)
        return wire.complete(call, response.status_code, wire.headers_of(response), content)

    def _body(self, call: Call[T], response: httpx.Response, attempt: _Attempt) -> bytes:
        stream = response.stream
        assert isinstance(stream, httpx.SyncByteStream)  # noqa: S101 - a sync transport has no other
        content = bytearray()
        try:
            for chunk in stream:
                content += chunk
                if len(content) > wire.LARGEST:
                    raise Unreadable(call.label)
                if attempt.given_up.is_set():
                    raise TooSlow(call.label, seconds=self.seconds)
        finally:
            response.close()
        return bytes(content)


def _tried(work: Callable[[], T]) -> T | ApiError:
    try:
        return work()
    except ApiError as error:
        return error
