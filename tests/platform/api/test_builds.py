"""Builds (endpoints 17-20, 54-58, default build, openapi.json) and validate-input."""

import json
from typing import Any

import pytest
from apify_client.errors import ApifyApiError

from tests.platform.api.conftest import Make, version
from tests.platform.conftest import Account, Platform

SCHEMA = {
    "title": "Input",
    "type": "object",
    "schemaVersion": 1,
    "properties": {
        "url": {"title": "URL", "type": "string", "description": "d", "pattern": "^http"},
        "depth": {"title": "Depth", "type": "integer", "description": "d", "default": 3},
    },
    "required": ["url"],
}


def error(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["type"]


def test_rules_15_76_79_81_a_build_is_there_at_once(ada: Account, make_actor: Make) -> None:
    actor = make_actor(versions=[version(buildTag="beta")])
    response = ada.http.post(f"acts/{actor['id']}/builds?version=0.1&useCache=1")
    build = response.json()["data"]
    assert response.status_code == 201
    assert response.headers["Location"] == f"{ada.url}/v2/actor-builds/{build['id']}"
    assert (build["status"], build["buildNumber"]) == ("READY", "0.1.1")
    assert build["options"]["useCache"] is True
    second = ada.data("POST", f"acts/{actor['id']}/builds?version=0.1")
    assert second["buildNumber"] == "0.1.2"


def test_rules_77_78_both_are_off_unless_asked_for(ada: Account, make_actor: Make) -> None:
    path = f"acts/{make_actor()['id']}/builds?version=0.1"
    for query, asked in (("", (False, False)), ("&useCache=1&betaPackages=true", (True, True))):
        options = ada.data("POST", path + query)["options"]
        assert (options["useCache"], options["betaPackages"]) == asked


@pytest.mark.parametrize(
    ("query", "status"),
    [("", 400), ("version=9.9", 404), ("version=0.1&tag=a%20b", 400), ("version=%00", 400)],
)
def test_rule_76_a_version_must_be_named(
    ada: Account, make_actor: Make, query: str, status: int
) -> None:
    path = f"acts/{make_actor()['id']}/builds?{query}"
    assert ada.http.post(path).status_code == status


def test_rules_45_82_lists_of_builds(
    platform: Platform, make_actor: Make, make_build: Make
) -> None:
    hal = platform.account("hal")
    actor = make_actor(hal)
    made = [make_build(actor, hal)["id"] for _ in range(2)]
    for path in ("actor-builds", f"acts/{actor['id']}/builds"):
        page = hal.data("GET", path)
        assert [each["id"] for each in page["items"]] == made
        assert {"status", "startedAt", "finishedAt", "usageTotalUsd", "actId", "meta"} <= set(
            page["items"][0]
        )
        assert [each["id"] for each in hal.data("GET", f"{path}?desc=1")["items"]] == made[::-1]


@pytest.mark.parametrize("root", ["actor-builds", "acts/{actor}/builds"])
def test_rules_83_87_abort(ada: Account, make_actor: Make, make_build: Make, root: str) -> None:
    actor = make_actor()
    path = root.format(actor=actor["id"])
    done = make_build(actor)
    waiting = ada.data("POST", f"acts/{actor['id']}/builds?version=0.1")
    assert ada.data("POST", f"{path}/{waiting['id']}/abort")["status"] == "ABORTED"
    assert ada.data("POST", f"{path}/{done['id']}/abort")["status"] == "SUCCEEDED"
    assert ada.data("GET", f"{path}/{done['id']}")["id"] == done["id"]


def test_rules_84_85_delete(ada: Account, ben: Account, make_actor: Make, make_build: Make) -> None:
    actor = make_actor()
    old, current = make_build(actor), make_build(actor)
    assert error(ben.http.delete(f"actor-builds/{old['id']}")) == (404, "record-not-found")
    assert ada.http.delete(f"actor-builds/{current['id']}").status_code == 400
    assert ada.http.delete(f"actor-builds/{old['id']}").status_code == 204
    assert ada.http.get(f"actor-builds/{old['id']}").status_code == 404


def test_rule_80_waiting_for_a_build(platform: Platform, ada: Account, make_actor: Make) -> None:
    actor = make_actor()
    path = f"acts/{actor['id']}/builds?version=0.1&waitForFinish=1"
    assert ada.data("POST", path)["status"] == "READY"
    platform.sql("UPDATE build SET status='FAILED' WHERE actor_id=?", actor["id"])
    build = ada.data("GET", f"acts/{actor['id']}/builds")["items"][0]
    waited = ada.data("GET", f"actor-builds/{build['id']}?waitForFinish=60")
    assert waited["status"] == "FAILED"


def test_rule_86_builds_of_public_actors_need_no_token(
    platform: Platform, make_actor: Make, make_build: Make
) -> None:
    shut = platform.account("shut", "--restricted")
    public = make_actor(shut, isPublic=True, title="T", categories=["OTHER"])
    private = make_actor(shut)
    opened, closed = make_build(public, shut), make_build(private, shut)
    assert platform.anonymous.get(f"actor-builds/{opened['id']}").status_code == 200
    assert platform.anonymous.get(f"actor-builds/{closed['id']}").status_code == 401


def test_the_default_build(ada: Account, make_actor: Make, make_build: Make) -> None:
    actor = make_actor()
    assert ada.http.get(f"acts/{actor['id']}/builds/default").status_code == 404
    build = make_build(actor)
    assert ada.data("GET", f"acts/{actor['id']}/builds/default")["id"] == build["id"]


def test_the_openapi_document_holds_the_input_schema(
    ada: Account, make_actor: Make, make_build: Make
) -> None:
    actor = make_actor()
    build = make_build(actor, schema=SCHEMA)
    paths = (f"actor-builds/{build['id']}", f"acts/{actor['id']}/builds/default")
    for path in paths:
        document = ada.http.get(f"{path}/openapi.json").json()
        assert document["openapi"].startswith("3.")
        assert document["components"]["schemas"]["inputSchema"] == SCHEMA
        assert f"/acts/ada~{actor['name']}/runs" in document["paths"]


def test_validate_input(ada: Account, make_actor: Make, make_build: Make) -> None:
    actor = make_actor()
    make_build(actor, schema=SCHEMA)
    path = f"acts/{actor['id']}/validate-input"
    assert ada.http.post(path, json={"url": "http://x"}).status_code == 200
    for body in ({}, {"url": "ftp://x"}, {"url": "http://x", "depth": "deep"}):
        assert error(ada.http.post(path, json=body)) == (400, "invalid-input")
    assert error(ada.http.post(path, json=[])) == (400, "invalid-request")
    assert ada.http.post(f"{path}?build=none", json={}).status_code == 404


def test_rule_145_defaults_of_the_schema_are_in_the_input(
    ada: Account, make_actor: Make, make_build: Make
) -> None:
    actor = make_actor()
    make_build(actor, schema=SCHEMA)
    run = ada.data("POST", f"acts/{actor['id']}/runs", json={"url": "http://x"})
    record = ada.http.get(f"actor-runs/{run['id']}/key-value-store/records/INPUT")
    assert record.json() == {"url": "http://x", "depth": 3}


def test_input_that_the_schema_refuses_starts_nothing(
    ada: Account, make_actor: Make, make_build: Make
) -> None:
    actor = make_actor()
    make_build(actor, schema=SCHEMA)
    path = f"acts/{actor['id']}/runs"
    headers = {"Content-Type": "application/json"}
    for body in (b'{"url": 1}', b"[]", b'"http://x"', b"null", b"0"):
        answer = ada.http.post(path, content=body, headers=headers)
        assert error(answer) == (400, "invalid-input")
    assert ada.data("GET", path)["total"] == 0


def test_the_official_client_validates_builds(
    ada: Account, make_actor: Make, make_build: Make
) -> None:
    actor = make_actor()
    build = make_build(actor, schema=SCHEMA)
    client = ada.client
    found = client.build(build["id"]).get()
    assert found is not None
    assert found.build_number == "0.1.1"
    started = client.actor(actor["id"]).build(version_number="0.1", tag="beta", use_cache=True)
    assert client.build(started.id).abort().status == "ABORTED"
    assert client.builds().list(desc=True, limit=1).items[0].id == started.id
    assert client.actor(actor["id"]).default_build().get() is not None
    assert client.build(build["id"]).get_open_api_definition()["openapi"]
    assert client.actor(actor["id"]).validate_input({"url": "http://x"}) is True
    with pytest.raises(ApifyApiError):
        client.actor(actor["id"]).validate_input({})


@pytest.mark.parametrize(
    "written",
    [
        {"actorSpecification": 1, "name": "n", "version": "0.1", "input": "./input.json"},
        {"actorSpecification": 9, "name": 7, "version": "one", "storages": {"dataset": "./d.json"}},
        {"environmentVariables": {"A": 1}, "minMemoryMbytes": 1, "meta": {"templateId": 1}},
        {"output": "./output.json", "usesStandbyMode": "no", "defaultMemoryMbytes": [1]},
    ],
)
def test_a_build_is_readable_whatever_its_definition_says(
    platform: Platform, ada: Account, make_actor: Make, make_build: Make, written: Any
) -> None:
    build = make_build(make_actor(), schema=SCHEMA)
    platform.sql("UPDATE build SET actor_definition=? WHERE id=?", json.dumps(written), build["id"])
    found = ada.client.build(build["id"]).get()
    assert found is not None
    assert found.actor_definition is not None
    assert found.actor_definition.input == SCHEMA
