"""CPU of the Platform for a list of 100 runs: `python -m tests.bench.platform_lists`.

Figures with 1,000 and 100,000 runs in the account, for the first page, a page in the middle and
one filtered by status. At most 1.5 ms of CPU for each request.
"""

import secrets
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

import httpx
import psutil

from tests.platform.conftest import Account, Platform, start_platform

REQUESTS = 500
MOST = 1.5  # milliseconds of CPU
QUERIES = ("limit=100&desc=1", "limit=100&desc=1&offset=500", "limit=100&desc=1&status=SUCCEEDED")


def fill(platform: Platform, user_id: str, actor_id: str, count: int) -> None:
    usage = '{"ACTOR_COMPUTE_UNITS": 0.25, "DATASET_WRITES": 120, "KEY_VALUE_STORE_READS": 4}'
    meta = '{"origin": "API", "clientIp": "127.0.0.1", "userAgent": "bench"}'
    with closing(sqlite3.connect(platform.home / "platform.sqlite3")) as connection:
        row = connection.execute("SELECT * FROM run LIMIT 1")
        columns = [each[0] for each in row.description]
        sample = dict(zip(columns, row.fetchone(), strict=True))
        rows = []
        for number in range(count):
            moment = f"2026-10-{number % 28 + 1:02d} 12:{number // 60 % 60:02d}:{number % 60:02d}"
            made = sample | {"id": secrets.token_hex(9)[:17], "user_id": user_id}
            made |= {"actor_id": actor_id, "status": "SUCCEEDED", "usage": usage, "meta": meta}
            made |= {"started_at": f"{moment}.123000", "finished_at": f"{moment}.456000"}
            rows.append(tuple(made.values()))
        marks = ",".join("?" * len(columns))
        connection.executemany(f"INSERT INTO run VALUES ({marks})", rows)  # noqa: S608 - only our own words
        connection.commit()


def cpu_per_request(process: psutil.Process, http: httpx.Client, path: str) -> tuple[float, float]:
    """Milliseconds of CPU and of waiting for one request, over many."""
    for _ in range(20):
        http.get(path).raise_for_status()
    before, began = process.cpu_times(), time.perf_counter()
    for _ in range(REQUESTS):
        http.get(path)
    after, ended = process.cpu_times(), time.perf_counter()
    cpu = after.user + after.system - before.user - before.system
    return cpu / REQUESTS * 1000, (ended - began) / REQUESTS * 1000


def server_of(platform: Platform) -> psutil.Process:
    for each in psutil.Process().children():
        if "apps.platform.asgi:app" in " ".join(each.cmdline()):
            return each
    raise LookupError(platform.url)


def first_run(account: Account) -> tuple[str, str]:
    """Ids of the account and of an Actor with one run."""
    version = {"versionNumber": "0.1", "sourceType": "SOURCE_FILES", "sourceFiles": []}
    actor = account.data("POST", "acts", json={"name": "bench", "versions": [version]})
    account.data("POST", f"acts/{actor['id']}/builds?version=0.1")
    account.data("POST", f"acts/{actor['id']}/runs")
    return actor["userId"], actor["id"]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        servers = start_platform(Path(folder))
        platform = next(servers)
        account = platform.account("bench")
        user_id, actor_id = first_run(account)
        process = server_of(platform)
        worst = 0.0
        for count in (1_000, 99_000):
            fill(platform, user_id, actor_id, count)
            for path in [f"actor-runs?{query}" for query in QUERIES]:
                cpu, wall = cpu_per_request(process, account.http, path)
                worst = max(worst, cpu)
                total = account.data("GET", path)["total"]
                print(f"{total:>7} runs  {path:<55} {cpu:5.2f} ms CPU  {wall:5.2f} ms in all")
        print(f"at most {worst:.2f} ms CPU, allowed {MOST} ms")
        servers.close()


if __name__ == "__main__":
    main()
