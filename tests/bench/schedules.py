"""1,000 schedules due in the same second, then a few at a time, before a whole Callboard.

.venv/bin/python -m tests.bench.schedules
"""

import json
import math
import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.stack import Stack, running, wait_for

SCHEDULES = 1000
FEW = 5
SECONDS = 60.0
NO_LIMITS = json.dumps(
    {
        "maxConcurrentActorJobs": 100_000,
        "maxActorMemoryGbytes": 100_000,
        "maxScheduleCount": 100_000,
    }
)
SLEEPER = "import time\ntime.sleep(600)\n"  # the runner is full at once and does nothing more


def sql(stack: Stack, statement: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(stack.home / "platform.sqlite3", timeout=60)) as connection:
        rows = connection.execute(statement, values).fetchall()
        connection.commit()
        return rows


def make_actor(api: httpx.Client) -> str:
    version = {
        "versionNumber": "0.0",
        "sourceType": "SOURCE_FILES",
        "buildTag": "latest",
        "sourceFiles": [{"name": "main.py", "format": "TEXT", "content": SLEEPER}],
    }
    actor = api.post("acts", json={"name": "sleeper", "versions": [version]}).json()["data"]
    build = api.post(f"acts/{actor['id']}/builds?version=0.0&waitForFinish=60").json()["data"]
    assert build["status"] == "SUCCEEDED", build
    return str(actor["id"])


def make_schedules(api: httpx.Client, actor: str, name: str, count: int, cron: str) -> None:
    options = {"memoryMbytes": 1024, "timeoutSecs": 600}
    action = {"type": "RUN_ACTOR", "actorId": actor, "runOptions": options}
    for number in range(count):
        body = {"name": f"{name}-{number}", "cronExpression": cron, "actions": [action]}
        api.post("schedules", json=body).raise_for_status()


def lateness(stack: Stack, name: str) -> list[float]:
    """Seconds from the time of each firing to the creation of its run, sorted; none twice."""
    rows = sql(
        stack,
        "SELECT f.schedule_id, f.scheduled_at, r.created_at FROM firing f"
        " JOIN schedule s ON s.id = f.schedule_id"
        " JOIN run r ON r.meta ->> 'scheduleId' = s.id"
        "  AND r.meta ->> 'scheduledAt' = strftime('%Y-%m-%dT%H:%M:%fZ', f.scheduled_at)"
        " WHERE f.state = 'STARTED' AND s.name LIKE ?",
        f"{name}-%",
    )
    assert len({row[:2] for row in rows}) == len(rows), "a firing has two runs"
    stamps = [[datetime.fromisoformat(text) for text in row[1:]] for row in rows]
    return sorted((created - planned).total_seconds() for planned, created in stamps)


def percentile(values: list[float], share: float) -> float:
    return values[math.ceil(share * len(values)) - 1]


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "home", CALLBOARD_PLATFORM_RATE_LIMITS="0") as stack,
        stack.api() as api,
    ):
        sql(stack, "UPDATE user SET limits = ?", NO_LIMITS)
        actor = make_actor(api)
        make_schedules(api, actor, "few", FEW, "*/10 * * * * *")
        time.sleep(SECONDS)
        sql(stack, "UPDATE schedule SET is_enabled = 0, next_run_at = NULL")
        few = lateness(stack, "few")
        make_schedules(api, actor, "many", SCHEDULES, "0 0 1 1 *")
        due = datetime.now(UTC).replace(microsecond=0, tzinfo=None) + timedelta(seconds=3)
        sql(stack, "UPDATE schedule SET next_run_at = ? WHERE name LIKE 'many-%'", str(due))
        waiting = "SELECT 1 FROM schedule WHERE name LIKE 'many-%' AND last_run_at IS NULL"
        wait_for(lambda: not sql(stack, waiting), 120)
        many = lateness(stack, "many")
        assert len(many) == SCHEDULES
    print(f"{len(few)} firings of {FEW} schedules: p50 {percentile(few, 0.5) * 1000:.0f} ms late,")
    print(f"  p99 {percentile(few, 0.99) * 1000:.0f} ms, {percentile(few, 0.99) / 1:.2f} of 1 s")
    print(f"{SCHEDULES} in one second, all started after {many[-1]:.1f} s, none twice,")
    print(f"  {many[-1] / 10:.2f} of 10 s; p50 {percentile(many, 0.5):.1f} s late")


if __name__ == "__main__":
    main()
