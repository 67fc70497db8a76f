"""Fills the disk under a Platform; run inside a mount namespace by `test_f12_full_disk`.

`python -m tests.faults.full_disk FOLDER MEGABYTES`: FOLDER is a small file system of its own.
Prints what was seen as JSON.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.platform.conftest import Account, start_platform

BIG = os.urandom(4 << 20)
PART = [{"n": n, "text": "x" * 900} for n in range(500)]


def main(home: Path, least: str) -> None:
    server = start_platform(home, CALLBOARD_PLATFORM_LEAST_ROOM_MBYTES=least)
    with closing(server):
        platform = next(server)
        sys.stdout.write(json.dumps(dict(seen(platform.account("ada"), home))))


def seen(ada: Account, home: Path) -> Iterator[tuple[str, Any]]:
    (home / "spare").write_bytes(bytes(6 << 20))
    version = {"versionNumber": "0.0", "sourceType": "SOURCE_FILES", "sourceFiles": []}
    actor = ada.data("POST", "acts", json={"name": "a", "versions": [version]})["id"]
    build = ada.data("POST", f"acts/{actor}/builds?version=0.0")["id"]
    stores = [ada.data("POST", "key-value-stores")["id"] for _ in range(2)]
    dataset = ada.data("POST", "datasets")["id"]
    before = ada.http.put(f"key-value-stores/{stores[0]}/records/big", content=BIG)
    yield "before", before.status_code
    yield "pushed", pushes(ada, dataset, noise) + pushes(ada, dataset, list)
    record = ada.http.put(f"key-value-stores/{stores[1]}/records/a", content=b"y" * (1 << 20))
    yield "record", record.status_code
    yield "keys", ada.data("GET", f"key-value-stores/{stores[1]}/keys")["count"]
    yield "big", ada.http.get(f"key-value-stores/{stores[0]}/records/big").content == BIG
    yield "items", ada.http.get(f"datasets/{dataset}/items?limit=1").json() == PART[:1]
    total = ada.http.get(f"datasets/{dataset}/items?fields=n").json()
    yield "counted", len(total) == ada.data("GET", f"datasets/{dataset}")["itemCount"]
    yield "abort", ada.http.post(f"actor-builds/{build}/abort").status_code
    (home / "spare").unlink()
    yield "aborted", ada.http.post(f"actor-builds/{build}/abort").status_code
    yield "deleted", [ada.http.delete(f"key-value-stores/{each}").status_code for each in stores]
    yield "gone", ada.http.delete(f"datasets/{dataset}").status_code
    yield "empty", [str(path) for path in home.glob("platform/records/**/*") if is_empty(path)]
    yield "again", ada.http.post("datasets", json={}).status_code


def pushes(ada: Account, dataset: str, more: Callable[[], list[Any]]) -> int:
    """How many parts there was room for."""
    path, count = f"datasets/{dataset}/items", 0
    while (answer := ada.http.post(path, json=[*PART, *more()])).status_code == 201:
        count += 1
    assert (answer.status_code, answer.json()["error"]["type"]) == (507, "disk-full")
    return count


def noise() -> list[dict[str, Any]]:
    return [{"noise": os.urandom(1 << 20).hex()}]


def is_empty(path: Path) -> bool:
    return path.is_file() and path.stat().st_size == 0


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
