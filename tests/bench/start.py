"""POST of a run to the Actor's first log line, beside `python -c pass` alone.

.venv/bin/python -m tests.bench.start
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from tests.stack import finished, running

ROUNDS = 15
OWN_LINE = "ACTOR: "


def bare() -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return time.perf_counter() - began


def first_line(api: httpx.Client, actor: str, given: dict[str, Any]) -> float:
    """Seconds until the log holds a line that the Actor itself wrote."""
    began = time.perf_counter()
    run = api.post(f"actors/{actor}/runs", json=given).json()["data"]
    with api.stream("GET", f"logs/{run['id']}?stream=1") as log:
        for line in log.iter_lines():
            if line and not line[25:].startswith(OWN_LINE):
                break
    took = time.perf_counter() - began
    finished(api, run["id"])
    return took


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "home") as stack,
        stack.api() as api,
    ):
        crawl = {"startUrls": [{"url": f"{stack.api_url}/demo/"}], "maxPages": 1}
        for actor, given in (("~hello-world", {}), ("~site-crawler", crawl)):
            answer = api.post(f"actors/{actor}/runs", json=given).json()["data"]
            assert finished(api, answer["id"])["status"] == "SUCCEEDED"
        plain = statistics.median(bare() for _ in range(ROUNDS))
        hello = statistics.median(first_line(api, "~hello-world", {}) for _ in range(ROUNDS))
        crawler = statistics.median(first_line(api, "~site-crawler", crawl) for _ in range(ROUNDS))
    print(f"python -c pass: {plain * 1000:.0f} ms")
    print(f"POST to first line, Hello world: {hello * 1000:.0f} ms")
    print(f"above it: {(hello - plain) * 1000:.0f} ms, {(hello - plain) / 0.6:.2f} of 600 ms")
    print(f"POST to first line, Site crawler, warm: {crawler * 1000:.0f} ms")


if __name__ == "__main__":
    main()
