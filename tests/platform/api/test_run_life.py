"""What becomes of runs, rule by rule, as far as it needs no process."""

from typing import Any

import pytest

from tests.platform.api.conftest import Make, set_status
from tests.platform.conftest import Account, Platform

WORDS = (
    *("READY", "RUNNING", "SUCCEEDED", "FAILED"),
    *("TIMING-OUT", "TIMED-OUT", "ABORTING", "ABORTED"),
)
REQUIRED = {"inputBodyLen", "restartCount", "resurrectCount", "computeUnits"}


def test_rule_5_what_comes_without_an_envelope(ada: Account, actor: Any, make_run: Make) -> None:
    run = make_run(actor, "SUCCEEDED")
    path = f"actor-runs/{run['id']}"
    ada.http.post(f"{path}/dataset/items", json={"a": 1})
    assert ada.http.get(f"{path}/dataset/items").json() == [{"a": 1}]
    assert ada.http.get(f"{path}/key-value-store/records/INPUT").json() == {}
    log = ada.http.get(f"{path}/log")
    assert log.headers["Content-Type"].startswith("text/plain")
    assert ada.http.delete(path).content == b""


def test_rule_14_success_is_2xx_and_the_callers_fault_4xx(ada: Account, actor: Any) -> None:
    started = ada.http.post(f"acts/{actor['id']}/runs")
    assert started.is_success
    assert ada.http.post(f"acts/{actor['id']}/runs?memory=1").is_client_error
    assert ada.http.get("actor-runs/none").is_client_error


@pytest.mark.parametrize("word", WORDS)
def test_rule_99_each_status_is_shown_and_asked_for(
    platform: Platform, ada: Account, actor: Any, make_run: Make, word: str
) -> None:
    run = make_run(actor, word)
    assert run["status"] == word
    found = ada.data("GET", f"acts/{actor['id']}/runs?status={word}")
    assert [each["id"] for each in found["items"]] == [run["id"]]
    ended = word in {"SUCCEEDED", "FAILED", "TIMED-OUT", "ABORTED"}
    assert (run["finishedAt"] is not None) == ended
    answer = ada.http.delete(f"actor-runs/{run['id']}")
    assert answer.status_code == (204 if ended else 400)


def test_rule_107_an_aborted_run_can_be_resurrected(
    ada: Account, actor: Any, make_run: Make
) -> None:
    run = make_run(actor)
    assert ada.data("POST", f"actor-runs/{run['id']}/abort")["status"] == "ABORTED"
    back = ada.data("POST", f"actor-runs/{run['id']}/resurrect")
    assert (back["status"], back["finishedAt"]) == ("READY", None)
    assert back["defaultKeyValueStoreId"] == run["defaultKeyValueStoreId"]


def test_rule_110_a_run_metamorphs_at_most_ten_times(
    ada: Account, actor: Any, make_run: Make
) -> None:
    run = make_run(actor, "RUNNING")
    path = f"actor-runs/{run['id']}/metamorph?targetActorId={actor['id']}"
    for number in range(1, 11):
        changed = ada.data("POST", path, json={"n": number})
        assert changed["metamorphs"][-1]["inputKey"] == f"INPUT-METAMORPH-{number}"
    refused = ada.http.post(path)
    assert refused.status_code == 400
    assert refused.json()["error"]["type"] == "max-metamorphs-exceeded"


def test_rule_113_the_body_is_the_new_input_with_its_type(
    ada: Account, actor: Any, make_run: Make
) -> None:
    run = make_run(actor, "RUNNING")
    path = f"actor-runs/{run['id']}"
    headers = {"Content-Type": "text/csv; charset=utf-8"}
    target = f"{path}/metamorph?targetActorId={actor['id']}"
    ada.http.post(target, content=b"a;b", headers=headers)
    record = ada.http.get(f"{path}/key-value-store/records/INPUT-METAMORPH-1")
    assert (record.content, record.headers["Content-Type"]) == (b"a;b", headers["Content-Type"])
    assert ada.http.get(f"{path}/key-value-store/records/INPUT").json() == {}


def test_rule_112_a_run_that_does_not_run_gets_no_new_input(
    platform: Platform, ada: Account, actor: Any, make_run: Make
) -> None:
    run = make_run(actor, "SUCCEEDED")
    path = f"actor-runs/{run['id']}"
    answer = ada.http.post(f"{path}/metamorph?targetActorId={actor['id']}", json={})
    assert answer.json()["error"]["type"] == "run-not-running"
    keys = ada.data("GET", f"{path}/key-value-store/keys")["items"]
    assert [each["key"] for each in keys] == ["INPUT"]
    set_status(platform, run["id"], "ABORTING")
    assert ada.http.post(f"{path}/reboot").status_code == 400


def test_rule_114_the_run_stays_one_of_its_actor(
    ada: Account, actor: Any, make_actor: Make, make_build: Make, make_run: Make
) -> None:
    target = make_actor()
    make_build(target)
    run = make_run(actor, "RUNNING")
    path = f"actor-runs/{run['id']}/metamorph?targetActorId={target['id']}"
    assert ada.data("POST", path)["actId"] == actor["id"]
    assert ada.data("GET", f"acts/{target['id']}/runs")["total"] == 0
    assert ada.data("GET", f"acts/{actor['id']}/runs/last")["id"] == run["id"]


def test_rule_128_statistics_are_there_from_the_start(
    ada: Account, actor: Any, make_run: Make
) -> None:
    stats = make_run(actor, json={"a": 1})["stats"]
    assert stats.keys() >= REQUIRED
    assert stats["inputBodyLen"] == len(b'{"a":1}')
    assert all(isinstance(value, int | float) for value in stats.values())
