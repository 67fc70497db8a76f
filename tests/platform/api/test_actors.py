"""Actors (endpoints 1-5)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.platform.api.conftest import Make, version
from tests.platform.conftest import Account, Platform


def error(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["type"]


STATS = {f"totalUsers{days}" for days in ("", "7Days", "30Days", "90Days")}
STATS |= {"totalRuns", "totalBuilds", "totalMetamorphs", "lastRunStartedAt"}


def test_rules_15_63_64_create_returns_the_whole_actor(ada: Account) -> None:
    response = ada.http.post("acts", json={"name": "whole", "versions": [version()]})
    made = response.json()["data"]
    assert response.status_code == 201
    assert response.headers["Location"] == f"{ada.url}/v2/acts/{made['id']}"
    assert made["username"] == "ada"
    assert len(made["id"]) == 17
    assert set(made["stats"]) == STATS
    assert {"build", "timeoutSecs", "memoryMbytes"} <= set(made["defaultRunOptions"])
    assert (made["isPublic"], made["isDeprecated"], made["restartOnError"]) == (False,) * 3
    assert (made["description"], made["title"], made["exampleRunInput"]) == (None,) * 3
    assert (made["userId"], made["taggedBuilds"]) == (ada.data("GET", "users/me")["id"], {})
    assert made["versions"][0]["versionNumber"] == "0.1"
    assert made["deploymentKey"]


def test_rule_61_an_actor_without_versions_is_accepted(make_actor: Make) -> None:
    assert make_actor(versions=None)["versions"] == []


def test_rule_62_a_public_actor_needs_title_and_categories(ada: Account) -> None:
    body = {"name": "open", "isPublic": True, "versions": [version()]}
    assert error(ada.http.post("acts", json=body)) == (400, "invalid-request")
    body |= {"title": "Open", "categories": ["OTHER"]}
    assert ada.http.post("acts", json=body).status_code == 201


def test_rule_65_update_keeps_what_is_not_named(ada: Account, make_actor: Make) -> None:
    made = make_actor(title="Kept", description="")
    changed = ada.data("PUT", f"acts/{made['id']}", json={"description": "new"})
    assert (changed["title"], changed["description"]) == ("Kept", "new")
    assert changed["versions"] == made["versions"]
    assert changed["modifiedAt"] >= made["modifiedAt"]


def test_update_replaces_versions_that_are_named(ada: Account, make_actor: Make) -> None:
    made = make_actor(versions=[version("0.1"), version("0.2")])
    versions = [version("0.2", buildTag="beta"), version("0.3")]
    changed = ada.data("PUT", f"acts/{made['id']}", json={"versions": versions})
    tags = {each["versionNumber"]: each["buildTag"] for each in changed["versions"]}
    assert tags == {"0.2": "beta", "0.3": "latest"}


def test_rules_16_66_delete_answers_204(ada: Account, actor: Any) -> None:
    response = ada.http.delete(f"acts/{actor['id']}")
    assert (response.status_code, response.content) == (204, b"")
    assert error(ada.http.get(f"acts/{actor['id']}")) == (404, "record-not-found")


def test_delete_refuses_while_runs_go_on(ada: Account, actor: Any, make_run: Make) -> None:
    make_run(actor, "RUNNING")
    assert ada.http.delete(f"acts/{actor['id']}").status_code == 409


@pytest.mark.parametrize("kind", ["actor-tasks", "key-value-stores", "datasets", "request-queues"])
def test_rules_29_30_31_32_three_ways_to_name_anything(
    ada: Account, ben: Account, make_task: Make, kind: str
) -> None:
    name = f"named-{kind}"
    made = (
        make_task(name=name) if kind == "actor-tasks" else ada.data("POST", f"{kind}?name={name}")
    )
    for ref in (made["id"], f"ada~{name}", f"~{name}"):
        assert ada.data("GET", f"{kind}/{ref}")["id"] == made["id"]
    for ref in (f"ada~{name}", f"~{name}"):
        assert error(ben.http.get(f"{kind}/{ref}")) == (404, "record-not-found")
    assert ada.http.delete(f"{kind}/~{name}").status_code == 204


@pytest.mark.parametrize("prefix", ["acts", "actors"])
def test_rules_29_31_32_three_ways_to_name_an_actor(
    ada: Account, make_actor: Make, prefix: str
) -> None:
    made = make_actor()
    for ref in (made["id"], f"ada~{made['name']}", f"~{made['name']}", f"me~{made['name']}"):
        assert ada.data("GET", f"{prefix}/{ref}")["id"] == made["id"]


def test_rule_59_the_list_holds_own_and_used_actors(
    platform: Platform, make_actor: Make, make_build: Make, make_run: Make
) -> None:
    cleo, dan = platform.account("cleo"), platform.account("dan")
    public = {"isPublic": True, "title": "T", "categories": ["OTHER"]}
    used, unused, own = make_actor(cleo, **public), make_actor(cleo, **public), make_actor(dan)
    make_build(used, cleo)
    make_run(used, owner=dan)
    listed = {each["id"] for each in dan.data("GET", "acts")["items"]}
    assert listed == {used["id"], own["id"]}
    assert unused["id"] not in listed
    assert [each["id"] for each in dan.data("GET", "acts?my=1")["items"]] == [own["id"]]


def test_rules_36_44_60_oldest_first(platform: Platform, make_actor: Make) -> None:
    fay = platform.account("fay")
    made = [make_actor(fay)["name"] for _ in range(3)]
    page = fay.data("GET", "acts")
    assert [each["name"] for each in page["items"]] == made
    assert [each["name"] for each in fay.data("GET", "acts?desc=1")["items"]] == made[::-1]
    assert {"id", "createdAt", "modifiedAt", "name", "username"} <= set(page["items"][0])


def test_someone_elses_private_actor_looks_absent(ben: Account, make_actor: Make) -> None:
    made = make_actor()
    for ref in (made["id"], f"ada~{made['name']}", "nobody~x", "0" * 17):
        for method in ("GET", "PUT", "DELETE"):
            assert error(ben.http.request(method, f"acts/{ref}", json={})) == (
                404,
                "record-not-found",
            )


def test_a_public_actor_shows_no_source_to_others(ben: Account, make_actor: Make) -> None:
    env_vars = [{"name": "A", "value": "b"}]
    made = make_actor(
        isPublic=True,
        title="T",
        categories=["OTHER"],
        versions=[version(envVars=env_vars)],
    )
    seen = ben.data("GET", f"acts/{made['id']}")
    assert seen["id"] == made["id"]
    assert not {"sourceFiles", "envVars"} & set(seen["versions"][0])
    assert error(ben.http.put(f"acts/{made['id']}", json={})) == (404, "record-not-found")


def test_names_are_unique_per_account(ada: Account, ben: Account, make_actor: Make) -> None:
    made = make_actor()
    body = {"name": made["name"]}
    assert error(ada.http.post("acts", json=body)) == (409, "actor-name-not-unique")
    assert ben.http.post("acts", json=body).status_code == 201
    other = make_actor()
    assert ada.http.put(f"acts/{other['id']}", json=body).status_code == 409


@pytest.mark.parametrize(
    "body",
    [
        {"name": "two words"},
        {"name": 1},
        {"name": "-dash"},
        {"isPublic": "yes"},
        {"versions": {}},
        {"versions": [{"versionNumber": "1"}]},
        {"versions": [version(), version()]},
        {"versions": [version(sourceType="MAGIC")]},
        {"versions": [version("0.01")]},
        {"categories": "OTHER"},
        {"defaultRunOptions": {"memoryMbytes": 100}},
        {"defaultRunOptions": {"timeoutSecs": -1}},
        {"title": "a\0b"},
        {"exampleRunInput": 7},
    ],
)
def test_bad_bodies_are_refused(ada: Account, body: Any) -> None:
    assert ada.http.post("acts", json=body).status_code == 400


def test_tags_are_moved_and_removed(ada: Account, actor: Any, make_build: Make) -> None:
    build = make_build(actor, tag="beta")
    path = f"acts/{actor['id']}"
    tagged = ada.data("PUT", path, json={"taggedBuilds": {"stable": {"buildId": build["id"]}}})
    assert tagged["taggedBuilds"]["stable"]["buildNumber"] == build["buildNumber"]
    assert "latest" in tagged["taggedBuilds"]
    left = ada.data("PUT", path, json={"taggedBuilds": {"stable": None}})["taggedBuilds"]
    assert set(left) == {"latest", "beta"}
    missing = {"taggedBuilds": {"stable": {"buildId": "0" * 17}}}
    assert ada.http.put(path, json=missing).status_code == 404


def test_the_official_client_makes_and_changes_actors(ada: Account) -> None:
    client = ada.client
    made = client.actors().create(name="by-client", versions=[version()])
    found = client.actor("ada/by-client").get()
    assert found is not None
    assert found.id == made.id
    updated = client.actor(made.id).update(title="Renamed")
    assert updated.title == "Renamed"
    assert made.id in [each.id for each in client.actors().list(my=True).items]
    client.actor(made.id).delete()
    assert client.actor(made.id).get() is None


def test_tags_set_at_once_are_all_kept(ada: Account, actor: Any, make_build: Make) -> None:
    build = make_build(actor)
    tags = [f"tag-{number}" for number in range(12)]

    def tag(name: str) -> int:
        body = {"taggedBuilds": {name: {"buildId": build["id"]}}}
        return ada.http.put(f"acts/{actor['id']}", json=body).status_code

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(tag, tags)) == {200}
    assert set(tags) < set(ada.data("GET", f"acts/{actor['id']}")["taggedBuilds"])


def test_runs_outlive_their_actor(
    platform: Platform, ada: Account, actor: Any, make_run: Make
) -> None:
    run = make_run(actor, "SUCCEEDED")
    assert ada.http.delete(f"acts/{actor['id']}").status_code == 204
    assert ada.data("GET", f"actor-runs/{run['id']}")["actId"] == actor["id"]
    assert ada.data("GET", "actor-runs?desc=1&limit=1")["items"][0]["id"] == run["id"]
    for path in (f"acts/ada~{actor['name']}/runs/{run['id']}", f"acts/{actor['id']}/runs"):
        assert error(ada.http.get(path)) == (404, "record-not-found")
    assert ada.http.post(f"actor-runs/{run['id']}/resurrect?build=latest").status_code == 404
    assert not list(platform.home.glob(f"platform/builds/*{run['buildId']}"))
