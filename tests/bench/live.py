"""From a line that an Actor writes to its arrival, and what many viewers of one run cost.

.venv/bin/python -m tests.bench.live
"""

import asyncio
import re
import statistics
import tempfile
import time
from datetime import datetime
from pathlib import Path

import httpx
import psutil

from tests.bench.console import signed_in
from tests.faults.actors import make, start
from tests.stack import Stack, running

VIEWERS = 1_000
LINES = 100
TICKER = """
import time
from datetime import datetime, UTC
time.sleep(3)
for n in range(%d):
    print("at", datetime.now(UTC).isoformat(), flush=True)
    time.sleep(0.1)
time.sleep(20)
"""
WRITTEN = re.compile(r"at (\d{4}-[^<\s]+)")


async def latencies(stack: Stack, run: str, cookies: dict[str, str], seconds: float) -> list[float]:
    found: list[float] = []
    url = f"{stack.console_url}/runs/{run}/events/?shown=RUNNING&after=0-1-00000000"
    async with (
        httpx.AsyncClient(cookies=cookies, trust_env=False, timeout=60) as client,
        client.stream("GET", url) as answer,
    ):
        until = time.monotonic() + seconds
        async for line in answer.aiter_lines():
            now = time.time()
            for stamp in WRITTEN.findall(line):
                found.append(now - datetime.fromisoformat(stamp).timestamp())
            if len(found) >= LINES or time.monotonic() > until:
                break
    return found[5:]


def one_viewer(stack: Stack, cookies: dict[str, str]) -> None:
    with stack.api() as api:
        run = start(api, make(api, "ticker", TICKER % LINES))
        took = sorted(asyncio.run(latencies(stack, run, cookies, 40)))
        api.post(f"actor-runs/{run}/abort")
    p95 = took[int(len(took) * 0.95)]
    print(f"one viewer, {len(took)} lines: p50 {statistics.median(took) * 1000:.0f} ms, ", end="")
    print(f"p95 {p95 * 1000:.0f} ms, {p95 / 0.25:.2f} of 250 ms")


async def crowd(stack: Stack, run: str, cookies: dict[str, str], process: psutil.Process) -> None:
    address = httpx.URL(stack.console_url)
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    head = (
        f"GET /runs/{run}/events/?shown=RUNNING&after=0-1-00000000 HTTP/1.1\r\n"
        f"Host: {address.host}:{address.port}\r\nCookie: {cookie}\r\n\r\n"
    )
    before = process.memory_info().rss, process.num_threads(), databases(process)
    opened = []
    for _ in range(VIEWERS):
        reader, writer = await asyncio.open_connection(address.host, address.port, limit=1 << 20)
        writer.write(head.encode())
        await reader.readuntil(b"\r\n\r\n")
        opened.append((reader, writer, asyncio.create_task(drain(reader))))
    await asyncio.sleep(3)
    after = process.memory_info().rss, process.num_threads(), databases(process)
    each = (after[0] - before[0]) / VIEWERS / 1000
    print(f"{VIEWERS} viewers: {each:.1f} kB each, {each / 40:.2f} of 40 kB; ", end="")
    print(f"threads {before[1]} -> {after[1]}, open database files {before[2]} -> {after[2]}")
    for _, writer, task in opened:
        task.cancel()
        writer.close()


async def drain(reader: asyncio.StreamReader) -> None:
    while await reader.read(1 << 16):
        pass


def databases(process: psutil.Process) -> int:
    return sum(".sqlite3" in file.path for file in process.open_files())


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "home") as stack:
        with signed_in(stack) as person:
            cookies = dict(person.cookies)
        one_viewer(stack, cookies)
        with stack.api() as api:
            run = start(api, make(api, "ticker", TICKER % LINES))
            asyncio.run(crowd(stack, run, cookies, stack.child("console.asgi")))
            api.post(f"actor-runs/{run}/abort")


if __name__ == "__main__":
    main()
