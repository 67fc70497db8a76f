"""The page of a dataset of 1,000,000 items beside the API call for the same items.

.venv/bin/python -m tests.bench.preview [items]
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.console import signed_in
from tests.bench.export import ITEMS, filled
from tests.bench.runs_list import BROWSER, connection, cpu_of, inside
from tests.stack import Stack, running

ROUNDS = 200
ROWS = 50


def report(stack: Stack, cookie: str, dataset: str, offset: int) -> None:
    """Call and page take turns, so that whatever else the machine does slows both."""
    call = connection(stack.api_url, {"Authorization": f"Bearer {stack.api_token}"})
    page = connection(stack.console_url, {"Cookie": cookie, "Accept-Encoding": BROWSER})
    asked = {
        "call": (call, f"/v2/datasets/{dataset}/items?format=json&offset={offset}&limit={ROWS}"),
        "page": (page, f"/storage/datasets/{dataset}/?page={offset // ROWS + 1}"),
    }
    took: dict[str, list[float]] = {"call": [], "page": []}
    told: dict[str, list[str]] = {"call": [], "page": []}
    console = stack.child("console.asgi")
    for get, path in asked.values():
        for _ in range(10):
            get(path)
    before = cpu_of(console)
    for _ in range(ROUNDS):
        for name, (get, path) in asked.items():
            began = time.perf_counter()
            told[name].append(get(path))
            took[name].append((time.perf_counter() - began) * 1000)
    cpu = (cpu_of(console) - before) / ROUNDS * 1000
    middle = {name: statistics.median(times) for name, times in took.items()}
    least = {name: min(times) for name, times in took.items()}
    print(f"{ROWS} items at {offset:,}")
    for name in took:
        print(f"  {name}  median {middle[name]:.2f} ms, least {least[name]:.2f} ms")
    print(inside(told["page"]))
    print(
        f"  seen from outside, page / call: {middle['page'] / middle['call']:.2f}, of the least",
        end=" ",
    )
    print(f"{least['page'] / least['call']:.2f} (2 is the aim); CPU of the Console {cpu:.2f} ms")


def main() -> None:
    items = int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS
    with tempfile.TemporaryDirectory() as folder:
        unlimited = running(Path(folder) / "home", CALLBOARD_PLATFORM_RATE_LIMITS="0")
        with unlimited as stack, signed_in(stack) as person:
            with stack.api() as api:
                dataset = filled(api, items)
            cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
            for offset in (0, items * 9 // 10):
                report(stack, cookie, dataset, offset)


if __name__ == "__main__":
    main()
