"""The page of runs beside the API call that it makes, with 1,000 and 100,000 runs.

.venv/bin/python -m tests.bench.runs_list
"""

import statistics
import tempfile
import time
from pathlib import Path

import httpx
import psutil

from tests.bench.console import signed_in
from tests.stack import Stack, running

ROUNDS = 200
SIZES = (1_000, 100_000)
FILL = """
from datetime import timedelta
from apps.platform.domain.clock import now
from apps.platform.domain.ids import new_id
from apps.platform.models import Actor, Run
actor = Actor.objects.get(name="hello-world")
start = now() - timedelta(days=30)
have = Run.objects.count()
Run.objects.bulk_create([
    Run(user_id=actor.user_id, actor=actor, status="SUCCEEDED" if n % 9 else "FAILED",
        started_at=start + timedelta(seconds=n), finished_at=start + timedelta(seconds=n + 60),
        build_id=new_id(), dataset_id=new_id(), key_value_store_id=new_id(),
        request_queue_id=new_id(), build_number="0.0.1", meta={"origin": "API"},
        status_message=f"Crawled {n} pages",
        usage={"ACTOR_COMPUTE_UNITS": 0.01})
    for n in range(have, COUNT)], batch_size=2000)
"""


def measure(client: httpx.Client, path: str, process: psutil.Process) -> tuple[float, float]:
    """(median milliseconds, CPU milliseconds of `process`) for each request."""
    client.get(path).raise_for_status()
    took = []
    before = sum(process.cpu_times()[:2])
    for _ in range(ROUNDS):
        began = time.perf_counter()
        client.get(path).raise_for_status()
        took.append(time.perf_counter() - began)
    cpu = (sum(process.cpu_times()[:2]) - before) / ROUNDS
    return statistics.median(took) * 1000, cpu * 1000


def report(stack: Stack, person: httpx.Client, size: int) -> None:
    stack.manage("shell", "--no-imports", "-v", "0", "-c", FILL.replace("COUNT", str(size)))
    console, platform = stack.child("console.asgi"), stack.child("apps.platform.asgi")
    with stack.api() as api:
        call, platform_cpu = measure(api, "actor-runs?offset=0&limit=50&desc=1", platform)
        page, cpu = measure(person, "/runs/", console)
    print(f"{size:,} runs")
    print(f"  API call {call:.1f} ms, {platform_cpu:.2f} ms CPU of the Platform")
    print(f"  page     {page:.1f} ms, {cpu:.2f} ms CPU of the Console, {cpu / 4:.2f} of 4 ms")
    print(f"  page / call: {page / call:.2f} (2 is the aim)")


def first_view(person: httpx.Client) -> None:
    """Bytes of the page itself as sent; what it links to is fetched once and kept."""
    answer = person.get("/runs/", headers={"Accept-Encoding": "br, gzip"})
    sent = int(answer.headers.get("content-length", len(answer.content)))
    print(f"the page: {sent / 1000:.1f} kB on the wire, {len(answer.content) / 1000:.1f} kB whole")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        unlimited = running(Path(folder) / "home", CALLBOARD_PLATFORM_RATE_LIMITS="0")
        with unlimited as stack, signed_in(stack) as person:
            for size in SIZES:
                report(stack, person, size)
            first_view(person)


if __name__ == "__main__":
    main()
