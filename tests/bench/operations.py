"""From the end of a run to the change on an open page, and what following costs upstream.

200 runs go on and are followed by one person whose page of operations is open.

.venv/bin/python -m tests.bench.operations
"""

import asyncio
import re
import statistics
import tempfile
import threading
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from tests.bench.console import signed_in
from tests.faults.actors import make
from tests.stack import Stack, running, wait_for

FOLLOWED = 200
ENDED = 40
GAP = 0.6  # seconds between two ends
QUIET = 30  # seconds of counting while nothing ends
SLEEPER = "import time\ntime.sleep(1200)\n"
MEMORY = {"CALLBOARD_RUNNER_MEMORY_MBYTES": "60000"}
ROW = re.compile(r'href="/runs/(\w{17})/".*?data-status="([A-Z-]+)"', re.DOTALL)
CALLED = re.compile(rb"^(?:GET|POST|PUT|DELETE) (/v2/[^ ?]*)", re.MULTILINE)


class Counted:
    """A proxy before the API that counts calls by path."""

    def __init__(self, api_url: str) -> None:
        self.calls: Counter[str] = Counter()
        self.port = 0
        self._api = httpx.URL(api_url)
        ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve(ready)), daemon=True).start()
        ready.wait(10)

    async def _serve(self, ready: threading.Event) -> None:
        server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await server.serve_forever()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back, forth = await asyncio.open_connection(self._api.host, self._api.port)
        await asyncio.gather(self._copy(reader, forth, self.calls), self._copy(back, writer, None))

    async def _copy(
        self, source: asyncio.StreamReader, to: asyncio.StreamWriter, calls: Counter[str] | None
    ) -> None:
        while chunk := await source.read(1 << 16):
            if calls is not None:
                calls.update(path.decode() for path in CALLED.findall(chunk))
            to.write(chunk)
            await to.drain()
        to.close()


def follow_all(person: httpx.Client, runs: list[str]) -> None:
    for run in runs:
        page = f"/operations/tell/run/{run}/"
        if "csrftoken" not in person.cookies:
            person.get(page)
        headers = {"X-CSRFToken": person.cookies["csrftoken"], "Referer": str(person.base_url)}
        answer = person.post(page, headers=headers, follow_redirects=False)
        assert answer.status_code == 303, answer.text


def ends_seen(person: httpx.Client, seen: dict[str, float], stop: threading.Event) -> None:
    """An open page: on each hint it asks for its rows, as htmx does."""
    url = f"/operations/events/?shown={int(time.time() * 1000)}"
    part = {"HX-Request": "true", "HX-Request-Type": "partial"}
    with person.stream("GET", url, timeout=None) as answer:
        for line in answer.iter_lines():
            if stop.is_set():
                return
            if line == "event: change-of-work":
                rows = person.get("/operations/?limit=200", headers=part).text
                now = time.time()
                for run, status in ROW.findall(rows):
                    if status == "ABORTED":
                        seen.setdefault(run, now)


def measured(
    stack: Stack, api: httpx.Client, person: httpx.Client, runs: list[str]
) -> tuple[list[float], Counter[str]]:
    """Seconds from each end to the page, and the calls of a while in which nothing ended."""
    proxy = Counted(stack.api_url)
    stack.manage(
        *("connect_workspace", "--name", "Home", "--api-token-stdin"),
        *("--api-url", f"http://127.0.0.1:{proxy.port}"),
        text=f"{stack.api_token}\n",
    )
    seen: dict[str, float] = {}
    stop = threading.Event()
    threading.Thread(target=ends_seen, args=(person, seen, stop), daemon=True).start()
    time.sleep(10)
    proxy.calls.clear()
    time.sleep(QUIET)
    counted = proxy.calls.copy()
    for run in runs[:ENDED]:
        api.post(f"actor-runs/{run}/abort")
        time.sleep(GAP)
    wait_for(lambda: len(seen) >= ENDED, 60)
    stop.set()
    return sorted(seen[run] - finished_at(api, run) for run in runs[:ENDED]), counted


def finished_at(api: httpx.Client, run: str) -> float:
    found: dict[str, Any] = api.get(f"actor-runs/{run}").json()["data"]
    return datetime.fromisoformat(found["finishedAt"]).timestamp()


def on_now(api: httpx.Client) -> int:
    total: int = api.get("actor-runs?status=RUNNING&limit=1").json()["data"]["total"]
    return total


def main() -> None:
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        running(Path(folder) / "home", **MEMORY) as stack,
        stack.api() as api,
        signed_in(stack) as person,
    ):
        actor = make(api, "sleeper", SLEEPER)
        starts = [api.post(f"actors/{actor}/runs?memory=128") for _ in range(FOLLOWED)]
        started = [answer.json()["data"]["id"] for answer in starts]
        follow_all(person, started)
        wait_for(lambda: on_now(api) == FOLLOWED, 240)
        report(*measured(stack, api, person, started))


def report(took: list[float], counted: Counter[str]) -> None:
    p95 = took[int(len(took) * 0.95)]
    print(f"{FOLLOWED} followed, {ENDED} ended: ", end="")
    print(f"p50 {statistics.median(took) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms, ", end="")
    print(f"{p95 / 2:.2f} of 2 s, worst {took[-1] * 1000:.0f} ms")
    minute = counted.total() * 60 / QUIET
    print(f"{minute:.0f} upstream calls a minute, {minute / FOLLOWED:.2f} an operation: ", end="")
    print(dict(counted), flush=True)


if __name__ == "__main__":
    main()
