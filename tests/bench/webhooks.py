"""From an event to the first attempt, and 1,000 dispatches with three of ten receivers failing.

.venv/bin/python -m tests.bench.webhooks
"""

import socket
import statistics
import tempfile
import time
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

import httpx

from tests.faults.actors import make
from tests.platform.outbound import receivers
from tests.platform.outbound.receivers import Behaviour, Receiver, receiving
from tests.stack import running

RUNS = 100
RECEIVERS = 10
FAILING = 3
FAILURES = 3  # how often each dispatch is refused there
ENDS = 240.0


def refusing(seen: dict[bytes, int]) -> Behaviour:
    """Answers 503 to the first attempts of each dispatch."""

    def behave(connection: socket.socket, request: bytes) -> None:
        name = id_of(request)
        seen[name] = seen.get(name, 0) + 1
        status = 503 if seen[name] <= FAILURES else 200
        receivers.answer(status)(connection, request)

    return behave


def id_of(request: bytes) -> bytes:
    return request.partition(b"webhook-id: ")[2].partition(b"\r\n")[0]


def all_dispatches(api: httpx.Client) -> list[dict[str, str]]:
    return api.get("webhook-dispatches?limit=1000&desc=1").json()["data"]["items"]  # type: ignore[no-any-return] # JSON of the API


def main() -> None:
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        up = running(home, "--allow-loopback", CALLBOARD_WEBHOOK_MINUTE="0.5")
        api = stack.enter_context(stack.enter_context(up).api())
        actor = make(api, "bench", "print('hello')")
        found: list[Receiver] = []
        for number in range(RECEIVERS):
            behave = refusing({}) if number < FAILING else receivers.answer()
            found.append(stack.enter_context(receiving(behave)))
            body = {"eventTypes": ["ACTOR.RUN.CREATED"], "condition": {"actorId": actor}}
            api.post("webhooks", json=body | {"requestUrl": found[-1].url}).raise_for_status()
        calm(api, found[-1])
        measure(api, actor, found)


def calm(api: httpx.Client, receiver: Receiver) -> None:
    """One event after another: from its POST, which is before the event, to the attempt."""
    listed = api.get("webhooks?desc=1").json()["data"]["items"]
    webhook = next(each["id"] for each in listed if each["requestUrl"] == receiver.url)
    waits = []
    for _ in range(RUNS):
        began, count = time.monotonic(), len(receiver.times)
        api.post(f"webhooks/{webhook}/test").raise_for_status()
        while len(receiver.times) == count:
            time.sleep(0.001)
        waits.append(receiver.times[-1] - began)
    p95 = statistics.quantiles(waits, n=20)[-1]
    print(f"calm: event to first attempt: median {statistics.median(waits):.3f} s, p95 {p95:.3f} s")
    receiver.times.clear()
    receiver.requests.clear()


def measure(api: httpx.Client, actor: str, found: list[Receiver]) -> None:
    offset = time.time() - time.monotonic()
    for _ in range(RUNS):
        api.post(f"acts/{actor}/runs?memory=128").raise_for_status()
    deadline = time.monotonic() + ENDS
    all_of = all_dispatches(api)
    while time.monotonic() < deadline and any(each["status"] == "ACTIVE" for each in all_of):
        time.sleep(1)
        all_of = all_dispatches(api)
    first: dict[bytes, float] = {}
    for receiver in found:
        for moment, request in zip(receiver.times, receiver.requests, strict=True):
            first.setdefault(id_of(request), moment + offset)
    all_of = [each for each in all_of if each["eventType"] != "TEST"]
    waits = sorted(
        first[each["id"].encode()] - datetime.fromisoformat(each["createdAt"]).timestamp()
        for each in all_of
    )
    good = sum(each["status"] == "SUCCEEDED" for each in all_of)
    calls = sum(len(receiver.requests) for receiver in found)
    print(f"dispatches {len(all_of)}, delivered {good}, calls {calls}")
    print(f"expected calls {RUNS * (RECEIVERS + FAILING * FAILURES)}")
    p95 = statistics.quantiles(waits, n=20)[-1]
    print(
        f"in a heap: event to first attempt: median {statistics.median(waits):.3f} s, "
        f"p95 {p95:.3f} s"
    )


if __name__ == "__main__":
    main()
