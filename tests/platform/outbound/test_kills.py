"""A sender that dies loses nothing and says so (F-16, goal 4)."""

import os
import signal
from typing import Any

from tests.platform.engine.conftest import Machine, start_runner
from tests.platform.outbound import receivers
from tests.platform.outbound.conftest import Hook, ended
from tests.platform.outbound.receivers import receiving
from tests.platform.outbound.test_delivery import parts_of


def test_f_16_killed_between_sending_and_recording(
    machine: Machine, actor: str, hook: Hook
) -> None:
    def behave(connection: Any, request: bytes) -> None:
        if not killed:
            killed.append(machine.runner.pid)
            os.kill(machine.runner.pid, signal.SIGKILL)
            machine.runner.wait(20)
            return
        receivers.answer()(connection, request)

    killed: list[int] = []
    with receiving(behave) as receiver:
        webhook = hook(receiver, {"actorId": actor}, ["ACTOR.RUN.CREATED"])
        run = machine.start(actor, json={})
        machine.runner.wait(60)
        log = machine.platform.home / "runner.log"
        machine.runner = start_runner(machine.platform.environment, log)
        dispatch = ended(machine, webhook, seconds=60)[0]
        ids = [parts_of(each)[1]["webhook-id"] for each in receiver.requests]
    assert ids == [dispatch["id"]] * 2
    first, second = dispatch["calls"]
    assert "stopped before it could write down how this ended" in first["errorMessage"]
    assert (second["responseStatus"], dispatch["status"]) == (200, "SUCCEEDED")
    assert machine.end(run)["status"] == "SUCCEEDED"


def test_f_15_two_senders_send_once(machine: Machine, actor: str, hook: Hook) -> None:
    log = machine.platform.home / "second.log"
    second = start_runner(machine.platform.environment, log)
    try:
        with receiving(receivers.answer()) as receiver:
            webhook = hook(receiver, {"actorId": actor})
            for _ in range(60):
                machine.ada.data("POST", f"webhooks/{webhook['id']}/test")
            ended(machine, webhook, 60, seconds=60)
            ids = [parts_of(each)[1]["webhook-id"] for each in receiver.requests]
    finally:
        second.terminate()
        second.wait(60)
    assert len(ids) == len(set(ids)) == 60
