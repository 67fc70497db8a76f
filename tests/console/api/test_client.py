"""Both executors against the same answers: what one does, the other does."""

import asyncio
import gzip
import json
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from console.api import wire
from console.api.async_client import AsyncApi, AsyncPool
from console.api.calls import Call
from console.api.client import Api, Pool
from console.api.errors import (
    ApiError,
    Limited,
    Refused,
    TooSlow,
    Truncated,
    Unreachable,
    Unreadable,
)
from console.api.models.runs import Run
from console.api.resources.logs import get_log
from console.api.resources.runs import get_run, start_run
from console.api.wire import Target
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
from tests.fakes import ACTOR_ID, RUN_ID, TOKEN, Bytes, FakeApi, run_json

Execute = Callable[..., Any]
PATH = f"/v2/actor-runs/{RUN_ID}"
RUN = json.dumps({"data": run_json()}).encode()


def run_sync(call: Call[Any], *, url: str, fake: FakeApi | None, seconds: float) -> Any:
    pool = Pool(threads=4, delay=0.001, connect=fake.transport) if fake else Pool(delay=0.001)
    try:
        return Api(Target(url, TOKEN, "Callboard/test"), pool, seconds=seconds).run(call)
    finally:
        pool.close()


def run_async(call: Call[Any], *, url: str, fake: FakeApi | None, seconds: float) -> Any:
    async def go() -> Any:
        pool = AsyncPool(delay=0.001, transport=fake.transport() if fake else None)
        api = AsyncApi(Target(url, TOKEN, "Callboard/test"), pool, seconds=seconds)
        try:
            return await api.run(call)
        finally:
            await pool.close()

    return asyncio.run(go())


@pytest.fixture(params=[run_sync, run_async], ids=["sync", "async"])
def execute(request: pytest.FixtureRequest) -> Execute:
    def go(
        call: Call[Any],
        *,
        url: str = "http://api.test",
        fake: FakeApi | None = None,
        seconds: float = 10,
    ) -> Any:
        return request.param(call, url=url, fake=fake, seconds=seconds)

    return go


@pytest.fixture
def fake() -> FakeApi:
    return FakeApi()


def test_it_reads_the_answer(execute: Execute, fake: FakeApi) -> None:
    fake.data("GET", PATH, run_json(status="RUNNING"))
    run: Run = execute(get_run(RUN_ID), fake=fake)
    assert (run.id, run.status, run.stats.compute_units) == (RUN_ID, "RUNNING", 0.13804)


def test_the_token_travels_in_its_header_alone(execute: Execute, fake: FakeApi) -> None:
    fake.data("GET", PATH, run_json())
    execute(get_run(RUN_ID, wait_for_finish=1), fake=fake)
    seen = fake.calls[0]
    assert seen.headers.pop("authorization") == f"Bearer {TOKEN}"
    assert TOKEN not in f"{seen.path}{seen.query}{seen.headers}"
    assert seen.headers["accept-encoding"] == "identity"
    assert seen.headers["user-agent"] == "Callboard/test"
    assert seen.query == {"waitForFinish": "1"}


def test_a_mark_ends_the_user_agent(execute: Execute, fake: FakeApi) -> None:
    fake.data("POST", f"/v2/acts/{ACTOR_ID}/runs", run_json(), status=201)
    execute(start_run(ACTOR_ID, input_body=b"{}").marked("intent/1"), fake=fake)
    seen = fake.calls[0]
    assert seen.headers["user-agent"] == "Callboard/test intent/1"
    assert (seen.body, seen.headers["content-type"]) == (b"{}", "application/json")


def test_no_token_no_header(fake: FakeApi) -> None:
    fake.data("GET", PATH, run_json())
    pool = Pool(connect=fake.transport)
    Api(Target("http://api.test/", ""), pool).run(get_run(RUN_ID))
    pool.close()
    assert "authorization" not in fake.calls[0].headers


def test_rule_6_the_apis_own_words(execute: Execute, fake: FakeApi) -> None:
    fake.error("GET", PATH, 404, "record-not-found", "Run was not found")
    with pytest.raises(Refused) as raised:
        execute(get_run(RUN_ID), fake=fake)
    refused = raised.value
    assert (refused.status, refused.kind, refused.sentence) == (
        404,
        "record-not-found",
        "Run was not found",
    )
    assert not refused.maybe_done
    assert "deleted" in refused.advice


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("body", [b"", b"<script>alert(1)</script>", b"[]", b'{"error": 3}'])
def test_f04_an_error_without_words(
    execute: Execute, fake: FakeApi, status: int, body: bytes
) -> None:
    fake.raw("GET", PATH, body, content_type="text/html", status=status)
    with pytest.raises(Refused) as raised:
        execute(get_run(RUN_ID), fake=fake)
    assert raised.value.sentence == f"The API answered {status}."
    assert raised.value.maybe_done


def test_a_redirect_is_not_followed(execute: Execute, fake: FakeApi) -> None:
    fake.raw("GET", PATH, b"", status=302, headers={"location": "http://evil.test/"})
    with pytest.raises(Refused, match="redirect"):
        execute(get_run(RUN_ID), fake=fake)
    assert len(fake.calls) == 1


def test_rule_12_a_limit_is_waited_for(execute: Execute, fake: FakeApi) -> None:
    fake.error("GET", PATH, 429, "rate-limit-exceeded")
    fake.raw("GET", PATH, b"<html>", content_type="text/html", status=429)
    fake.data("GET", PATH, run_json())
    assert execute(get_run(RUN_ID), fake=fake).id == RUN_ID


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_f03_at_most_four_calls_when_the_limit_stays(
    execute: Execute, fake: FakeApi, method: str
) -> None:
    path = PATH if method == "GET" else f"/v2/acts/{ACTOR_ID}/runs"
    fake.error(method, path, 429, "rate-limit-exceeded")
    call: Call[Any] = get_run(RUN_ID) if method == "GET" else start_run(ACTOR_ID)
    with pytest.raises(Limited) as raised:
        execute(call, fake=fake)
    assert len(fake.calls) == 4
    assert not raised.value.maybe_done


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"<html>", b"[]", b'{"data": null}', b'{"data": []}', b'{"data": {"id": 1}}'],
)
def test_f07_what_cannot_be_read(execute: Execute, fake: FakeApi, body: bytes) -> None:
    fake.raw("GET", PATH, body)
    with pytest.raises(Unreadable):
        execute(get_run(RUN_ID), fake=fake)


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_f01_a_refused_connection(execute: Execute, method: str) -> None:
    call: Call[Any] = get_run(RUN_ID) if method == "GET" else start_run(ACTOR_ID)
    with pytest.raises(Unreachable, match="it refuses connections") as raised:
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
