"""Both executors before servers that refuse, drip, cut short or pack their answers."""

import gzip
import threading
import zlib
from pathlib import Path
from typing import Any

import httpx
import pytest

from console.api import wire
from console.api.calls import Call
from console.api.client import Api, Pool
from console.api.errors import (
    ApiError,
    TooSlow,
    Truncated,
    Unreachable,
    Unreadable,
)
from console.api.resources.logs import get_log
from console.api.resources.runs import get_run, start_run
from console.api.wire import Target
from tests.console.api.executing import PATH, RUN, Execute
from tests.console.api.servers import (
    HEAD,
    answering,
    closed_port,
    closing,
    dripping,
    secure,
    server,
    whole,
)
from tests.fakes import ACTOR_ID, RUN_ID, TOKEN, Bytes, FakeApi


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_f01_a_refused_connection(execute: Execute, method: str) -> None:
    call: Call[Any] = get_run(RUN_ID) if method == "GET" else start_run(ACTOR_ID)
    told = r" 127\.0\.0\.1:\d+ cannot be reached: it refuses connections"
    with pytest.raises(Unreachable, match=told) as raised:
        execute(call, url=closed_port())
    assert not raised.value.maybe_done


def test_f01_an_unknown_name(execute: Execute, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unreachable, match="its name is not known"):
        execute(get_run(RUN_ID), url="http://no-such-name.invalid")


def test_f01_no_tls_on_the_other_side(execute: Execute) -> None:
    with (
        server(lambda connection: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as url,
        pytest.raises(Unreachable, match="no secure connection"),
    ):
        execute(get_run(RUN_ID), url=url.replace("http:", "https:"))


def test_f01_a_certificate_that_is_not_trusted(execute: Execute, tmp_path: Path) -> None:
    with (
        server(secure(tmp_path)) as url,
        pytest.raises(Unreachable, match="its certificate is not trusted"),
    ):
        execute(get_run(RUN_ID), url=url.replace("http:", "https:"))


@pytest.mark.parametrize("url", ["ftp://api.test", "http://[::1", "http://api.test:99999", "x"])
def test_f01_an_address_that_is_none(execute: Execute, url: str) -> None:
    with pytest.raises(Unreachable):
        execute(get_run(RUN_ID), url=url)


@pytest.mark.parametrize(
    ("problem", "wanted"),
    [
        (httpx.ConnectTimeout(""), Unreachable),
        (httpx.PoolTimeout(""), TooSlow),
        (httpx.ReadTimeout(""), TooSlow),
        (httpx.LocalProtocolError(""), Unreachable),
        (httpx.ConnectError(""), Unreachable),
        (httpx.ReadError(""), Truncated),
    ],
)
def test_every_failure_below_http_has_a_meaning(
    execute: Execute, fake: FakeApi, problem: httpx.TransportError, wanted: type[ApiError]
) -> None:
    fake.breaks("GET", PATH, problem)
    with pytest.raises(wanted):
        execute(get_run(RUN_ID), fake=fake)


def test_get_is_sent_again_when_a_kept_connection_was_closed(execute: Execute) -> None:
    left = [b"", whole(RUN)]

    def handle(connection: Any) -> None:
        closing(left.pop(0))(connection)

    with server(handle) as url:
        assert execute(get_run(RUN_ID), url=url).id == RUN_ID


def test_f05_post_is_not_sent_again(execute: Execute) -> None:
    requests = []

    def handle(connection: Any) -> None:
        requests.append(1)
        closing(b"")(connection)

    with server(handle) as url, pytest.raises(Truncated, match="before there was") as raised:
        execute(start_run(ACTOR_ID), url=url)
    assert len(requests) == 1
    assert raised.value.maybe_done


@pytest.mark.parametrize("text", [HEAD[:20], HEAD + b"Content-Length: 900000\r\n\r\n{"])
def test_f02_dripping_ends_at_the_deadline(execute: Execute, text: bytes) -> None:
    done = threading.Event()
    with (
        server(dripping(text, done=done)) as url,
        pytest.raises(TooSlow, match=r"within 0\.3 seconds") as raised,
    ):
        execute(get_run(RUN_ID), url=url, seconds=0.3)
    done.set()
    assert raised.value.maybe_done


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b"Content-Length: 5000\r\n\r\n" + RUN[:100],
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n10\r\n0123456789",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ],
)
def test_f06_a_plain_body_cut_short(execute: Execute, answer: bytes) -> None:
    with server(closing(answer)) as url, pytest.raises(Truncated, match="before its end"):
        execute(get_log(RUN_ID), url=url)


PACKED = {
    "gzip": gzip.compress(RUN),
    "deflate": zlib.compress(RUN),
}


@pytest.mark.parametrize("encoding", PACKED)
def test_a_packed_body_is_unpacked(execute: Execute, fake: FakeApi, encoding: str) -> None:
    fake.raw("GET", PATH, PACKED[encoding], headers={"content-encoding": encoding})
    assert execute(get_run(RUN_ID), fake=fake).id == RUN_ID


@pytest.mark.parametrize("encoding", PACKED)
def test_f06_a_packed_body_cut_short(execute: Execute, fake: FakeApi, encoding: str) -> None:
    half = PACKED[encoding][:-30]
    fake.raw("GET", PATH, half, headers={"content-encoding": encoding})
    with pytest.raises(Truncated):
        execute(get_run(RUN_ID), fake=fake)


def test_a_packed_body_that_is_none_or_foreign(execute: Execute, fake: FakeApi) -> None:
    for encoding in ("gzip", "br"):
        fake.forget("GET", PATH) if fake.calls else None
        fake.raw("GET", PATH, b"not packed", headers={"content-encoding": encoding})
        with pytest.raises(Unreadable):
            execute(get_run(RUN_ID), fake=fake)


def test_f21_a_bomb_is_not_unpacked(
    execute: Execute, fake: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "LARGEST", 1000)
    bomb = gzip.compress(b"0" * 100_000)
    fake.raw("GET", f"/v2/logs/{RUN_ID}", bomb, headers={"content-encoding": "gzip"})
    with pytest.raises(Unreadable):
        execute(get_log(RUN_ID), fake=fake)


def test_a_body_beyond_all_measure(
    execute: Execute, fake: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "LARGEST", 1000)
    fake.reply("GET", PATH, lambda _: httpx.Response(200, stream=Bytes(b"0" * 600, b"0" * 600)))
    with pytest.raises(Unreadable):
        execute(get_run(RUN_ID), fake=fake)


def test_connections_are_used_again() -> None:
    accepted = []
    answer = answering(whole(RUN))

    def handle(connection: Any) -> None:
        accepted.append(1)
        answer(connection)

    with server(handle) as url:
        pool = Pool()
        api = Api(Target(url, TOKEN), pool)
        for _ in range(5):
            api.run(get_run(RUN_ID))
        pool.close()
    assert len(accepted) == 1
