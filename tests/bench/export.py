"""Export of 1,000,000 items through the Console beside the same bytes straight from the Platform.

.venv/bin/python -m tests.bench.export [items]
"""

import json
import re
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import httpx
import psutil

from tests.stack import Stack, running

ITEMS = 1_000_000
BATCH = 10_000
ROUNDS = 5
BUFFER = bytearray(1 << 20)


def item(number: int) -> dict[str, object]:
    return {
        "url": f"https://shop.example/p/{number}",
        "title": f"Angle grinder {number % 977} mm, soft start",
        "price": {"amount": number % 40_000 / 100, "currency": "EUR"},
        "inStock": number % 3 > 0,
        "images": [f"https://img.example/{number}/{n}.jpg" for n in range(4)],
        "description": "A text about it, as long as such texts are. " * 5,
    }


def filled(api: httpx.Client, items: int) -> str:
    """The id of a dataset with that many items."""
    dataset = str(api.post("datasets").json()["data"]["id"])
    for start in range(0, items, BATCH):
        batch = [item(number) for number in range(start, min(start + BATCH, items))]
        pushed = api.post(
            f"datasets/{dataset}/items",
            content=json.dumps(batch, separators=(",", ":")),
            headers={"Content-Type": "application/json"},
        )
        assert pushed.status_code == 201, pushed.text
    return dataset


def signed_in(stack: Stack) -> str:
    with httpx.Client(trust_env=False, follow_redirects=True) as browser:
        browser.get(stack.sign_in_url).raise_for_status()
        return "; ".join(f"{name}={value}" for name, value in browser.cookies.items())


def download(url: str, header: str) -> tuple[int, float]:
    """Bytes on the wire and seconds, read as fast as a socket gives them."""
    parts = urlsplit(url)
    request = (
        f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        f"Connection: close\r\n{header}\r\n\r\n"
    )
    began, size, start = time.perf_counter(), 0, b""
    with socket.create_connection((parts.hostname, parts.port)) as stream:
        stream.sendall(request.encode())
        while count := stream.recv_into(BUFFER):
            start = start or bytes(BUFFER[:12])
            size += count
    assert start == b"HTTP/1.1 200", start
    return size, time.perf_counter() - began


def same(url: str, header: dict[str, str]) -> int:
    """Items in a download that is read to its end."""
    with httpx.stream("GET", url, headers=header, trust_env=False, timeout=60) as answer:
        answer.raise_for_status()
        return sum(chunk.count(b"\n") for chunk in answer.iter_raw())


def highest_memory(process: psutil.Process, work: Callable[[], None]) -> tuple[int, int]:
    """RSS before, and the most of it while `work` goes on."""
    before = most = process.memory_info().rss
    over = Event()

    def watch() -> None:
        nonlocal most
        while not over.wait(0.02):
            most = max(most, process.memory_info().rss)

    watcher = Thread(target=watch)
    watcher.start()
    work()
    over.set()
    watcher.join()
    return before, most


def measure(stack: Stack, items: int) -> None:
    with stack.api() as api:
        dataset = filled(api, items)
    bearer, cookie = f"Bearer {stack.api_token}", signed_in(stack)
    straight = f"{stack.api_url}/v2/datasets/{dataset}/items?format={{}}"
    console = re.sub(r"(//[^/]+).*", r"\1", stack.console_url)
    export = f"{console}/storage/datasets/{dataset}/export?clean=0&safe=0&format={{}}"
    seen = same(export.format("jsonl"), {"Cookie": cookie})
    assert seen == items, f"{seen} of {items} items"

    for shape in ("jsonl", "json", "csv"):
        rates: dict[str, list[float]] = {"straight": [], "console": []}

        def rounds(shape: str = shape, rates: dict[str, list[float]] = rates) -> None:
            for _ in range(ROUNDS):
                for name, url, header in (
                    ("straight", straight.format(shape), f"Authorization: {bearer}"),
                    ("console", export.format(shape), f"Cookie: {cookie}"),
                ):
                    size, seconds = download(url, header)
                    rates[name].append(size / seconds / 1e6)

        before, most = highest_memory(stack.child("console.asgi:app"), rounds)
        plain, through = (statistics.median(rates[name]) for name in ("straight", "console"))
        print(
            f"{shape}: straight {plain:.0f} MB/s, through the Console {through:.0f} MB/s, "
            f"ratio {through / plain:.2f} (at least 0.80); "
            f"RSS {before / 1e6:.0f} -> {most / 1e6:.0f} MB"
        )


def main() -> None:
    items = int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "home") as stack:
        measure(stack, items)


if __name__ == "__main__":
    main()
