"""Runs of tasks (endpoints 40-45)."""

from typing import Any

from tests.platform.api.conftest import Make, set_status
from tests.platform.api.test_run_sync import Caller, end, new_run
from tests.platform.api.test_tasks import error
from tests.platform.conftest import Account, Platform

SCHEMA = {
    "properties": {
        "start": {"type": "integer", "default": 7},
        "depth": {"type": "integer", "default": 1},
        "word": {"type": "string"},
    }
}


def input_of(account: Account, run: Any) -> Any:
    return account.http.get(f"actor-runs/{run['id']}/key-value-store/records/INPUT").json()


def test_rule_145_body_then_task_then_schema(
    ada: Account, make_actor: Make, make_build: Make, make_task: Make
) -> None:
    other = make_actor()
    make_build(other, schema=SCHEMA)
    task = make_task(actId=other["id"], input={"word": "task", "start": 3})
    path = f"actor-tasks/{task['id']}/runs"
    assert input_of(ada, ada.data("POST", path)) == {"word": "task", "start": 3, "depth": 1}
    run = ada.data("POST", path, json={"word": "body"})
    assert input_of(ada, run) == {"word": "body", "start": 3, "depth": 1}
    assert run["actorTaskId"] == task["id"]
    assert error(ada.http.post(path, json={"start": "three"})) == (400, "invalid-input")
    assert ada.data("GET", f"actor-tasks/{task['id']}")["stats"]["totalRuns"] == 2


def test_rule_146_overrides_are_a_json_object(ada: Account, make_task: Make) -> None:
    path = f"actor-tasks/{make_task()['id']}/runs"
    assert error(ada.http.post(path, json=[1])) == (400, "invalid-request")
    text = ada.http.post(path, content=b"{}", headers={"Content-Type": "text/plain"})
    assert text.status_code == 415
    assert ada.http.post(path, content=b"").status_code == 201


def test_rule_147_defaults_come_from_the_task(
    ada: Account, actor: Any, make_build: Make, make_task: Make
) -> None:
    make_build(actor, tag="beta")
    ada.data("PUT", f"acts/{actor['id']}", json={"defaultRunOptions": {"timeoutSecs": 99}})
    options = {"build": "beta", "memoryMbytes": 256, "maxItems": 5, "maxTotalChargeUsd": 0.5}
    path = f"actor-tasks/{make_task(options=options)['id']}/runs"
    run = ada.data("POST", path)
    wanted = options | {"timeoutSecs": 99}
    assert wanted.items() <= run["options"].items()
    over = ada.data("POST", f"{path}?memory=512&timeout=3&build=latest&maxItems=1")
    wanted = {"build": "latest", "memoryMbytes": 512, "timeoutSecs": 3, "maxItems": 1}
    assert wanted.items() <= over["options"].items()


def test_the_runs_of_a_task(
    platform: Platform, ada: Account, actor: Any, make_run: Make, make_task: Make
) -> None:
    path = f"actor-tasks/{make_task()['id']}"
    make_run(actor)
    runs = [ada.data("POST", f"{path}/runs") for _ in range(2)]
    set_status(platform, runs[0]["id"], "SUCCEEDED")
    page = ada.data("GET", f"{path}/runs")
    assert [each["id"] for each in page["items"]] == [each["id"] for each in runs]
    assert {each["actorTaskId"] for each in page["items"]} == {runs[0]["actorTaskId"]}
    done = ada.data("GET", f"{path}/runs?status=SUCCEEDED&desc=1")
    assert [each["id"] for each in done["items"]] == [runs[0]["id"]]
    mine = ada.data("GET", "actor-runs?desc=1&limit=2")["items"]
    assert [each["actorTaskId"] for each in mine] == [runs[0]["actorTaskId"]] * 2


def test_rules_28_124_125_the_last_run_of_a_task(
    platform: Platform, ada: Account, make_task: Make
) -> None:
    path = f"actor-tasks/{make_task()['id']}"
    assert error(ada.http.get(f"{path}/runs/last")) == (404, "record-not-found")
    good, bad = (ada.data("POST", f"{path}/runs") for _ in range(2))
    set_status(platform, good["id"], "SUCCEEDED")
    set_status(platform, bad["id"], "RUNNING")
    assert ada.data("GET", f"{path}/runs/last")["id"] == bad["id"]
    assert ada.data("GET", f"{path}/runs/last?status=SUCCEEDED")["id"] == good["id"]
    for below in ("", "/dataset/items", "/log", "/key-value-store/keys", "/request-queue/head"):
        assert platform.anonymous.get(f"{path}/runs/last{below}").status_code == 401
    assert ada.http.post(f"{path}/runs/last/reboot").status_code == 200
    target = f"{path}/runs/last/metamorph?targetActorId={bad['actId']}"
    assert ada.http.post(target).status_code == 200
    assert ada.data("POST", f"{path}/runs/last/abort")["status"] == "ABORTING"


def test_rule_126_all_that_is_below_a_run_is_below_the_last_of_a_task() -> None:
    from apps.platform.routes import ROUTES

    run, task = "/v2/actor-runs/{runId}/", "/v2/actor-tasks/{actorTaskId}/runs/last/"
    places = ("log", "key-value-store", "dataset", "request-queue")

    def below(root: str) -> set[tuple[str, str]]:
        found = {
            (each.method, each.path.removeprefix(root))
            for each in ROUTES
            if each.path.startswith(root)
        }
        return {each for each in found if each[1].split("/")[0] in places}

    assert below(task) == below(run)
    assert len(below(run)) >= 27


def test_rules_129_138_a_task_run_that_is_waited_for(
    platform: Platform, ada: Account, make_actor: Make, make_build: Make, make_task: Make
) -> None:
    for method, way in (("POST", "run-sync"), ("GET", "run-sync")):
        actor = make_actor()
        make_build(actor)
        task = make_task(actId=actor["id"], input={"a": 1})
        path = f"actor-tasks/{task['id']}/{way}?memory=512"
        caller = Caller(ada, method, path, json={"b": 2} if method == "POST" else None)
        run = new_run(ada, actor)
        found = ada.data("GET", f"actor-runs/{run['id']}")
        assert (found["actorTaskId"], found["options"]["memoryMbytes"]) == (task["id"], 512)
        assert input_of(ada, run) == {"a": 1} | ({"b": 2} if method == "POST" else {})
        record = f"actor-runs/{run['id']}/key-value-store/records/OUTPUT"
        ada.http.put(record, json={"done": 1})
        end(platform, run, "SUCCEEDED")
        response = caller.result()
        assert (response.status_code, response.json()) == (201, {"done": 1})


def test_rules_134_135_the_items_of_a_task_run(
    platform: Platform, ada: Account, make_actor: Make, make_build: Make, make_task: Make
) -> None:
    actor = make_actor()
    make_build(actor)
    path = f"actor-tasks/{make_task(actId=actor['id'])['id']}/run-sync-get-dataset-items"
    caller = Caller(ada, "POST", f"{path}?format=json&fields=a&limit=1")
    run = new_run(ada, actor)
    ada.http.post(f"actor-runs/{run['id']}/dataset/items", json=[{"a": 1, "b": 1}, {"a": 2}])
    end(platform, run, "SUCCEEDED")
    response = caller.result()
    assert (response.status_code, response.json()) == (201, [{"a": 1}])
    assert response.headers["X-Apify-Pagination-Total"] == "2"
