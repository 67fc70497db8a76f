"""Tasks through both official clients."""

from datetime import timedelta

import pytest
from apify_client import ApifyClient

from tests.contract.conftest import Node

pytestmark = pytest.mark.processes


def test_tasks_from_python(client: ApifyClient, pusher: str) -> None:
    made = client.tasks().create(
        actor_id=pusher,
        name="contract-task",
        title="Contract",
        task_input={"count": 2, "exit": 0},
        memory_mbytes=256,
        run_timeout=timedelta(seconds=60),
    )
    task = client.task(made.id)
    assert [each.id for each in client.tasks().list(desc=True, limit=1).items] == [made.id]
    changed = task.update(title="Changed", max_items=9)
    assert (changed.title, changed.name) == ("Changed", "contract-task")
    assert changed.options is not None
    assert (changed.options.max_items, changed.options.memory_mbytes) == (9, 256)
    assert task.get_input() == {"count": 2, "exit": 0}
    assert task.update_input(task_input={"count": 3}) == {"count": 3, "exit": 0}
    run = task.call(task_input={"count": 4})
    assert run is not None
    assert (run.status, run.actor_task_id, run.options.memory_mbytes) == ("SUCCEEDED", made.id, 256)
    last = task.last_run(status="SUCCEEDED")
    assert [item["n"] for item in last.dataset().list_items().items] == [0, 1, 2, 3]
    output = last.key_value_store().get_record("OUTPUT")
    assert output is not None
    assert output["value"] == {"pushed": 4}
    assert "pushing 4 items" in (last.log().get() or "")
    assert task.runs().list().items[0].id == run.id
    started = task.start(wait_for_finish=60)
    assert started.status == "SUCCEEDED"
    task.delete()
    assert task.get() is None


def test_tasks_from_javascript(node: Node, pusher: str) -> None:
    told = node(f"""
        const made = await client.tasks().create({{
          actId: {pusher!r}, name: 'npm-task', input: {{ count: 1, exit: 0 }},
          options: {{ memoryMbytes: 256 }} }});
        const task = client.task(made.id);
        const listed = await client.tasks().list({{ desc: true, limit: 1 }});
        await task.update({{ title: 'Changed' }});
        await task.updateInput({{ ...(await task.getInput()), count: 2 }});
        const run = await task.call({{ count: 3 }});
        const {{ items }} = await task.lastRun({{ status: 'SUCCEEDED' }}).dataset().listItems();
        const runs = await task.runs().list();
        const {{ title, options, input, stats }} = await task.get();
        await task.delete();
        return {{ listed: listed.items[0].id === made.id, title, options, input,
          totalRuns: stats.totalRuns, status: run.status, numbers: items.map(({{ n }}) => n),
          runs: runs.total, gone: (await task.get()) === undefined }};
    """)
    assert told == {
        "listed": True, "title": "Changed", "options": {"memoryMbytes": 256},
        "input": {"count": 2, "exit": 0}, "totalRuns": 1, "status": "SUCCEEDED",
        "numbers": [0, 1, 2], "runs": 1, "gone": True,
    }  # fmt: skip
