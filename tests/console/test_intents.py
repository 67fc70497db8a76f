"""One click, one run: double clicks, lost answers (faults F-05 and F-19)."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from django.db import connections
from django.utils import timezone

from apps.operations.models import Intent
from console.api.errors import Refused, Unreachable
from console.api.resources.builds import abort_build, start_build
from console.api.resources.runs import abort_run, resurrect_run, start_run
from console.http import api_for
from console.intents import look_up, run_once, started_here
from console.outcomes import ASKED, DONE, FAILED, SENT, UNKNOWN, Outcome
from console.request import ConsoleRequest
from tests.fakes import ACTOR_ID, BASE_URL, BUILD_ID, RUN_ID, TOKEN, FakeApi, page, run_json

START = f"/v2/acts/{ACTOR_ID}/runs"
RUN = f"/v2/actor-runs/{RUN_ID}"
ABORT = f"{RUN}/abort"
OTHER_ID = "OtherRunOtherRun1"
Ask = Callable[..., Outcome]


@pytest.fixture
def request_of(cast: dict[str, Any], workspace: Any, fake_api: FakeApi) -> Any:
    """What `run_once` needs of a request, as luke's."""

    def make(name: str = "luke") -> ConsoleRequest:
        api = api_for(BASE_URL, TOKEN, seconds=2)
        seat = SimpleNamespace(id=workspace.pk)
        return cast_request(SimpleNamespace(user=cast[name], workspace=seat, api=api))

    return make


def cast_request(plain: SimpleNamespace) -> ConsoleRequest:
    return cast(ConsoleRequest, plain)


@pytest.fixture
def start(request_of: Any) -> Ask:
    def go(key: str = "k1", name: str = "luke") -> Outcome:
        return run_once(
            request_of(name),
            kind="run.start",
            key=key,
            call=start_run(ACTOR_ID, input_body=b"{}", memory=512),
            subject="Site crawler",
            target_id=ACTOR_ID,
        )

    return go


def listed(fake: FakeApi, *runs: dict[str, Any]) -> None:
    """What the list of the Actor's runs says; `mark` as User-Agent stands for the call's own."""

    def reply(request: httpx.Request) -> httpx.Response:
        agent = fake.made("POST", START)[-1].headers["user-agent"]
        known = [json.loads(json.dumps(run).replace("<mark>", agent)) for run in runs]
        return httpx.Response(200, json={"data": page(known)})

    fake.reply("GET", START, reply)


def marked_run(**changes: Any) -> dict[str, Any]:
    return run_json(meta={"origin": "API", "userAgent": "<mark>"}, **changes)


def test_it_starts_and_leads_to_the_run(start: Ask, fake_api: FakeApi) -> None:
    fake_api.data("POST", START, run_json(status="READY"), status=201)
    outcome = start()
    assert (outcome.state, outcome.url) == (DONE, f"/runs/{RUN_ID}/")
    intent = Intent.objects.get()
    assert (intent.state, intent.status, intent.is_over) == (DONE, "READY", False)
    assert fake_api.calls[0].headers["user-agent"].endswith(intent.mark)


def test_f19_the_same_key_gives_the_first_answer(start: Ask, fake_api: FakeApi) -> None:
    fake_api.data("POST", START, run_json(), status=201)
    assert start("same") == start("same")
    assert len(fake_api.calls) == 1


def test_keys_are_each_persons_own(start: Ask, fake_api: FakeApi) -> None:
    fake_api.data("POST", START, run_json(), status=201)
    start("same", "luke")
    start("same", "olga")
    assert len(fake_api.calls) == 2


@pytest.mark.parametrize("key", ["", "x" * 65])
def test_a_key_of_no_form_of_ours_counts_as_new(start: Ask, fake_api: FakeApi, key: str) -> None:
    fake_api.data("POST", START, run_json(), status=201)
    start(key)
    start(key)
    assert len(fake_api.calls) == 2


@pytest.mark.django_db(transaction=True)
def test_f19_twenty_at_once_start_one_run(start: Ask, fake_api: FakeApi) -> None:
    gate = threading.Barrier(20)
    fake_api.data("POST", START, run_json(), status=201)

    def one(_: int) -> Outcome:
        gate.wait()
        try:
            return start("same")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as threads:
        outcomes = set(threads.map(one, range(20)))
    assert [outcome.object_id for outcome in outcomes] == [RUN_ID]
    assert len(fake_api.calls) == 1


def test_a_refusal_is_told_and_may_be_sent_again(start: Ask, fake_api: FakeApi) -> None:
    fake_api.error("POST", START, 400, "invalid-input", "Input is not valid")
    fake_api.data("POST", START, run_json(), status=201)
    with pytest.raises(Refused, match="Input is not valid"):
        start("same")
    assert Intent.objects.get().state == FAILED
    assert start("same").state == DONE
    assert Intent.objects.get().state == DONE


def test_nothing_sent_is_nothing_done(start: Ask, fake_api: FakeApi) -> None:
    fake_api.breaks("POST", START, httpx.ConnectError("no"))
    with pytest.raises(Unreachable):
        start()
    assert Intent.objects.get().sentence.startswith("api.test cannot be reached")


LOST = {
    "reset": lambda fake: fake.breaks("POST", START, httpx.ReadError("reset")),
    "502 after the work": lambda fake: fake.raw("POST", START, b"<html>", status=502),
    "unreadable": lambda fake: fake.raw("POST", START, b"{", status=201),
    "cut": lambda fake: fake.raw(
        "POST", START, b"{}", status=201, headers={"content-length": "900"}
    ),
}


@pytest.mark.parametrize("kind", LOST)
def test_f05_a_lost_answer_is_found_by_its_mark(start: Ask, fake_api: FakeApi, kind: str) -> None:
    LOST[kind](fake_api)
    listed(fake_api, run_json(id=OTHER_ID), marked_run(status="RUNNING"))
    outcome = start()
    assert (outcome.state, outcome.object_id) == (DONE, RUN_ID)
    assert len(fake_api.made("POST", START)) == 1


@pytest.mark.parametrize("kind", LOST)
def test_f05_what_is_not_found_is_never_started_again(
    start: Ask, fake_api: FakeApi, kind: str
) -> None:
    LOST[kind](fake_api)
    listed(fake_api, run_json(id=OTHER_ID))
    outcome = start("same")
    intent = Intent.objects.get()
    assert outcome.state == UNKNOWN
    assert outcome.url == f"/operations/{intent.pk}/"
    assert "answer lost" in outcome.sentence
    assert start("same").state == UNKNOWN
    assert len(fake_api.made("POST", START)) == 1


def test_f05_too_slow_is_looked_up_later(start: Ask, fake_api: FakeApi, request_of: Any) -> None:
    fake_api.breaks("POST", START, httpx.ReadTimeout("slow"))
    assert start().state == UNKNOWN
    assert len(fake_api.calls) == 1
    listed(fake_api, marked_run())
    assert look_up(request_of().api, Intent.objects.get()).state == DONE


def test_f05_after_half_a_minute_the_person_is_asked(
    start: Ask, fake_api: FakeApi, request_of: Any
) -> None:
    fake_api.breaks("POST", START, httpx.ReadError("reset"))
    listed(fake_api)
    start()
    intent = Intent.objects.get()
    assert look_up(request_of().api, intent).state == UNKNOWN
    intent.sent_at = timezone.now() - timedelta(seconds=31)
    assert look_up(request_of().api, intent).state == ASKED
    assert not intent.is_seen
    assert "before you do it again" in intent.sentence


def test_the_look_itself_may_fail(start: Ask, fake_api: FakeApi) -> None:
    fake_api.breaks("POST", START, httpx.ReadError("reset"))
    fake_api.breaks("GET", START, httpx.ConnectError("down"))
    assert start().state == UNKNOWN


def now() -> str:
    return timezone.now().isoformat()


def silent(**changes: Any) -> dict[str, Any]:
    """A run of an API that does not say the User-Agent."""
    return run_json(meta={"origin": "API"}, startedAt=now(), **changes)


def test_without_user_agents_one_run_with_the_options_is_taken(
    start: Ask, fake_api: FakeApi
) -> None:
    fake_api.breaks("POST", START, httpx.ReadError("reset"))
    old = run_json(id="OldRunOldRunOldR1", meta={"origin": "API"})
    listed(fake_api, silent(), silent(id=OTHER_ID), old)
    fake_api.data("GET", RUN, run_json(options={"memoryMbytes": 512}))
    fake_api.data("GET", f"/v2/actor-runs/{OTHER_ID}", run_json(options={"memoryMbytes": 4096}))
    assert start().object_id == RUN_ID


def test_without_user_agents_two_such_runs_are_no_answer(start: Ask, fake_api: FakeApi) -> None:
    fake_api.breaks("POST", START, httpx.ReadError("reset"))
    listed(fake_api, silent(), silent(id=OTHER_ID))
    for each in (RUN_ID, OTHER_ID):
        fake_api.data("GET", f"/v2/actor-runs/{each}", run_json(options={"memoryMbytes": 512}))
    assert start().state == UNKNOWN


def test_the_answer_to_another_intent_is_not_taken(start: Ask, fake_api: FakeApi) -> None:
    fake_api.data("POST", START, run_json(), status=201)
    fake_api.breaks("POST", START, httpx.ReadError("reset"))
    start("first")
    listed(fake_api, silent())
    assert start("second").state == UNKNOWN


def act(request: ConsoleRequest, kind: str) -> Outcome:
    calls: dict[str, Any] = {
        "run.abort": abort_run(RUN_ID, gracefully=True),
        "run.resurrect": resurrect_run(RUN_ID),
        "build.abort": abort_build(BUILD_ID),
        "build.start": start_build(ACTOR_ID, version="0.1"),
    }
    target = {"build.start": ACTOR_ID, "build.abort": BUILD_ID}.get(kind, RUN_ID)
    return run_once(
        request, kind=kind, key="k", call=calls[kind], subject="Crawler", target_id=target
    )


@pytest.mark.parametrize(
    ("status", "state"), [("ABORTING", DONE), ("SUCCEEDED", DONE), ("RUNNING", UNKNOWN)]
)
def test_a_lost_abort_is_done_when_the_run_says_so(
    request_of: Any, fake_api: FakeApi, status: str, state: str
) -> None:
    fake_api.raw("POST", ABORT, b"", status=502)
    fake_api.data("GET", RUN, run_json(status=status))
    assert act(request_of(), "run.abort").state == state


def test_a_lost_resurrection_shows_the_run_as_it_is(request_of: Any, fake_api: FakeApi) -> None:
    fake_api.raw("POST", f"{RUN}/resurrect", b"", status=502)
    fake_api.data("GET", RUN, run_json(status="RUNNING"))
    assert act(request_of(), "run.resurrect").object_id == RUN_ID


def test_lost_builds_are_looked_for_as_well(request_of: Any, fake_api: FakeApi) -> None:
    builds = f"/v2/acts/{ACTOR_ID}/builds"
    fake_api.raw("POST", builds, b"", status=500)
    fake_api.data("GET", builds, page([]))
    assert act(request_of(), "build.start").state == UNKNOWN
    Intent.objects.all().delete()
    fake_api.raw("POST", f"/v2/actor-builds/{BUILD_ID}/abort", b"", status=500)
    fake_api.data("GET", f"/v2/actor-builds/{BUILD_ID}", {"id": BUILD_ID, "status": "ABORTED"})
    assert act(request_of(), "build.abort").url == f"/builds/{BUILD_ID}/"


def test_whose_run_it_is(start: Ask, request_of: Any, fake_api: FakeApi) -> None:
    fake_api.data("POST", START, run_json(), status=201)
    start(name="luke")
    assert started_here(request_of("luke"), RUN_ID)
    assert not started_here(request_of("olga"), RUN_ID)
    assert not started_here(request_of("luke"), OTHER_ID)


def test_waiting_for_another_sender_ends(
    start: Ask, fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_api.data("POST", START, run_json(), status=201)
    start("same")
    Intent.objects.update(state=SENT)
    monkeypatch.setattr("console.intents.WAIT_SECONDS", 0.05)
    assert start("same").state == SENT
    assert len(fake_api.calls) == 1
