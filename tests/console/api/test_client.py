"""Both executors against the same answers: what one does, the other does."""

from typing import Any

import pytest

from console.api.calls import Call
from console.api.client import Api, Pool
from console.api.errors import (
    Limited,
    Refused,
    Unreadable,
)
from console.api.models.runs import Run
from console.api.resources.runs import get_run, start_run
from console.api.wire import Target
from tests.console.api.executing import PATH, Execute
from tests.fakes import ACTOR_ID, RUN_ID, TOKEN, FakeApi, run_json


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
    assert seen.headers["x-apify-request-origin"] == "WEB"
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
