"""Versions and environment variables (endpoints 6-15)."""

from typing import Any

import pytest

from tests.platform.api.conftest import FILES, Make, version
from tests.platform.conftest import Account, Platform

SECRET = "never to be seen again"


def error(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["type"]


@pytest.fixture
def versions(make_actor: Make) -> str:
    """The path of the versions of an Actor that has 0.1."""
    return f"acts/{make_actor()['id']}/versions"


@pytest.fixture
def env_vars(versions: str) -> str:
    return f"{versions}/0.1/env-vars"


def test_rules_15_67_71_create(ada: Account, versions: str) -> None:
    body = version("1.2", buildTag="beta", applyEnvVarsToBuild=True)
    response = ada.http.post(versions, json=body)
    assert response.status_code == 201
    assert response.headers["Location"] == f"{ada.url}/v2/{versions}/1.2"
    assert response.json()["data"] | body == response.json()["data"]
    assert error(ada.http.post(versions, json=body)) == (409, "version-already-exists")
    for name in ("versionNumber", "sourceType"):
        part = {key: value for key, value in version("1.3").items() if key != name}
        assert error(ada.http.post(versions, json=part)) == (400, "invalid-value")


@pytest.mark.parametrize(
    ("kind", "field", "url"),
    [
        ("GIT_REPO", "gitRepoUrl", "https://example.com/x.git#main:folder"),
        ("TARBALL", "tarballUrl", "https://example.com/x.zip"),
        ("GITHUB_GIST", "gitHubGistUrl", "https://gist.github.com/ada/0123456789abcdef"),
    ],
)
def test_rule_68_each_source_type_has_its_field(
    ada: Account, versions: str, kind: str, field: str, url: str
) -> None:
    body = {"versionNumber": "1.0", "sourceType": kind, field: url}
    made = ada.data("POST", versions, json=body)
    assert made[field] == url
    assert "sourceFiles" not in made


def test_rules_46_68_70_list_and_get(ada: Account, versions: str) -> None:
    listed = ada.data("GET", versions)
    assert listed["total"] == 1
    assert listed["items"][0]["sourceFiles"] == FILES
    assert ada.data("GET", f"{versions}/0.1") == listed["items"][0]
    assert error(ada.http.get(f"{versions}/0.2")) == (404, "record-not-found")


def test_source_may_write_of_a_nul_and_not_hold_one(ada: Account, versions: str) -> None:
    files = [
        {"name": "main.js", "format": "TEXT", "content": r"text.replace(/[\u0000-\u001f]/g, '')"}
    ]
    assert ada.data("PUT", f"{versions}/0.1", json={"sourceFiles": files})["sourceFiles"] == files
    files[0]["content"] = "\0"
    assert error(ada.http.put(f"{versions}/0.1", json={"sourceFiles": files}))[0] == 400


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_rules_69_72_update_is_partial(ada: Account, versions: str, method: str) -> None:
    files = [{"name": "main.py", "format": "TEXT", "content": "print('edited')"}]
    edited = ada.data(method, f"{versions}/0.1", json={"sourceFiles": files})
    assert edited["sourceFiles"] == files
    ada.data(method, f"{versions}/0.1", json={"sourceFiles": FILES})
    changed = ada.data(method, f"{versions}/0.1", json={"buildTag": "stable"})
    assert (changed["buildTag"], changed["sourceFiles"]) == ("stable", FILES)
    assert changed["versionNumber"] == "0.1"


def test_delete(ada: Account, versions: str) -> None:
    assert ada.http.delete(f"{versions}/0.1").status_code == 204
    assert ada.http.delete(f"{versions}/0.1").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"versionNumber": "1"},
        {"versionNumber": "100.0"},
        {"sourceType": None},
        {"sourceFiles": {}},
        {"sourceFiles": [{"name": "a"}]},
        {"sourceFiles": [{"name": "a", "format": "BASE64", "content": "?"}]},
        {"sourceFiles": [{"name": "a", "format": "HEX", "content": ""}]},
        {"sourceFiles": [{"name": "a", "format": [], "content": ""}]},
        {"sourceFiles": [{"name": {}, "content": ""}]},
        {"envVars": [{"name": [], "value": ""}]},
        {"envVars": [{"name": "A"}]},
        {"envVars": [{"name": "A", "value": 1}]},
        {"envVars": [{"name": "A=B", "value": ""}]},
        {"envVars": [{"name": "A", "value": ""}, {"name": "A", "value": ""}]},
        {"buildTag": "a b"},
    ],
)
def test_bad_versions_are_refused(ada: Account, versions: str, fields: Any) -> None:
    assert ada.http.post(versions, json=version("2.0") | fields).status_code == 400


def test_only_the_owner_sees_versions(ben: Account, versions: str) -> None:
    assert error(ben.http.get(versions)) == (404, "record-not-found")
    assert ben.http.post(versions, json=version("3.0")).status_code == 404


def test_env_vars_of_a_version_come_back_as_they_were_sent(ada: Account, versions: str) -> None:
    sent = [{"name": "A", "value": ""}, {"name": "B", "value": "b", "isSecret": False}]
    made = ada.data("POST", versions, json=version("1.0", envVars=sent))
    assert made["envVars"] == sent


def test_rules_15_46_73_env_vars(ada: Account, env_vars: str) -> None:
    response = ada.http.post(env_vars, json={"name": "A", "value": "1"})
    assert response.status_code == 201
    assert response.headers["Location"] == f"{ada.url}/v2/{env_vars}/A"
    assert ada.http.post(env_vars, json={"name": "A", "value": "1"}).status_code == 409
    assert ada.data("GET", env_vars) == {"total": 1, "items": [{"name": "A", "value": "1"}]}
    assert ada.data("GET", f"{env_vars}/A") == {"name": "A", "value": "1"}
    assert error(ada.http.get(f"{env_vars}/B")) == (404, "record-not-found")


def test_rule_74_a_secret_is_never_returned(
    platform: Platform, ada: Account, versions: str, env_vars: str
) -> None:
    secret = {"name": "S", "value": SECRET, "isSecret": True}
    answers = [
        ada.http.post(env_vars, json=secret),
        ada.http.get(env_vars),
        ada.http.get(f"{env_vars}/S"),
        ada.http.put(f"{env_vars}/S", json={"value": SECRET}),
        ada.http.get(versions),
        ada.http.get(versions.removesuffix("/versions")),
        ada.http.post(versions, json=version("1.0", envVars=[secret])),
    ]
    for answer in answers:
        assert answer.is_success
        assert SECRET not in answer.text
    assert all(SECRET not in str(row) for row in platform.sql("SELECT * FROM version"))


def test_rule_75_env_vars_are_changed_in_part(ada: Account, env_vars: str) -> None:
    ada.data("POST", env_vars, json={"name": "S", "value": SECRET, "isSecret": True})
    path = f"{env_vars}/S"
    renamed = ada.data("PUT", path, json={"name": "T"})
    assert renamed == {"name": "T", "isSecret": True}
    assert error(ada.http.put(f"{env_vars}/T", json={"isSecret": False})) == (400, "invalid-value")
    opened = ada.data("PUT", f"{env_vars}/T", json={"isSecret": False, "value": "new"})
    assert opened == {"name": "T", "value": "new", "isSecret": False}
    assert ada.http.delete(f"{env_vars}/T").status_code == 204
    assert ada.http.delete(f"{env_vars}/T").status_code == 404


def test_a_secret_keeps_its_value_when_it_is_sent_back_without(
    platform: Platform, ada: Account, versions: str
) -> None:
    secret = {"name": "S", "value": SECRET, "isSecret": True}
    ada.data("PUT", f"{versions}/0.1", json={"envVars": [secret]})
    shown = ada.data("GET", f"{versions}/0.1")["envVars"]
    ada.data("PUT", f"{versions}/0.1", json={"envVars": [*shown, {"name": "A", "value": "a"}]})
    code = (
        "from apps.platform.storage.secrets import unseal\n"
        f"version = Version.objects.get(actor_id='{versions.split('/')[1]}')\n"
        "print(unseal(version.env_vars[0]['sealed']))"
    )
    assert platform.shell(code) == SECRET


def test_the_official_client_keeps_versions(ada: Account, versions: str) -> None:
    client = ada.client.actor(versions.split("/")[1])
    made = client.versions().create(version_number="4.2", source_type="SOURCE_FILES")
    assert made.version_number == "4.2"
    variables = client.version("4.2").env_vars()
    variables.create(name="A", value="b", is_secret=True)
    assert variables.list().items[0].value is None
    assert client.version("4.2").update(apply_env_vars_to_build=True).apply_env_vars_to_build
    assert client.versions().list().total == 2
    client.version("4.2").delete()
    assert client.version("4.2").get() is None
