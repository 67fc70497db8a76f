"""Secret fields lie encrypted in the record of a run and in the input of a task."""

from typing import Any

import pytest

from tests.platform.api.conftest import Make
from tests.platform.conftest import Account, Platform

SCHEMA = {
    "type": "object",
    "properties": {
        "key": {"type": "string", "isSecret": True, "pattern": "^canary"},
        "login": {"type": "object", "isSecret": True, "editor": "json"},
        "open": {"type": "string"},
    },
}
GIVEN = {"key": "canary-1", "login": {"pass": "canary-2"}, "open": "text", "more": [1.0]}


@pytest.fixture
def guarded(make_actor: Make, make_build: Make) -> Any:
    made = make_actor()
    make_build(made, schema=SCHEMA)
    return made


def record_of(account: Account, run: Any) -> Any:
    return account.http.get(f"actor-runs/{run['id']}/key-value-store/records/INPUT")


def test_the_record_of_a_run_holds_no_secret(ada: Account, guarded: Any) -> None:
    run = ada.data("POST", f"acts/{guarded['id']}/runs", json=GIVEN)
    answer = record_of(ada, run)
    assert "canary" not in answer.text
    kept = answer.json()
    assert kept["key"].startswith("ENCRYPTED_VALUE:")
    assert kept["login"].startswith("ENCRYPTED_JSON:")
    assert (kept["open"], kept["more"]) == ("text", [1.0])


def test_the_same_sealed_value_starts_another_run(ada: Account, guarded: Any) -> None:
    first = record_of(ada, ada.data("POST", f"acts/{guarded['id']}/runs", json=GIVEN)).json()
    again = ada.data("POST", f"acts/{guarded['id']}/runs", json={**first, "open": "changed"})
    assert record_of(ada, again).json() == {**first, "open": "changed"}


def test_a_value_sealed_for_another_actor_is_refused(
    ada: Account, guarded: Any, make_actor: Make, make_build: Make
) -> None:
    other = make_actor()
    make_build(other, schema=SCHEMA)
    first = record_of(ada, ada.data("POST", f"acts/{other['id']}/runs", json=GIVEN)).json()
    refused = ada.http.post(f"acts/{guarded['id']}/runs", json=first)
    assert refused.status_code == 400
    assert refused.json()["error"]["type"] == "invalid-input"
    assert "input.key" in refused.json()["error"]["message"]


def test_what_is_checked_is_what_was_meant(ada: Account, guarded: Any) -> None:
    path = f"acts/{guarded['id']}"
    assert ada.http.post(f"{path}/runs", json={"key": "other"}).status_code == 400
    kept = record_of(ada, ada.data("POST", f"{path}/runs", json=GIVEN)).json()
    assert ada.http.post(f"{path}/validate-input", json=kept).status_code == 200
    assert ada.http.post(f"{path}/runs", json={"login": 5}).status_code == 400


def test_what_is_empty_is_no_secret(ada: Account, make_actor: Make, make_build: Make) -> None:
    actor = make_actor()
    make_build(actor, schema={"properties": {"a": {"isSecret": True}, "b": {"isSecret": True}}})
    run = ada.data("POST", f"acts/{actor['id']}/runs", json={"a": "", "b": None})
    assert record_of(ada, run).json() == {"a": "", "b": None}


def test_a_task_keeps_its_secrets_sealed(ada: Account, guarded: Any, platform: Platform) -> None:
    body = {"actId": guarded["id"], "name": "with-secrets", "input": GIVEN}
    task = ada.data("POST", "actor-tasks", json=body)
    path = f"actor-tasks/{task['id']}"
    assert "canary" not in ada.http.get(path).text
    kept = ada.http.get(f"{path}/input").json()
    assert kept["key"].startswith("ENCRYPTED_VALUE:")
    changed = ada.http.put(f"{path}/input", json={"key": "canary-3"}).json()
    assert changed["key"] != kept["key"]
    assert (changed["login"], changed["open"]) == (kept["login"], "text")
    assert "canary" not in str(changed)
    run = ada.data("POST", f"{path}/runs")
    assert record_of(ada, run).json() == changed


def test_the_keys_are_sealed_at_rest(ada: Account, guarded: Any, platform: Platform) -> None:
    for _ in range(2):
        ada.data("POST", f"acts/{guarded['id']}/runs", json=GIVEN)
    rows = platform.sql("SELECT sealed FROM input_key WHERE actor_id=?", guarded["id"])
    assert len(rows) == 1
    assert "PRIVATE KEY" not in str(rows)
