"""Receivers that are slow, hostile, redirecting, huge, resetting or gone (F-16)."""

from typing import Any

import pytest

from tests.platform.engine.conftest import Machine
from tests.platform.outbound import receivers
from tests.platform.outbound.conftest import Hook, dispatches, ended
from tests.platform.outbound.receivers import receiving


def test_f_16_a_receiver_that_recovers_gets_it(machine: Machine, actor: str, hook: Hook) -> None:
    answers = [receivers.reset, receivers.garbage, receivers.answer(302, b"", "Location: /x")]

    def behave(connection: Any, request: bytes) -> None:
        (answers.pop(0) if answers else receivers.answer())(connection, request)

    with receiving(behave) as receiver:
        webhook = hook(receiver, {"actorId": actor})
        machine.run(actor, json={})
        dispatch = ended(machine, webhook)[0]
    told = [call["errorMessage"] for call in dispatch["calls"]]
    assert dispatch["status"] == "SUCCEEDED"
    assert "closed the connection" in told[0]
    assert "did not answer as HTTP says" in told[1]
    assert (dispatch["calls"][2]["responseStatus"], told[3]) == (302, None)


@pytest.mark.parametrize("behave", [receivers.never, receivers.drip])
def test_f_16_no_answer_in_time_is_a_failure(
    machine: Machine, actor: str, hook: Hook, behave: receivers.Behaviour
) -> None:
    with receiving(behave) as receiver:
        webhook = hook(receiver, {"actorId": actor}, doNotRetry=True)
        machine.run(actor, json={})
        call = ended(machine, webhook)[0]["calls"][0]
    assert call["errorMessage"] == "No answer came within 1 s"


def test_f_16_of_a_huge_answer_64_kib_are_kept(machine: Machine, actor: str, hook: Hook) -> None:
    with receiving(receivers.huge) as receiver:
        webhook = hook(receiver, {"actorId": actor})
        machine.run(actor, json={})
        dispatch = ended(machine, webhook)[0]
    assert dispatch["status"] == "SUCCEEDED"
    assert len(dispatch["calls"][0]["responseBody"]) == 1000
    whole = machine.ada.data("GET", f"webhook-dispatches/{dispatch['id']}")
    assert len(whole["calls"][0]["responseBody"]) == 64 << 10


def test_f_16_a_slow_receiver_delays_no_other(machine: Machine, actor: str, hook: Hook) -> None:
    with receiving(receivers.never) as slow, receiving(receivers.answer()) as quick:
        stuck = hook(slow, {"actorId": actor})
        for _ in range(40):
            machine.ada.data("POST", f"webhooks/{stuck['id']}/test")
        prompt = hook(quick, {"actorId": actor})
        machine.ada.data("POST", f"webhooks/{prompt['id']}/test")
        ended(machine, prompt)
        left = [each for each in dispatches(machine, stuck) if each["status"] == "ACTIVE"]
    assert left  # the others wait in their own queue


def test_f_16_dns_that_is_gone_and_addresses_that_are_refused(
    machine: Machine, actor: str, hook: Hook
) -> None:
    gone = hook("http://nowhere.invalid:8000/", {"actorId": actor}, doNotRetry=True)
    inside = hook("http://8.8.8.8:8000/", {"actorId": actor}, doNotRetry=True)
    machine.platform.sql(
        "UPDATE webhook SET request_url='http://169.254.169.254/latest' WHERE id=?", inside["id"]
    )
    machine.run(actor, json={})
    assert "has no address" in ended(machine, gone)[0]["calls"][0]["errorMessage"]
    told = ended(machine, inside)[0]["calls"][0]["errorMessage"]
    assert "may not be called from here" in told
