"""Calls on the thread of their page: over a connection that was kept, within the deadline."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.api.client import IDLE_SECONDS, Api, Pool
from console.api.errors import Limited, Refused, TooSlow, Truncated
from console.api.resources.runs import get_run, start_run
from console.api.wire import Target, trust
from console.bounded import BoundedTransport
from tests.console.api.executing import RUN
from tests.console.api.servers import (
    HEAD,
    Handler,
    dripping,
    read_request,
    secure,
    server,
    whole,
)
from tests.fakes import ACTOR_ID, RUN_ID, TOKEN

MISSING = (
    b"HTTP/1.1 404 Not Found\r\nContent-Length: 55\r\n\r\n"
    b'{"error":{"type":"record-not-found","message":"None."}}'
)
LIMITED = b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n"


@contextmanager
def warm(then: Handler, *, seconds: float = 10.0) -> Iterator[tuple[Api, list[int]]]:
    """An API that was asked once over the connection that `then` gets, and a mark for each
    connection that has come."""
    seen: list[int] = []

    def handle(connection: socket.socket) -> None:
        seen.append(1)
        if len(seen) == 1:
            read_request(connection)
            connection.sendall(whole(RUN))
        then(connection)

    pool = Pool(threads=4, delay=0.001, connect=lambda: BoundedTransport(trust(), IDLE_SECONDS))
    with server(handle) as url:
        api = Api(Target(url, TOKEN), pool, seconds=seconds)
        assert api.run(get_run(RUN_ID)).id == RUN_ID
        try:
            yield api, seen
        finally:
            pool.close()


def again(*answers: bytes) -> Handler:
    left = list(answers)

    def handle(connection: socket.socket) -> None:
        while left:
            read_request(connection)
            connection.sendall(left.pop(0))

    return handle


def elsewhere(api: Api, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The calls that go to another thread from now on."""
    handed: list[str] = []
    submit = api._pool.threads.submit

    def spy(work: Callable[..., object], *rest: object) -> object:
        handed.append(work.__name__)
        return submit(work, *rest)

    monkeypatch.setattr(api._pool.threads, "submit", spy)
    return handed


def test_a_kept_connection_needs_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    with warm(again(whole(RUN), whole(RUN))) as (api, connections):
        handed = elsewhere(api, monkeypatch)
        assert api.run(get_run(RUN_ID)).id == RUN_ID
        assert api.gather(get_run(RUN_ID))[0].id == RUN_ID
    assert (handed, len(connections)) == ([], 1)
    assert [call.method for call in api.made] == ["GET"] * 3
    assert api.waited > 0


def test_calls_at_once_need_one_thread_less(monkeypatch: pytest.MonkeyPatch) -> None:
    with warm(again(*[whole(RUN)] * 3)) as (api, connections):
        handed = elsewhere(api, monkeypatch)
        ended = api.try_all(get_run(RUN_ID), get_run(RUN_ID), get_run(RUN_ID))
        assert api.try_all() == ()
    assert [getattr(run, "id", run) for run in ended] == [RUN_ID] * 3
    assert (handed, len(connections) > 1) == (["_work"] * 2, True)


def test_what_the_api_refuses_is_told_from_here(monkeypatch: pytest.MonkeyPatch) -> None:
    with warm(again(MISSING, whole(RUN))) as (api, connections):
        handed = elsewhere(api, monkeypatch)
        with pytest.raises(Refused, match="None"):
            api.run(get_run(RUN_ID))
        assert api.run(get_run(RUN_ID)).id == RUN_ID
    assert (handed, len(connections)) == ([], 1)


def test_a_limited_call_is_tried_again_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    with warm(again(LIMITED, whole(RUN))) as (api, _):
        handed = elsewhere(api, monkeypatch)
        assert api.run(get_run(RUN_ID)).id == RUN_ID
    assert handed == ["_work"]


def test_a_call_that_stays_limited_counts_all_its_tries() -> None:
    with warm(again(*[LIMITED] * 4)) as (api, _), pytest.raises(Limited, match="4"):
        api.run(get_run(RUN_ID))


@pytest.mark.parametrize("text", [HEAD[:20], HEAD + b"Content-Length: 900000\r\n\r\n{"])
def test_f02_dripping_ends_at_the_deadline_on_a_kept_connection(text: bytes) -> None:
    done = threading.Event()
    with (
        warm(dripping(text, done=done), seconds=0.3) as (api, _),
        pytest.raises(TooSlow, match=r"within 0\.3 seconds") as raised,
    ):
        api.run(get_run(RUN_ID))
    done.set()
    assert raised.value.maybe_done


def test_silence_ends_at_the_deadline_on_a_kept_connection() -> None:
    done = threading.Event()

    def silent(_: socket.socket) -> None:
        done.wait(5)

    with warm(silent, seconds=0.3) as (api, _), pytest.raises(TooSlow):
        api.run(get_run(RUN_ID))
    done.set()


def test_a_connection_that_was_closed_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """So a POST is not lost on it, and no name is looked up on a page's own thread."""
    closed = threading.Event()
    answers = [b"", whole(RUN)]

    def then(connection: socket.socket) -> None:
        if answers.pop(0):
            read_request(connection)
            connection.sendall(whole(RUN))
        else:
            connection.close()
            closed.set()

    with warm(then) as (api, connections):
        assert closed.wait(5)
        handed = elsewhere(api, monkeypatch)
        assert api.run(start_run(ACTOR_ID)).id == RUN_ID
    assert (handed, len(connections)) == (["_work"], 2)


def test_f05_post_is_not_sent_again_on_another_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def then(connection: socket.socket) -> None:
        read_request(connection)
        connection.close()

    with warm(then) as (api, connections), pytest.raises(Truncated) as raised:
        api.run(start_run(ACTOR_ID))
    assert len(connections) == 1
    assert raised.value.maybe_done


def test_a_kept_connection_with_tls_is_used_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with server(secure(tmp_path, again(whole(RUN), whole(RUN)))) as url:
        trusting = ssl.create_default_context(cafile=tmp_path / "key.pem")
        pool = Pool(threads=2, connect=lambda: BoundedTransport(trusting, IDLE_SECONDS))
        api = Api(Target(url.replace("http:", "https:"), TOKEN), pool)
        assert api.run(get_run(RUN_ID)).id == RUN_ID
        handed = elsewhere(api, monkeypatch)
        assert api.run(get_run(RUN_ID)).id == RUN_ID
        pool.close()
    assert handed == []
