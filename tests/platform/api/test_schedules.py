"""Schedules (endpoints 100-105)."""

import json
import secrets
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.platform.api.conftest import Make, RunToken
from tests.platform.api.test_tasks import error
from tests.platform.conftest import NO_LIMITS, Account, Platform


@pytest.fixture
def make_schedule(ada: Account) -> Make:
    def make(owner: Account = ada, **fields: Any) -> Any:
        body = {"name": f"schedule-{secrets.token_hex(4)}", "cronExpression": "0 5 * * *"} | fields
        return owner.data("POST", "schedules", json=body)

    return make


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_rules_247_248_actions_start_actors_and_tasks(
    ada: Account, actor: Any, make_task: Make, make_schedule: Make
) -> None:
    task = make_task()
    options = {"build": "latest", "timeoutSecs": 60, "memoryMbytes": 256}
    run_input = {"body": '{"a": 1}', "contentType": "application/json"}
    actions = [
        {"type": "RUN_ACTOR", "actorId": f"~{actor['name']}", "runInput": run_input},
        {"type": "RUN_ACTOR_TASK", "actorTaskId": task["id"], "input": {"b": 2}},
        {"type": "RUN_ACTOR_TASK", "actorTaskId": f"~{task['name']}", "runOptions": options},
    ]
    made = make_schedule(actions=actions)
    first, second, third = made["actions"]
    assert len({first["id"], second["id"], third["id"]}) == 3
    assert (first["type"], first["actorId"]) == ("RUN_ACTOR", actor["id"])
    assert (first["runInput"], first["runOptions"]) == (run_input, None)
    assert (second["actorTaskId"], second["input"]) == (task["id"], {"b": 2})
    assert (third["actorTaskId"], third["runOptions"]) == (task["id"], options)
    assert third["input"] is None


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ({"type": "FLY"}, "invalid-value"),
        ({"type": "RUN_ACTOR"}, "invalid-value"),
        ({"type": "RUN_ACTOR", "actorId": "none"}, "schedule-actor-not-found"),
        ({"type": "RUN_ACTOR_TASK", "actorTaskId": "none"}, "schedule-actor-task-not-found"),
        ({"type": "RUN_ACTOR_TASK", "actorTaskId": "T", "input": [1]}, "invalid-value"),
        ({"type": "RUN_ACTOR", "actorId": "A", "runInput": 1}, "invalid-value"),
        ({"type": "RUN_ACTOR", "actorId": "A", "runInput": {"body": "{"}}, "invalid-request"),
        ({"type": "RUN_ACTOR", "actorId": "A", "runOptions": {"memoryMbytes": 3}}, "invalid-value"),
        ({"type": "RUN_ACTOR_TASK", "actorTaskId": "T", "runInput": {"body": "[]"}}, "invalid-"),
    ],
)
def test_rule_247_actions_that_cannot_work_are_refused(
    ada: Account, actor: Any, make_task: Make, action: dict[str, Any], kind: str
) -> None:
    real = {"A": actor["id"], "T": make_task()["id"]}
    known = {
        name: real.get(value, value) if isinstance(value, str) else value
        for name, value in action.items()
    }
    response = ada.http.post("schedules", json={"cronExpression": "@daily", "actions": [known]})
    assert response.status_code in {400, 404}
    assert response.json()["error"]["type"].startswith(kind)


def test_rules_249_250_fields_of_a_schedule(ada: Account) -> None:
    body = {
        "name": "Every morning",
        "cronExpression": "30 6 * * 1-5",
        "timezone": "Europe/Prague",
        "isEnabled": True,
        "isExclusive": True,
        "description": "Text",
        "title": "Morning",
        "notifications": {"email": True},
    }
    response = ada.http.post("schedules", json=body)
    made = response.json()["data"]
    assert response.status_code == 201
    assert response.headers["Location"].endswith(f"/v2/schedules/{made['id']}")
    assert body.items() <= made.items()
    assert (made["actions"], made["lastRunAt"], made["title"]) == ([], None, "Morning")
    assert at(made["nextRunAt"]).minute == 30
    assert ada.data("GET", f"schedules/{made['id']}") == made
    assert error(ada.http.post("schedules", json=body)) == (409, "schedule-name-not-unique")
    plain = ada.data("POST", "schedules", json={"cronExpression": "@daily"})
    assert (plain["timezone"], plain["isEnabled"], plain["isExclusive"]) == ("UTC", True, False)
    assert plain["name"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({}, "invalid-value"),
        ({"cronExpression": "* * * * * *"}, "cron-expression-invalid"),
        ({"cronExpression": "0 0 31 2 *"}, "cron-expression-invalid"),
        ({"cronExpression": 5}, "invalid-value"),
        ({"cronExpression": "@daily", "timezone": "Mars/Base"}, "invalid-value"),
        ({"cronExpression": "@daily", "isEnabled": "yes"}, "invalid-value"),
        ({"cronExpression": "@daily", "name": " "}, "invalid-value"),
        ({"cronExpression": "@daily", "name": "x" * 64}, "invalid-value"),
        ({"cronExpression": "@daily", "actions": {}}, "invalid-value"),
        ({"cronExpression": "@daily", "notifications": {"email": 1}}, "invalid-value"),
    ],
)
def test_rules_249_251_what_cannot_work_is_refused_when_saved(
    ada: Account, make_schedule: Make, body: dict[str, Any], kind: str
) -> None:
    assert error(ada.http.post("schedules", json=body)) == (400, kind)
    if body:
        kept = make_schedule()
        path = f"schedules/{kept['id']}"
        assert error(ada.http.put(path, json=body)) == (400, kind)
        assert ada.data("GET", path) == kept


def test_rule_246_the_list(
    ada: Account, ben: Account, make_task: Make, make_schedule: Make
) -> None:
    action = {"type": "RUN_ACTOR_TASK", "actorTaskId": make_task()["id"], "input": {"a": 1}}
    made = [make_schedule(), make_schedule(actions=[action])]
    page = ada.data("GET", "schedules?desc=1&limit=2")
    assert [each["id"] for each in page["items"]] == [made[1]["id"], made[0]["id"]]
    short = page["items"][0]["actions"][0]
    assert short == {
        k: v for k, v in made[1]["actions"][0].items() if k not in {"input", "runOptions"}
    }
    assert (page["count"], page["desc"]) == (2, True)
    for method in ("GET", "PUT", "DELETE"):
        path = f"schedules/{made[0]['id']}"
        assert ben.http.request(method, path, json={}).status_code == 404
    assert ben.http.get(f"schedules/{made[0]['id']}/log").status_code == 404


def test_rule_253_what_is_not_named_stays(
    ada: Account, make_task: Make, make_schedule: Make
) -> None:
    task = make_task()
    actions = [{"type": "RUN_ACTOR_TASK", "actorTaskId": task["id"], "input": {"a": 1}}]
    made = make_schedule(actions=actions, description="Text")
    path = f"schedules/{made['id']}"
    changed = ada.data("PUT", path, json={"title": "New", "id": "echo", "userId": "echo"})
    same = {k: v for k, v in made.items() if k not in {"title", "modifiedAt"}}
    assert same.items() <= changed.items()
    again = ada.data("PUT", path, json={"actions": [*actions, *actions]})
    assert again["actions"][0]["id"] == made["actions"][0]["id"]
    assert again["actions"][1]["id"] != made["actions"][0]["id"]
    turned = ada.data("PUT", path, json={"actions": again["actions"][::-1]})
    assert turned["actions"] == again["actions"][::-1]
    assert ada.http.delete(path).status_code == 204
    assert ada.http.get(path).status_code == 404


def test_next_run_at_is_true_after_disable_enable_and_edit(
    platform: Platform, ada: Account, make_schedule: Make
) -> None:
    made = make_schedule(cronExpression="* * * * *")
    path = f"schedules/{made['id']}"
    now = datetime.now(UTC)
    assert timedelta() < at(made["nextRunAt"]) - now <= timedelta(minutes=1)
    assert ada.data("PUT", path, json={"isEnabled": False})["nextRunAt"] is None
    assert ada.data("PUT", path, json={"cronExpression": "0 12 1 1 *"})["nextRunAt"] is None
    enabled = ada.data("PUT", path, json={"isEnabled": True})
    assert enabled["nextRunAt"].endswith("-01-01T12:00:00.000Z")
    moved = ada.data("PUT", path, json={"timezone": "Asia/Kolkata"})
    assert moved["nextRunAt"].endswith("-01-01T06:30:00.000Z")
    due = "2026-01-01 00:00:00"
    platform.sql("UPDATE schedule SET next_run_at=? WHERE id=?", due, made["id"])
    echoed = {"cronExpression": "0 12 1 1 *", "isEnabled": True, "title": "Renamed"}
    assert ada.data("PUT", path, json=echoed)["nextRunAt"] == "2026-01-01T00:00:00.000Z"


def test_enabling_never_undoes_an_edit(ada: Account, make_schedule: Make) -> None:
    path = f"schedules/{make_schedule()['id']}"
    for number in range(10):
        hour, enabled = number % 24, bool(number % 2)
        bodies = [{"cronExpression": f"0 {hour} * * *"}, {"isEnabled": enabled}]
        threads = [
            threading.Thread(target=lambda body=body: ada.http.put(path, json=body))
            for body in bodies
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        found = ada.data("GET", path)
        assert (found["cronExpression"], found["isEnabled"]) == (f"0 {hour} * * *", enabled)
        assert (found["nextRunAt"] is not None) == enabled


def test_rules_254_255_the_log_is_the_newest_thousand(
    platform: Platform, ada: Account, make_schedule: Make
) -> None:
    made = make_schedule()
    path = f"schedules/{made['id']}/log"
    assert ada.data("GET", path) == []
    platform.shell(
        "from datetime import UTC, datetime, timedelta\n"
        "def row(n):\n"
        "    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n)\n"
        "    state = 'WAITING' if n == 1199 else 'STARTED'\n"
        f"    return Firing(schedule_id='{made['id']}', scheduled_at=moment, action_id='a',"
        " state=state, message=f'number {n}', created_at=moment)\n"
        "Firing.objects.bulk_create(map(row, range(1200)))"
    )
    lines = ada.data("GET", path)
    assert [lines[0]["message"], lines[-1]["message"]] == ["number 199", "number 1198"]
    assert len(lines) == 1000
    wanted = {"message": "number 199", "level": "INFO", "createdAt": "2026-01-01T03:19:00.000Z"}
    assert lines[0] == wanted


def test_inputs_are_sealed_at_rest(
    platform: Platform, ada: Account, make_task: Make, make_schedule: Make
) -> None:
    canary = f"canary-{secrets.token_hex(8)}"
    action = {"type": "RUN_ACTOR_TASK", "actorTaskId": make_task()["id"], "input": {"p": canary}}
    made = make_schedule(actions=[action])
    assert made["actions"][0]["input"] == {"p": canary}
    rows = platform.sql("SELECT actions FROM schedule WHERE id=?", made["id"])
    assert canary not in repr(rows)
    broken = rows[0][0] if platform.postgres else json.loads(rows[0][0])
    broken[0]["sealed"] = "x"
    platform.sql("UPDATE schedule SET actions=? WHERE id=?", json.dumps(broken), made["id"])
    path = f"schedules/{made['id']}"
    assert error(ada.http.get(path)) == (409, "schedule-input-sealed")
    assert ada.data("PUT", path, json={"actions": [action]})["actions"][0]["input"] == {"p": canary}


def test_a_run_may_not_touch_schedules(
    ada: Account, actor: Any, make_run: Make, make_schedule: Make, run_token: RunToken
) -> None:
    inside = run_token(make_run(actor, "RUNNING")["id"])
    assert inside.http.get(f"schedules/{make_schedule()['id']}").status_code == 403
    assert inside.http.get("schedules").status_code == 403
    body = {"cronExpression": "@daily"}
    assert inside.http.post("schedules", json=body).status_code == 403


def test_the_accounts_schedules_are_counted_and_limited(
    platform: Platform, ada: Account, make_schedule: Make
) -> None:
    make_schedule()
    current = ada.data("GET", "users/me/limits")["current"]["scheduleCount"]
    assert current == ada.data("GET", "schedules?limit=1")["total"]
    limits = f'{{"maxScheduleCount": {current}}}'
    platform.sql("UPDATE \"user\" SET limits=? WHERE username='ada'", limits)
    body = {"cronExpression": "@daily"}
    assert error(ada.http.post("schedules", json=body)) == (402, "too-many-schedules")
    key = limits.partition('"')[2].partition('"')[0]
    platform.manage("platform_user", "ada", "--limit", f"{key}=10000")
    platform.manage("platform_user", "ada", *NO_LIMITS)
