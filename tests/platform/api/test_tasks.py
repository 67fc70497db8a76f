"""Tasks and their input (endpoints 32-38)."""

import secrets
import threading
from typing import Any

from tests.platform.api.conftest import Make, RunToken
from tests.platform.conftest import NO_LIMITS, Account, Platform


def error(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["type"]


def test_rule_139_the_list_holds_the_callers_tasks(
    ada: Account, ben: Account, make_task: Make
) -> None:
    made = [make_task(), make_task()]
    page = ada.data("GET", "actor-tasks")
    assert [each["id"] for each in page["items"]][-2:] == [each["id"] for each in made]
    newest = ada.data("GET", "actor-tasks?desc=1&limit=1")
    assert (newest["items"][0]["id"], newest["count"]) == (made[1]["id"], 1)
    assert made[0]["id"] not in [each["id"] for each in ben.data("GET", "actor-tasks")["items"]]


def test_rule_140_a_short_task_names_its_actor(
    platform: Platform, ada: Account, actor: Any, make_task: Make
) -> None:
    task = make_task(title="A task")
    run = ada.data("POST", f"actor-tasks/{task['id']}/runs")
    short = ada.data("GET", "actor-tasks?desc=1&limit=1")["items"][0]
    assert short["id"] == task["id"]
    assert (short["actId"], short["actName"]) == (actor["id"], actor["name"])
    assert (short["actUsername"], short["username"]) == ("ada", "ada")
    assert short["stats"] == {"totalRuns": 1, "lastRunStartedAt": run["startedAt"]}
    platform.sql("UPDATE run SET status='SUCCEEDED' WHERE id=?", run["id"])
    ada.http.delete(f"acts/{actor['id']}")
    gone = ada.data("GET", "actor-tasks?desc=1&limit=1")["items"][0]
    assert (gone["id"], gone["actName"]) == (task["id"], "")
    assert error(ada.http.post(f"actor-tasks/{task['id']}/runs")) == (404, "record-not-found")


def test_rule_141_a_task_needs_actor_and_name(ada: Account, actor: Any) -> None:
    assert error(ada.http.post("actor-tasks", json={"name": "x"})) == (400, "invalid-value")
    body = {"actId": actor["id"]}
    assert error(ada.http.post("actor-tasks", json=body)) == (400, "invalid-value")
    bad: list[dict[str, Any]] = [{"name": "not a name"}, {"name": "x", "input": [1]}]
    bad += [{"name": "x", "options": 1}, {"name": "x", "options": {"memoryMbytes": 100}}]
    for each in bad:
        assert ada.http.post("actor-tasks", json=body | each).status_code == 400
    assert error(ada.http.post("actor-tasks", json={"actId": "none", "name": "x"}))[0] == 404
    response = ada.http.post("actor-tasks", json={"actId": f"~{actor['name']}", "name": "by-name"})
    assert response.status_code == 201
    made = response.json()["data"]
    assert response.headers["Location"].endswith(f"/v2/actor-tasks/{made['id']}")
    assert (made["actId"], made["options"], made["input"]) == (actor["id"], {}, None)
    again = {"actId": actor["id"], "name": "by-name"}
    assert error(ada.http.post("actor-tasks", json=again)) == (409, "actor-task-name-not-unique")


def test_a_task_is_found_by_id_and_name_by_its_owner_only(
    platform: Platform, ada: Account, ben: Account, make_task: Make
) -> None:
    task = make_task()
    for ref in (task["id"], f"~{task['name']}", f"ada~{task['name']}"):
        assert ada.data("GET", f"actor-tasks/{ref}")["id"] == task["id"]
        path = f"actor-tasks/{ref}"
        if not ref.startswith("~"):
            assert ben.http.get(path).status_code == 404
            assert ben.http.put(path, json={"title": "mine"}).status_code == 404
            assert ben.http.delete(path).status_code == 404
            assert ben.http.post(f"{path}/runs").status_code == 404
        assert platform.anonymous.get(path).status_code == 401


def test_rule_142_what_is_not_named_stays(ada: Account, make_task: Make) -> None:
    options = {"build": "latest", "timeoutSecs": 5, "memoryMbytes": 256}
    task = make_task(options=options, input={"a": 1}, title="One", description="Text")
    path = f"actor-tasks/{task['id']}"
    changed = ada.data("PUT", path, json={"title": "Two", "id": "echo", "options": {"build": "x"}})
    assert (changed["title"], changed["description"], changed["id"]) == ("Two", "Text", task["id"])
    assert changed["options"] == options | {"build": "x"}
    assert changed["input"] == {"a": 1}
    assert changed["modifiedAt"] > task["modifiedAt"]
    assert changed["createdAt"] == task["createdAt"]
    less = ada.data("PUT", path, json={"options": {"build": None}, "input": None})
    assert "build" not in less["options"]
    assert less["input"] is None
    assert error(ada.http.put(path, json={"isPublic": True})) == (400, "cannot-publish-actor-task")
    assert ada.http.delete(path).status_code == 204
    assert ada.http.get(path).status_code == 404


def test_two_who_change_different_fields_both_get_their_way(ada: Account, make_task: Make) -> None:
    path = f"actor-tasks/{make_task()['id']}"
    for number in range(10):
        bodies = [{"title": f"t{number}"}, {"description": f"d{number}"}]
        threads = [
            threading.Thread(target=lambda body=body: ada.http.put(path, json=body))
            for body in bodies
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        task = ada.data("GET", path)
        assert (task["title"], task["description"]) == (f"t{number}", f"d{number}")


def test_rule_143_the_input_has_no_envelope(ada: Account, make_task: Make) -> None:
    task = make_task(input={"b": 1, "a": [1, {"x": None}]})
    text = ada.http.get(f"actor-tasks/{task['id']}/input").text
    assert text == '{"b":1,"a":[1,{"x":null}]}'
    assert ada.http.get(f"actor-tasks/{make_task()['id']}/input").json() == {}


def test_rule_144_put_input_merges(ada: Account, make_task: Make) -> None:
    task = make_task(input={"myField1": "some-value", "myField2": "another-value", "myField3": 1})
    path = f"actor-tasks/{task['id']}/input"
    answer = ada.http.put(path, json={"myField2": "updated-value"})
    merged = {"myField1": "some-value", "myField2": "updated-value", "myField3": 1}
    assert (answer.status_code, answer.json()) == (200, merged)
    assert ada.http.get(path).json() == merged
    assert ada.data("GET", f"actor-tasks/{task['id']}")["input"] == merged
    assert ada.http.put(path, json=[1]).status_code == 400
    assert ada.http.put(path, content=b"{", headers={"Content-Type": "application/json"}).is_error
    wrong = ada.http.put(path, content=b"{}", headers={"Content-Type": "text/plain"})
    assert wrong.status_code == 415
    number = b'{"big":123456789012345678901234567890,"n":1.10}'
    kept = ada.http.put(path, content=number, headers={"Content-Type": "application/json"})
    assert number[1:-1].decode() in kept.text


def test_the_input_is_sealed_at_rest(platform: Platform, ada: Account, make_task: Make) -> None:
    canary = f"canary-{secrets.token_hex(8)}"
    task = make_task(input={"password": canary})
    assert ada.http.get(f"actor-tasks/{task['id']}/input").json() == {"password": canary}
    rows = platform.sql("SELECT * FROM task WHERE id=?", task["id"])
    assert canary not in repr(rows)
    platform.sql("UPDATE task SET sealed_input='x' WHERE id=?", task["id"])
    assert error(ada.http.get(f"actor-tasks/{task['id']}")) == (409, "task-input-sealed")
    again = ada.http.put(f"actor-tasks/{task['id']}", json={"input": {"password": "new"}})
    assert again.status_code == 200


def test_a_run_may_start_tasks_but_not_change_them(
    ada: Account, actor: Any, make_run: Make, make_task: Make, run_token: RunToken
) -> None:
    inside = run_token(make_run(actor, "RUNNING")["id"])
    path = f"actor-tasks/{make_task()['id']}"
    assert inside.data("POST", f"{path}/runs")["meta"]["origin"] == "ACTOR"
    assert inside.http.get(path).status_code == 403
    assert inside.http.put(path, json={}).status_code == 403
    assert inside.http.get(f"{path}/input").status_code == 403


def test_the_accounts_tasks_are_counted_and_limited(
    platform: Platform, ada: Account, actor: Any, make_task: Make
) -> None:
    make_task()
    current = ada.data("GET", "users/me/limits")["current"]["actorTaskCount"]
    assert current == ada.data("GET", "actor-tasks?limit=1")["total"]
    limits = f'{{"maxActorTaskCount": {current}}}'
    platform.sql("UPDATE \"user\" SET limits=? WHERE username='ada'", limits)
    body = {"actId": actor["id"], "name": "one-too-many"}
    assert error(ada.http.post("actor-tasks", json=body)) == (402, "too-many-actor-tasks")
    key = limits.partition('"')[2].partition('"')[0]
    platform.manage("platform_user", "ada", "--limit", f"{key}=10000")
    platform.manage("platform_user", "ada", *NO_LIMITS)
