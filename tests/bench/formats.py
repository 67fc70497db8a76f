"""Exports in seven formats beside the bare encoders, and the cost of the storages' calls.

.venv/bin/python -m tests.bench.formats [items of the long dataset]

Figures: MB of items per second of CPU, the same for the encoder alone in this process, highest
memory of the server; then milliseconds of CPU and calls per second of single calls.
"""

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import httpx
import psutil

from apps.platform.domain import exports, feeds, tables, workbook
from apps.platform.domain.items import Selection
from tests.bench.export import highest_memory
from tests.bench.platform_lists import server_of
from tests.platform.conftest import Account, start_platform

ITEMS = 100_000
LONG = 1_000_000
BATCH = 5_000
PLAIN = Selection()
JSON = {"Content-Type": "application/json"}


def item(number: int) -> dict[str, object]:
    """Thirteen fields."""
    return {
        "url": f"https://shop.example/p/{number}",
        "title": f"Angle grinder {number % 977} mm, soft start",
        "price": number % 40_000 / 100,
        "currency": "EUR",
        "inStock": number % 3 > 0,
        "brand": f"Brand {number % 89}",
        "ean": f"{number:013d}",
        "rating": number % 50 / 10,
        "reviews": number * 7 % 5_000,
        "note": None,
        "place": "Praha 4",
        "text": f"It is the {number}th of them, which says something. ",
        "seenAt": "2026-01-01T00:00:00.000Z",
    }


def lines(first: int, last: int) -> list[bytes]:
    return [json.dumps(item(number)).encode() for number in range(first, last)]


def filled(ada: Account, items: int) -> str:
    dataset = str(ada.data("POST", "datasets")["id"])
    for start in range(0, items, BATCH):
        body = b"[" + b",".join(lines(start, min(start + BATCH, items))) + b"]"
        ada.http.post(f"datasets/{dataset}/items", content=body, headers=JSON).raise_for_status()
    return dataset


def encoders(blocks: exports.Blocks) -> dict[str, Callable[[], Iterator[bytes]]]:
    def columns() -> list[str]:
        return tables.columns_of(blocks, PLAIN)

    return {
        "json": lambda: exports.as_json(blocks, PLAIN),
        "jsonl": lambda: exports.as_jsonl(blocks, PLAIN),
        "xml": lambda: feeds.as_xml(blocks, PLAIN, root="items", row="item"),
        "rss": lambda: feeds.as_rss(blocks, PLAIN, title="t", link="l", description="d"),
        "html": lambda: tables.as_html(blocks, PLAIN, columns()),
        "csv": lambda: tables.as_csv(blocks, PLAIN, columns(), delimiter=",", header=True),
        "xlsx": lambda: workbook.as_xlsx(blocks, PLAIN, columns()),
    }


def cpu_of(process: psutil.Process, work: Callable[[], object]) -> float:
    """Seconds of CPU: what others do on the machine does not count."""
    before = sum(process.cpu_times()[:2])
    work()
    return sum(process.cpu_times()[:2]) - before


def show_formats(server: psutil.Process, ada: Account, dataset: str) -> None:
    whole = lines(0, ITEMS)
    size = sum(map(len, whole)) / 1e6
    blocks = [(b"\n".join(whole[n : n + BATCH // 2]), 0) for n in range(0, ITEMS, BATCH // 2)]
    for kind, encode in encoders(blocks).items():
        bare = cpu_of(psutil.Process(), partial(drain, encode))
        work = partial(read, ada.http, f"datasets/{dataset}/items?format={kind}")
        cpu = sum(server.cpu_times()[:2])
        began = time.perf_counter()
        before, most = highest_memory(server, work)
        took, cpu = time.perf_counter() - began, sum(server.cpu_times()[:2]) - cpu
        print(
            f"{kind:5} {took:6.2f} s, {cpu:5.2f} s CPU: {size / cpu:6.1f} MB/s of items, encoder "
            f"alone {size / max(bare, 0.01):6.1f}; RSS {before / 1e6:.0f} -> {most / 1e6:.0f} MB"
        )


def drain(encode: Callable[[], Iterator[bytes]]) -> None:
    for _ in encode():
        pass


def read(http: httpx.Client, path: str) -> None:
    with http.stream("GET", path, headers={"Accept-Encoding": "identity"}) as answer:
        answer.raise_for_status()
        for _ in answer.iter_raw():
            pass


def show(server: psutil.Process, name: str, times: int, call: Callable[[int], object]) -> None:
    before, began = sum(server.cpu_times()[:2]), time.perf_counter()
    for number in range(times):
        answer = call(number)
        assert isinstance(answer, httpx.Response), name
        assert answer.is_success, answer.text
    took = time.perf_counter() - began
    cpu = (sum(server.cpu_times()[:2]) - before) / times * 1000
    print(f"{name:34} {cpu:7.2f} ms CPU, {times / took:7.1f} a second")


def get(ada: Account, path: str, _: int) -> httpx.Response:
    return ada.http.get(path)


def send(ada: Account, method: str, path: str, body: bytes, _: int) -> httpx.Response:
    return ada.http.request(method, path, content=body, headers=JSON)


def show_datasets(server: psutil.Process, ada: Account, long: str, items: int) -> None:
    for offset in (0, items * 9 // 10):
        path = f"datasets/{long}/items?limit=100&offset={offset}"
        show(server, f"100 items at {offset:,}", 200, partial(get, ada, path))
    made = ada.data("POST", "datasets")["id"]
    for number, times in ((1, 200), (100, 100), (1_000, 40)):
        body = b"[" + b",".join(lines(0, number)) + b"]"
        path = f"datasets/{made}/items"
        show(
            server,
            f"push of {number:,}",
            times,
            partial(send, ada, "POST", path, body),
        )


def show_records(server: psutil.Process, ada: Account) -> None:
    store = f"key-value-stores/{ada.data('POST', 'key-value-stores')['id']}/records"
    for name, size, times in (("1 kB", 1_000, 200), ("10 MB", 10_000_000, 10)):
        path, body = f"{store}/{size}", os.urandom(size)
        show(server, f"record of {name} put", times, partial(send, ada, "PUT", path, body))
        show(server, f"record of {name} get", times, partial(get, ada, path))


def show_queues(server: psutil.Process, ada: Account) -> None:
    queue = f"request-queues/{ada.data('POST', 'request-queues')['id']}"
    added: list[str] = []

    def add(number: int) -> httpx.Response:
        body = {"url": f"http://a/{number}", "uniqueKey": str(number)}
        answer = ada.http.post(f"{queue}/requests", json=body)
        added.append(answer.json()["data"]["requestId"])
        return answer

    def handle(number: int) -> httpx.Response:
        body = {
            "id": added[number],
            "url": f"http://a/{number}",
            "uniqueKey": str(number),
            "handledAt": "2026-01-01T00:00:00.000Z",
        }
        return ada.http.put(f"{queue}/requests/{added[number]}", json=body)

    show(server, "queue add", 200, add)
    show(server, "queue head of 25", 200, lambda _: ada.http.get(f"{queue}/head?limit=25"))
    locking = f"{queue}/head/lock?lockSecs=60&limit=1&clientKey=a"
    show(server, "queue head and lock", 200, lambda _: ada.http.post(locking))
    show(server, "queue update, handled", 200, handle)


def main() -> None:
    items = int(sys.argv[1]) if len(sys.argv) > 1 else LONG
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.contextmanager(start_platform)(Path(folder)) as platform,
    ):
        ada = platform.account("ada")
        server = server_of(platform)
        show_formats(server, ada, filled(ada, ITEMS))
        show_datasets(server, ada, filled(ada, items), items)
        show_records(server, ada)
        show_queues(server, ada)


if __name__ == "__main__":
    main()
