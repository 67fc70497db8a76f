"""The page of runs beside the API call that it makes, with 1,000 and 100,000 runs.

.venv/bin/python -m tests.bench.runs_list
"""

import http.client
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import psutil

from tests.bench.console import signed_in
from tests.stack import Stack, running

ROUNDS = 300
BROWSER = "gzip, deflate, br, zstd"
CALL = "/v2/actor-runs?offset=0&limit=50&desc=1"
PAGE = "/runs/"
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


def connection(url: str, headers: dict[str, str]) -> Callable[[str], str]:
    """GET over one kept connection by `http.client`, whose own share of the time is small.

    What it gets gives the answer's `Server-Timing`.
    """
    kept = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)

    def get(path: str) -> str:
        kept.request("GET", path, headers=headers)
        answer = kept.getresponse()
        content = answer.read()
        assert answer.status == HTTPStatus.OK, content
        return answer.headers.get("Server-Timing", "")

    return get


def inside(timings: list[str]) -> str:
    """What the Console says of its own time for a page and of the API's share, medians."""
    pairs = [[float(text) for text in re.findall(r"dur=([0-9.]+)", each)] for each in timings]
    api, total = (statistics.median(side) for side in zip(*pairs, strict=True))
    return (
        f"  inside the Console: page {total:.2f} ms, of which its calls {api:.2f} ms, "
        f"page / calls: {total / api:.2f} (2 is the aim)"
    )


def cpu_of(process: psutil.Process) -> float:
    return float(sum(process.cpu_times()[:2]))


def report(stack: Stack, cookie: str, size: int) -> None:
    """Call and page take turns, so that whatever else the machine does slows both."""
    stack.manage("shell", "--no-imports", "-v", "0", "-c", FILL.replace("COUNT", str(size)))
    console, platform = stack.child("console.asgi"), stack.child("apps.platform.asgi")
    call = connection(stack.api_url, {"Authorization": f"Bearer {stack.api_token}"})
    page = connection(
        stack.console_url, {"Cookie": cookie, "Accept-Encoding": "gzip, deflate, br, zstd"}
    )
    took: dict[str, list[float]] = {CALL: [], PAGE: []}
    told: dict[str, list[str]] = {CALL: [], PAGE: []}
    for get, path in ((call, CALL), (page, PAGE)):
        for _ in range(20):
            get(path)
    before = cpu_of(console), cpu_of(platform)
    for _ in range(ROUNDS):
        for get, path in ((call, CALL), (page, PAGE)):
            began = time.perf_counter()
            told[path].append(get(path))
            took[path].append((time.perf_counter() - began) * 1000)
    cpu = (cpu_of(console) - before[0]) / ROUNDS * 1000
    platform_cpu = (cpu_of(platform) - before[1]) / ROUNDS / 2 * 1000
    middle = {path: statistics.median(times) for path, times in took.items()}
    least = {path: min(times) for path, times in took.items()}
    print(f"{size:,} runs")
    print(f"  call  median {middle[CALL]:.2f} ms, least {least[CALL]:.2f} ms")
    print(f"  page  median {middle[PAGE]:.2f} ms, least {least[PAGE]:.2f} ms")
    print(inside(told[PAGE]))
    print(
        f"  seen from outside, page / call: {middle[PAGE] / middle[CALL]:.2f}, of the least",
        end=" ",
    )
    print(f"{least[PAGE] / least[CALL]:.2f} (2 is the aim)")
    print(f"  CPU for each: Console {cpu:.2f} of 4 ms, Platform {platform_cpu:.2f} ms")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        unlimited = running(Path(folder) / "home", CALLBOARD_PLATFORM_RATE_LIMITS="0")
        with unlimited as stack, signed_in(stack) as person:
            cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
            for size in SIZES:
                report(stack, cookie, size)


if __name__ == "__main__":
    main()
