"""Runs (endpoints 21, 22, 27-31, 46-53)."""

import threading
import time
from typing import Any

import pytest

from tests.platform.api.conftest import Make, set_status
from tests.platform.conftest import Account, Platform


def error(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["type"]


def test_rules_15_88_97_a_run_is_there_at_once(ada: Account, actor: Any) -> None:
    response = ada.http.post(f"acts/{actor['id']}/runs", json={"a": 1})
    run = response.json()["data"]
    assert response.status_code == 201
    assert response.headers["Location"] == f"{ada.url}/v2/actor-runs/{run['id']}"
    assert (run["status"], run["actId"], run["meta"]["origin"]) == ("READY", actor["id"], "API")
    assert run["options"]["build"] == "latest"
    assert run["buildNumber"] == "0.1.1"
    ids = {run[f"default{kind}Id"] for kind in ("Dataset", "KeyValueStore", "RequestQueue")}
    assert len(ids) == 3
    assert run["stats"]["inputBodyLen"] == len(b'{"a":1}')


def test_rule_89_the_body_is_the_input_with_its_type(ada: Account, actor: Any) -> None:
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    path = f"acts/{actor['id']}/runs"
    run = ada.http.post(path, content=b"just text", headers=headers).json()["data"]
    record = ada.http.get(f"key-value-stores/{run['defaultKeyValueStoreId']}/records/INPUT")
    assert record.content == b"just text"
    assert record.headers["Content-Type"].startswith("text/plain")


@pytest.mark.parametrize("body", [b"{", b"[" * 3000, b"\xff", b"NaN", b"1e999"])
def test_rule_89_json_that_is_none_starts_nothing(ada: Account, actor: Any, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = ada.http.post(f"acts/{actor['id']}/runs", content=body, headers=headers)
    assert error(response) == (400, "invalid-request")
    assert ada.data("GET", f"acts/{actor['id']}/runs")["total"] == 0


def test_rules_90_91_92_93_94_options_of_the_query(ada: Account, actor: Any) -> None:
    query = "timeout=7&memory=256&maxItems=5&build=0.1.1"
    options = ada.data("POST", f"acts/{actor['id']}/runs?{query}")["options"]
    assert (options["timeoutSecs"], options["memoryMbytes"], options["maxItems"]) == (7, 256, 5)
    assert options["build"] == "0.1.1"


@pytest.mark.parametrize("query", ["memory=100", "memory=129", "memory=65536", "timeout=-1"])
def test_rule_92_memory_is_a_power_of_two(ada: Account, actor: Any, query: str) -> None:
    response = ada.http.post(f"acts/{actor['id']}/runs?{query}")
    assert error(response) == (400, "invalid-value")


def test_rule_94_the_build_is_the_actors_own_choice(
    ada: Account, make_actor: Make, make_build: Make
) -> None:
    actor = make_actor(defaultRunOptions={"build": "beta"})
    make_build(actor)
    build = make_build(actor, tag="beta")
    assert ada.data("POST", f"acts/{actor['id']}/runs")["buildId"] == build["id"]


def test_rule_94_an_unknown_build_is_a_sentence(ada: Account, actor: Any) -> None:
    response = ada.http.post(f"acts/{actor['id']}/runs?build=9.9.9")
    assert error(response) == (404, "record-not-found")
    assert "9.9.9" in response.json()["error"]["message"]


def test_the_origin_is_what_the_caller_says(ada: Account, actor: Any) -> None:
    for said, kept in (("CLI", "CLI"), ("cli", "CLI"), ("nonsense", "API")):
        headers = {"X-Apify-Request-Origin": said}
        run = ada.data("POST", f"acts/{actor['id']}/runs", headers=headers)
        assert run["meta"]["origin"] == kept


def test_rules_45_98_101_lists_of_runs(
    platform: Platform, make_actor: Make, make_build: Make, make_run: Make
) -> None:
    gus = platform.account("gus")
    actor = make_actor(gus)
    make_build(actor, gus)
    statuses = ("SUCCEEDED", "FAILED", "RUNNING")
    made = [make_run(actor, status, gus)["id"] for status in statuses]
    for path in ("actor-runs", f"acts/{actor['id']}/runs"):
        assert [run["id"] for run in gus.data("GET", path)["items"]] == made
        newest = gus.data("GET", f"{path}?desc=1&limit=1")
        assert [run["id"] for run in newest["items"]] == made[2:]
        failed = gus.data("GET", f"{path}?status=FAILED")
        assert (failed["total"], failed["items"][0]["id"]) == (1, made[1])
        both = gus.data("GET", f"{path}?status=FAILED,SUCCEEDED")
        assert both["total"] == 2


def test_lists_can_be_cut_by_time(ada: Account, actor: Any, make_run: Make) -> None:
    run = make_run(actor)
    path = f"acts/{actor['id']}/runs"
    for name, total in (("startedAfter", 1), ("startedBefore", 0)):
        params = {name: "2026-01-01T00:00:00.000Z"}
        assert ada.http.get(path, params=params).json()["data"]["total"] == total
    exact = {"startedAfter": run["startedAt"], "startedBefore": run["startedAt"]}
    assert ada.http.get(path, params=exact).json()["data"]["total"] == 1
    assert error(ada.http.get(path, params={"startedAfter": "soon"})) == (400, "invalid-value")


def test_rules_80_102_waiting_ends_with_the_run(
    platform: Platform, ada: Account, actor: Any, make_run: Make
) -> None:
    run = make_run(actor, "RUNNING")
    timer = threading.Timer(0.3, set_status, (platform, run["id"], "SUCCEEDED"))
    timer.start()
    began = time.monotonic()
    waited = ada.data("GET", f"actor-runs/{run['id']}?waitForFinish=999999")
    timer.join()
    assert waited["status"] == "SUCCEEDED"
    assert time.monotonic() - began < 30


def test_rule_80_waiting_ends_after_the_time_asked(
    ada: Account, actor: Any, make_run: Make
) -> None:
    run = make_run(actor, "RUNNING")
    assert ada.data("GET", f"actor-runs/{run['id']}?waitForFinish=1")["status"] == "RUNNING"
    path = f"acts/{actor['id']}/runs?waitForFinish=1"
    response = ada.http.post(path)
    assert (response.status_code, response.json()["data"]["status"]) == (201, "READY")


def test_waiting_callers_hold_no_thread(
    platform: Platform, ada: Account, actor: Any, make_run: Make
) -> None:
    run = make_run(actor, "RUNNING")
    path = f"actor-runs/{run['id']}?waitForFinish=60"
    threads = [threading.Thread(target=ada.data, args=("GET", path)) for _ in range(40)]
    for thread in threads:
        thread.start()
    assert ada.data("GET", "users/me")["username"] == "ada"
    set_status(platform, run["id"], "FAILED")
    for thread in threads:
        thread.join()


def test_rules_103_104_only_finished_runs_are_deleted(
    ada: Account, ben: Account, actor: Any, make_run: Make
) -> None:
    active, done = make_run(actor, "RUNNING"), make_run(actor, "SUCCEEDED")
    assert ada.http.delete(f"actor-runs/{active['id']}").status_code == 400
    assert error(ben.http.delete(f"actor-runs/{done['id']}")) == (404, "record-not-found")
    assert ada.http.delete(f"actor-runs/{done['id']}").status_code == 204
    assert ada.http.get(f"actor-runs/{done['id']}").status_code == 404


@pytest.mark.parametrize("root", ["actor-runs", "acts/{actor}/runs"])
def test_rule_105_abort(ada: Account, actor: Any, make_run: Make, root: str) -> None:
    path = root.format(actor=actor["id"])
    waiting, done = make_run(actor), make_run(actor, "SUCCEEDED")
    assert ada.data("POST", f"{path}/{waiting['id']}/abort")["status"] == "ABORTED"
    assert ada.data("POST", f"{path}/{done['id']}/abort")["status"] == "SUCCEEDED"
    assert ada.http.get(f"{path}/{done['id']}/abort").status_code == 405


def test_rule_106_gracefully(platform: Platform, ada: Account, actor: Any, make_run: Make) -> None:
    run = make_run(actor, "RUNNING")
    aborting = ada.data("POST", f"actor-runs/{run['id']}/abort?gracefully=true")
    assert aborting["status"] == "ABORTING"
    assert platform.sql("SELECT asked FROM run WHERE id=?", run["id"]) == [("graceful",)]


def test_rules_108_109_111_112_metamorph(
    ada: Account, actor: Any, make_actor: Make, make_build: Make, make_run: Make
) -> None:
    target = make_actor()
    build = make_build(target)
    run = make_run(actor, "RUNNING")
    path = f"actor-runs/{run['id']}/metamorph"
    changed = ada.data("POST", f"{path}?targetActorId=ada~{target['name']}", json={"b": 2})
    assert (changed["actId"], changed["buildId"]) == (actor["id"], build["id"])
    assert changed["metamorphs"][0]["inputKey"] == "INPUT-METAMORPH-1"
    store = run["defaultKeyValueStoreId"]
    record = ada.http.get(f"key-value-stores/{store}/records/INPUT-METAMORPH-1")
    assert record.json() == {"b": 2}
    assert ada.data("GET", f"acts/{target['id']}")["stats"]["totalMetamorphs"] == 1
    assert error(ada.http.post(path)) == (400, "invalid-value")
    assert ada.http.post(f"{path}?targetActorId=none").status_code == 404
    beta = make_build(target, tag="beta")
    for ref in ("beta", beta["buildNumber"]):
        again = ada.data("POST", f"{path}?targetActorId={target['id']}&build={ref}")
        assert again["buildId"] == beta["id"]
    missing = ada.http.post(f"{path}?targetActorId={target['id']}&build=none")
    assert error(missing) == (404, "record-not-found")


@pytest.mark.parametrize("status", ["SUCCEEDED", "FAILED", "ABORTED", "TIMED-OUT"])
def test_rule_115_only_what_has_ended(
    ada: Account, actor: Any, make_run: Make, status: str
) -> None:
    run = make_run(actor, status)
    assert ada.data("POST", f"actor-runs/{run['id']}/resurrect")["finishedAt"] is None
    for going in ("READY", "RUNNING", "ABORTING"):
        run = make_run(actor, going)
        assert ada.http.post(f"actor-runs/{run['id']}/resurrect").status_code == 400


def test_rules_115_116_117_resurrect(ada: Account, actor: Any, make_run: Make) -> None:
    run = make_run(actor, "FAILED")
    back = ada.data("POST", f"actor-runs/{run['id']}/resurrect?timeout=9&memory=512")
    assert back["status"] in {"READY", "RUNNING"}
    assert back["options"]["timeoutSecs"] == 9
    assert back["options"]["memoryMbytes"] == 512
    assert back["defaultDatasetId"] == run["defaultDatasetId"]
    assert back["stats"]["resurrectCount"] == 1
    assert ada.http.post(f"actor-runs/{run['id']}/resurrect").status_code == 400


def test_rules_118_120_reboot(ada: Account, actor: Any, make_run: Make) -> None:
    running, ready = make_run(actor, "RUNNING"), make_run(actor)
    assert ada.http.post(f"actor-runs/{running['id']}/reboot").status_code == 200
    assert ada.http.post(f"actor-runs/{ready['id']}/reboot").status_code == 400
    assert ada.http.post(f"acts/{actor['id']}/runs/{ready['id']}/reboot").status_code == 404


def test_rules_121_122_123_the_status_message(ada: Account, actor: Any, make_run: Make) -> None:
    run = make_run(actor, "RUNNING")
    assert run["statusMessage"]
    path = f"actor-runs/{run['id']}"
    said = ada.data("PUT", path, json={"runId": run["id"], "statusMessage": "Half way"})
    assert (said["statusMessage"], said["isStatusMessageTerminal"]) == ("Half way", None)
    last = ada.data("PUT", path, json={"statusMessage": "Done", "isStatusMessageTerminal": True})
    assert (last["statusMessage"], last["isStatusMessageTerminal"]) == ("Done", True)
    assert error(ada.http.put(path, json={"statusMessage": 1})) == (400, "invalid-value")
    assert ada.http.put("actor-runs/none", json={}).status_code == 404


def test_rules_28_124_125_the_last_run(
    platform: Platform, ada: Account, actor: Any, make_run: Make
) -> None:
    path = f"acts/{actor['id']}/runs/last"
    assert error(ada.http.get(path)) == (404, "record-not-found")
    good, bad = make_run(actor, "SUCCEEDED"), make_run(actor, "FAILED")
    assert ada.data("GET", path)["id"] == bad["id"]
    assert ada.data("GET", f"{path}?status=SUCCEEDED")["id"] == good["id"]
    assert ada.http.get(f"{path}?status=TIMED-OUT").status_code == 404
    for below in ("", "/dataset/items", "/log", "/key-value-store/keys", "/request-queue/head"):
        assert platform.anonymous.get(path + below).status_code == 401


def test_the_verbs_of_the_last_run(ada: Account, actor: Any, make_run: Make) -> None:
    make_run(actor, "RUNNING")
    path = f"acts/{actor['id']}/runs/last"
    assert ada.http.post(f"{path}/reboot").status_code == 200
    target = f"{path}/metamorph?targetActorId={actor['id']}"
    assert ada.http.post(target).status_code == 200
    assert ada.data("POST", f"{path}/abort")["status"] == "ABORTING"


@pytest.mark.parametrize("root", ["actor-runs/{run}", "acts/{actor}/runs/last"])
def test_rules_126_127_storages_below_a_run(
    ada: Account, actor: Any, make_run: Make, root: str
) -> None:
    run = make_run(actor, "SUCCEEDED")
    path = root.format(run=run["id"], actor=actor["id"])
    assert ada.http.post(f"{path}/dataset/items", json=[{"a": 1}]).status_code == 201
    assert ada.http.get(f"{path}/dataset/items?status=SUCCEEDED").json() == [{"a": 1}]
    assert ada.data("GET", f"{path}/dataset")["id"] == run["defaultDatasetId"]
    keys = ada.data("GET", f"{path}/key-value-store/keys")
    assert [each["key"] for each in keys["items"]] == ["INPUT"]
    assert ada.http.put(f"{path}/key-value-store/records/k", json=1).status_code == 201
    assert ada.http.head(f"{path}/key-value-store/records/k").status_code == 200
    request = {"url": "http://localhost/", "uniqueKey": "u"}
    assert ada.http.post(f"{path}/request-queue/requests", json=request).status_code == 201
    assert len(ada.data("GET", f"{path}/request-queue/head")["items"]) == 1
    assert ada.http.get(f"{path}/log").status_code == 200


def test_the_official_client_validates_runs(ada: Account, actor: Any, make_run: Make) -> None:
    make_run(actor, "SUCCEEDED")
    client = ada.client
    started = client.actor(actor["id"]).start(run_input={"a": 1}, memory_mbytes=256)
    assert started.options.memory_mbytes == 256
    found = client.run(started.id).get()
    assert found is not None
    assert found.usage_total_usd == 0
    assert client.run(started.id).abort().status == "ABORTED"
    listed = client.actor(actor["id"]).runs().list(status="SUCCEEDED")
    assert listed.total == 1
    assert client.runs().list(desc=True, limit=1).items[0].id == started.id
    last = client.actor(actor["id"]).last_run(status="SUCCEEDED").get()
    assert last is not None
    client.run(started.id).delete()
    assert client.run(started.id).get() is None
