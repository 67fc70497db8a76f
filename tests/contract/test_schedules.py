"""Schedules through both official clients."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apify_client import ApifyClient

from tests.contract.conftest import Node
from tests.stack import wait_for

pytestmark = pytest.mark.processes


def test_schedules_from_python(client: ApifyClient, pusher: str) -> None:
    """Two actions start their runs on time; the times and the log tell so."""
    task = client.tasks().create(actor_id=pusher, name="scheduled", task_input={"count": 1})
    run_input = {"body": '{"count": 2}', "contentType": "application/json"}
    actions: list[dict[str, Any]] = [
        {"type": "RUN_ACTOR", "actorId": pusher, "runInput": run_input},
        {"type": "RUN_ACTOR_TASK", "actorTaskId": task.id, "input": {"exit": 0}},
    ]
    made = client.schedules().create(
        cron_expression="*/10 * * * * *",
        is_enabled=True,
        is_exclusive=False,
        name="contract",
        timezone="Europe/Prague",
        actions=actions,
    )
    schedule = client.schedule(made.id)
    assert made.next_run_at is not None
    assert timedelta() < made.next_run_at - datetime.now(UTC) <= timedelta(seconds=10)
    listed = client.schedules().list(desc=True, limit=1).items[0]
    assert (listed.id, len(listed.actions)) == (made.id, 2)

    def scheduled() -> Any:
        runs = client.runs().list(desc=True, limit=20).items
        found = [run for run in runs if run.meta and run.meta.schedule_id == made.id]
        return found if len(found) >= 2 else None

    runs = wait_for(scheduled, 30)
    stopped = schedule.update(is_enabled=False)
    assert stopped.next_run_at is None
    assert stopped.last_run_at is not None
    assert {run.meta.origin for run in runs} == {"SCHEDULER"}
    assert {run.actor_task_id for run in runs} == {None, task.id}
    ended = [client.run(run.id).wait_for_finish() for run in runs]
    assert {run.status for run in ended if run} == {"SUCCEEDED"}
    assert [line.level for line in schedule.get_log()][:2] == ["INFO", "INFO"]
    assert all(line.message.startswith("Schedule invoked") for line in schedule.get_log())
    schedule.delete()
    assert schedule.get() is None


def test_schedules_from_javascript(node: Node, pusher: str) -> None:
    told = node(f"""
        const made = await client.schedules().create({{
          name: 'npm-schedule', cronExpression: '@weekly', isEnabled: true, isExclusive: true,
          actions: [{{ type: 'RUN_ACTOR', actorId: {pusher!r} }}] }});
        const schedule = client.schedule(made.id);
        const listed = await client.schedules().list({{ desc: true, limit: 1 }});
        const changed = await schedule.update({{ isEnabled: false }});
        const log = await schedule.getLog();
        await schedule.delete();
        return {{ listed: listed.items[0].id === made.id, next: made.nextRunAt !== null,
          changed: [changed.isEnabled, changed.nextRunAt, changed.cronExpression],
          target: changed.actions[0].actorId === {pusher!r}, log,
          gone: (await schedule.get()) === undefined }};
    """)
    assert told == {
        "listed": True, "next": True, "changed": [False, None, "@weekly"], "target": True,
        "log": [], "gone": True,
    }  # fmt: skip
