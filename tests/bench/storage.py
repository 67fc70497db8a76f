"""Pushes of 1,000 items beside a bare append with fsync; queue operations; exports.

.venv/bin/python -m tests.bench.storage
"""

import json
import os
import tempfile
import time
from pathlib import Path

import httpx

from tests.stack import Stack, running

BATCHES = 60
BATCH = [
    {"url": f"https://shop.example/p/{n}", "price": n * 1.25, "title": "t" * 40, "text": "x" * 380}
    for n in range(1000)
]
REQUESTS = 500


def bare_append(folder: Path, body: bytes) -> float:
    began = time.perf_counter()
    with (folder / "bare").open("ab") as file:
        for _ in range(BATCHES):
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
    return time.perf_counter() - began


def push(stack: Stack, api: httpx.Client, folder: Path) -> str:
    body = json.dumps(BATCH).encode()
    headers = {"Content-Type": "application/json"}
    dataset = str(api.post("datasets").json()["data"]["id"])
    platform = stack.child("apps.platform.asgi")
    before, began = sum(platform.cpu_times()[:2]), time.perf_counter()
    for _ in range(BATCHES):
        api.post(f"datasets/{dataset}/items", content=body, headers=headers).raise_for_status()
    took = time.perf_counter() - began
    cpu = (sum(platform.cpu_times()[:2]) - before) / BATCHES * 1000
    bare = bare_append(folder, body)
    rate, bare_rate = BATCHES * 1000 / took, BATCHES * 1000 / bare
    print(
        f"push: {rate:,.0f} items/s, bare append {bare_rate:,.0f}/s, {rate / bare_rate:.2f} of it"
    )
    print(f"  {len(body) / 1e6:.2f} MB a push, {cpu:.1f} ms CPU, {cpu / 12:.2f} of 12 ms")
    return dataset


def export(api: httpx.Client, dataset: str) -> None:
    began, size = time.perf_counter(), 0
    with api.stream("GET", f"datasets/{dataset}/items?format=jsonl") as answer:
        for part in answer.iter_bytes():
            size += len(part)
    took = time.perf_counter() - began
    print(f"JSONL straight from the Platform: {size / 1e6 / took:.0f} MB/s")


def queue(api: httpx.Client) -> None:
    made = api.post("request-queues").json()["data"]["id"]
    path = f"request-queues/{made}"
    began = time.perf_counter()
    for number in range(REQUESTS):
        body = {"url": f"http://a/{number}", "uniqueKey": str(number)}
        api.post(f"{path}/requests", json=body).raise_for_status()
    print(f"queue add: {REQUESTS / (time.perf_counter() - began):,.0f}/s")
    began, seen = time.perf_counter(), []
    while items := api.post(f"{path}/head/lock?lockSecs=60&limit=25").json()["data"]["items"]:
        seen += items
    rounds = REQUESTS / 25
    print(f"queue head and lock of 25: {rounds / (time.perf_counter() - began):,.0f}/s")
    began = time.perf_counter()
    for item in seen:
        body = {**item, "handledAt": "2026-01-01T00:00:00.000Z"}
        api.put(f"{path}/requests/{item['id']}", json=body).raise_for_status()
    print(f"queue update: {len(seen) / (time.perf_counter() - began):,.0f}/s")


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        unlimited = running(folder / "home", CALLBOARD_PLATFORM_RATE_LIMITS="0")
        with unlimited as stack, stack.api() as api:
            export(api, push(stack, api, folder))
            queue(api)


if __name__ == "__main__":
    main()
