"""Who may do what (rules 22-33, design.md section 7)."""

from typing import Any

import pytest

from tests.platform.api.conftest import Make, RunToken
from tests.platform.conftest import Account, Platform


def error(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["type"]


@pytest.fixture(scope="module")
def closed(platform: Platform) -> Account:
    """An account whose runs and storages only itself may read."""
    return platform.account("closed", "--restricted")


def test_rules_24_25_the_id_is_enough_to_read_but_not_the_cost(
    platform: Platform, ada: Account, ben: Account, actor: Any, make_run: Make
) -> None:
    run = make_run(actor, "SUCCEEDED")
    paths = [
        f"actor-runs/{run['id']}",
        f"acts/{actor['id']}/runs/{run['id']}",
        f"actor-builds/{run['buildId']}",
    ]
    for path in paths:
        own = ada.data("GET", path)
        assert {"usageUsd", "usageTotalUsd"} < set(own)
        for reader in (platform.anonymous, ben.http):
            seen = reader.get(path).json()["data"]
            assert seen["id"] == own["id"]
            assert not {"usageUsd", "usageTotalUsd"} & set(seen)


def test_rule_24_storages_are_read_by_id(platform: Platform, ada: Account) -> None:
    names = ("key-value-stores", "datasets", "request-queues")
    ids = [f"{name}/{ada.data('POST', name)['id']}" for name in names]
    store, dataset, queue = ids
    ada.http.put(f"{store}/records/a", json={"a": 1})
    ada.http.post(f"{dataset}/items", json={"a": 1})
    request = ada.data("POST", f"{queue}/requests", json={"url": "http://x/", "uniqueKey": "x"})
    for path in (*ids, f"{store}/keys", f"{queue}/requests/{request['requestId']}"):
        shown = platform.anonymous.get(path).json()["data"]
        assert shown
        assert "urlSigningSecretKey" not in shown
    assert platform.anonymous.get(f"{store}/records/a").json() == {"a": 1}
    assert platform.anonymous.get(f"{dataset}/items").json() == [{"a": 1}]
    for path in ids:
        assert platform.anonymous.put(path, json={}).status_code == 401


def test_rule_26_a_name_needs_a_token(platform: Platform, actor: Any, make_run: Make) -> None:
    run = make_run(actor)
    path = f"acts/ada~{actor['name']}/runs/{run['id']}"
    assert error(platform.anonymous.get(path)) == (401, "token-not-provided")
    assert platform.anonymous.get(f"acts/{'0' * 17}/runs/{run['id']}").status_code == 404


def test_rule_30_someone_elses_name_looks_absent(ben: Account, actor: Any, make_run: Make) -> None:
    run = make_run(actor)
    assert ben.http.get(f"acts/ada~{actor['name']}/runs").status_code == 404
    assert ben.http.get(f"actor-runs/{run['id']}").status_code == 200


@pytest.mark.parametrize(
    "call",
    [
        "PUT ",
        "DELETE ",
        "POST /abort",
        "POST /reboot",
        "POST /resurrect",
        "POST /metamorph?targetActorId=x",
        "POST /dataset/items",
        "PUT /key-value-store/records/a",
        "DELETE /request-queue",
    ],
)
def test_others_change_nothing(
    ben: Account, platform: Platform, actor: Any, make_run: Make, call: str
) -> None:
    method, path = call.split(" ")
    run = make_run(actor, "SUCCEEDED")
    address = f"actor-runs/{run['id']}{path}"
    assert error(ben.http.request(method, address, json={})) == (404, "record-not-found")
    assert platform.anonymous.request(method, address, json={}).status_code == 401


def test_rule_33_a_restricted_account_is_read_by_itself_only(
    platform: Platform, closed: Account, ben: Account, make_actor: Make, make_build: Make
) -> None:
    actor = make_actor(closed)
    make_build(actor, closed)
    run = closed.data("POST", f"acts/{actor['id']}/runs")
    paths = [
        f"actor-runs/{run['id']}",
        f"actor-builds/{run['buildId']}",
        f"logs/{run['id']}",
        f"actor-runs/{run['id']}/dataset/items",
        f"datasets/{run['defaultDatasetId']}",
        f"key-value-stores/{run['defaultKeyValueStoreId']}/records/INPUT",
        f"request-queues/{run['defaultRequestQueueId']}",
    ]
    for path in paths:
        assert closed.http.get(path).status_code == 200
        assert error(ben.http.get(path)) == (403, "insufficient-permissions")
        assert error(platform.anonymous.get(path)) == (401, "token-not-provided")


def test_one_run_can_be_opened_and_closed(
    platform: Platform, ada: Account, actor: Any, make_run: Make
) -> None:
    run = make_run(actor)
    path = f"actor-runs/{run['id']}"
    for wanted, status in (("RESTRICTED", 401), ("ANYONE_WITH_ID_CAN_READ", 200)):
        changed = ada.data("PUT", path, json={"generalAccess": wanted})
        assert changed["generalAccess"] == wanted
        assert platform.anonymous.get(path).status_code == status
    assert error(ada.http.put(path, json={"generalAccess": "NOBODY"})) == (400, "invalid-value")


def test_rule_23_an_actor_that_anyone_may_run(
    platform: Platform, make_actor: Make, make_build: Make
) -> None:
    public = {"isPublic": True, "title": "T", "categories": ["OTHER"]}
    opened, shut = make_actor(isAnonymouslyRunnable=True, **public), make_actor(**public)
    make_build(opened)
    make_build(shut)
    run = platform.anonymous.post(f"acts/{opened['id']}/runs", json={})
    assert run.status_code == 201
    assert run.json()["data"]["userId"] == opened["userId"]
    refused = platform.anonymous.post(f"acts/{shut['id']}/runs", json={})
    assert error(refused) == (401, "token-not-provided")


@pytest.fixture
def inside(actor: Any, make_run: Make, run_token: RunToken) -> tuple[Any, Account]:
    """A running run of ada's and the account as that run sees it."""
    run = make_run(actor, "RUNNING")
    return run, run_token(run["id"])


def test_a_run_reaches_itself_and_its_storages(inside: tuple[Any, Account]) -> None:
    run, caller = inside
    path = f"actor-runs/{run['id']}"
    assert caller.data("GET", path)["id"] == run["id"]
    assert caller.data("PUT", path, json={"statusMessage": "Hi"})["statusMessage"] == "Hi"
    assert caller.http.post(f"{path}/reboot").status_code == 200
    dataset = f"datasets/{run['defaultDatasetId']}"
    assert caller.http.post(f"{dataset}/items", json={"a": 1}).status_code == 201
    store = f"key-value-stores/{run['defaultKeyValueStoreId']}"
    assert caller.http.put(f"{store}/records/OUTPUT", json={}).status_code == 201
    assert caller.http.get(f"request-queues/{run['defaultRequestQueueId']}").status_code == 200
    named = caller.data("POST", "datasets?name=shared-by-runs")
    assert caller.http.post(f"datasets/{named['id']}/items", json={}).status_code == 201
    assert caller.data("POST", f"{path}/abort")["status"] == "ABORTING"


def test_a_run_reaches_the_runs_it_started(
    ada: Account, actor: Any, inside: tuple[Any, Account]
) -> None:
    parent, caller = inside
    child = caller.data("POST", f"acts/{actor['id']}/runs", json={})
    assert child["meta"]["origin"] == "ACTOR"
    assert caller.data("GET", f"actor-runs/{child['id']}")["id"] == child["id"]
    assert caller.http.get(f"datasets/{child['defaultDatasetId']}/items").status_code == 200
    assert caller.data("POST", f"actor-runs/{child['id']}/abort")["status"] == "ABORTED"
    assert ada.data("GET", f"actor-runs/{parent['id']}")["status"] == "RUNNING"


def test_a_run_reaches_nothing_else(
    ada: Account, make_actor: Make, make_build: Make, make_run: Make, inside: tuple[Any, Account]
) -> None:
    other = make_actor()
    make_build(other)
    run = make_run(other)
    unnamed = ada.data("POST", "datasets")
    _, caller = inside
    refused = [
        ("GET", f"actor-runs/{run['id']}"),
        ("POST", f"actor-runs/{run['id']}/abort"),
        ("GET", f"logs/{run['id']}"),
        ("GET", f"datasets/{run['defaultDatasetId']}"),
        ("POST", f"datasets/{unnamed['id']}/items"),
        ("GET", "actor-runs"),
        ("GET", "actor-builds"),
        ("PUT", f"acts/{other['id']}"),
        ("DELETE", f"acts/{other['id']}"),
        ("GET", f"acts/{other['id']}/versions"),
        ("POST", f"acts/{other['id']}/builds?version=0.1"),
        ("GET", f"actor-builds/{run['buildId']}"),
        ("DELETE", f"actor-runs/{run['id']}"),
        ("POST", f"actor-runs/{run['id']}/resurrect"),
        ("POST", "acts"),
        ("GET", "users/me/limits"),
        ("GET", f"acts/{other['id']}/builds/default"),
        ("GET", "acts"),
    ]
    seen = caller.data("GET", f"acts/{other['id']}")  # as the clients' `call` does, for its name
    assert seen["name"] == other["name"]
    assert not {"sourceFiles", "envVars"} & set(seen["versions"][0])
    for method, path in refused:
        response = caller.http.request(method, path, json={} if method != "GET" else None)
        assert error(response) == (403, "insufficient-permissions"), (method, path)
