"""Limits are kept, each refusal with the API's word and a sentence (rules 272, 274)."""

import json
import threading
from typing import Any

import httpx
import pytest

from tests.platform.api.conftest import Make, set_status, version
from tests.platform.api.test_account import record
from tests.platform.conftest import Account, Platform


@pytest.fixture
def owner(platform: Platform) -> Account:
    return platform.account()


@pytest.fixture
def runnable(owner: Account, make_actor: Make, make_build: Make) -> Any:
    made = make_actor(owner)
    make_build(made, owner)
    return made


def allow(platform: Platform, owner: Account, **limits: float) -> None:
    statement = 'UPDATE "user" SET limits=? WHERE username=?'
    platform.sql(statement, json.dumps(limits), owner.username)


def refusal(answer: httpx.Response) -> tuple[int, str]:
    problem = answer.json()["error"]
    assert problem["message"].endswith((".", "need."))
    return answer.status_code, problem["type"]


def start(owner: Account, actor: Any, **params: Any) -> httpx.Response:
    return owner.http.post(f"acts/{actor['id']}/runs", params=params)


def test_rule_272_memory_of_runs_and_builds(
    platform: Platform, owner: Account, runnable: Any
) -> None:
    allow(platform, owner, maxActorMemoryGbytes=5)
    assert start(owner, runnable, memory=4096).status_code == 201
    assert refusal(start(owner, runnable, memory=2048)) == (402, "actor-memory-limit-exceeded")
    build = owner.http.post(f"acts/{runnable['id']}/builds?version=0.1")
    assert refusal(build) == (402, "actor-memory-limit-exceeded")
    assert start(owner, runnable, memory=1024).status_code == 201


def test_rule_272_concurrent_jobs(platform: Platform, owner: Account, runnable: Any) -> None:
    allow(platform, owner, maxConcurrentActorJobs=1)
    run = start(owner, runnable).json()["data"]
    assert refusal(start(owner, runnable)) == (402, "concurrent-runs-limit-exceeded")
    set_status(platform, run["id"], "SUCCEEDED")
    assert start(owner, runnable).status_code == 201
    again = owner.http.post(f"actor-runs/{run['id']}/resurrect")
    assert refusal(again) == (402, "concurrent-runs-limit-exceeded")


def test_rule_272_two_at_once_do_not_take_the_last_place(
    platform: Platform, owner: Account, runnable: Any
) -> None:
    allow(platform, owner, maxConcurrentActorJobs=1, maxActorCount=2)
    answers: list[int] = []

    def both() -> None:
        answers.append(start(owner, runnable).status_code)
        answers.append(owner.http.post("acts", json={}).status_code)

    threads = [threading.Thread(target=both) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers.count(201) == 2


def test_rule_274_the_month_has_a_hard_limit(
    platform: Platform, owner: Account, runnable: Any
) -> None:
    run = start(owner, runnable).json()["data"]
    record(platform, "Run", run["id"], {"ACTOR_COMPUTE_UNITS": 8})
    owner.http.put("users/me/limits", json={"maxMonthlyUsageUsd": 2})
    answer = start(owner, runnable)
    assert refusal(answer) == (403, "platform-feature-disabled")
    assert "Monthly usage hard limit exceeded: $2.00 of $2.00 are spent" in answer.text
    owner.http.put("users/me/limits", json={"maxMonthlyUsageUsd": 0.0015})
    assert "$2.00 of $0.0015 are spent" in start(owner, runnable).text
    build = owner.http.post(f"acts/{runnable['id']}/builds?version=0.1")
    assert refusal(build) == (403, "platform-feature-disabled")
    owner.http.put("users/me/limits", json={"maxMonthlyUsageUsd": 2.01})
    assert start(owner, runnable).status_code == 201


def test_rule_272_numbers_of_what_is_kept(
    platform: Platform, owner: Account, runnable: Any
) -> None:
    kinds = ("Actor", "ActorTask", "Webhook", "Schedule")
    allow(platform, owner, **{f"max{kind}Count": 1 for kind in kinds})
    plan = {"cronExpression": "@daily"}
    assert owner.http.post("schedules", json=plan).status_code == 201
    assert refusal(owner.http.post("schedules", json=plan)) == (402, "too-many-schedules")
    hook = {
        "eventTypes": ["ACTOR.RUN.SUCCEEDED"],
        "condition": {"actorId": runnable["id"]},
        "requestUrl": "https://example.com/",
    }
    assert owner.http.post("webhooks", json=hook).status_code == 201
    assert refusal(owner.http.post("webhooks", json=hook)) == (402, "too-many-webhooks")
    body = {"name": "one-more", "versions": [version()]}
    assert refusal(owner.http.post("acts", json=body)) == (402, "too-many-actors")
    task = {"actId": runnable["id"], "name": "first"}
    assert owner.http.post("actor-tasks", json=task).status_code == 201
    more = owner.http.post("actor-tasks", json={**task, "name": "second"})
    assert refusal(more) == (402, "too-many-actor-tasks")


def test_samples_wait_for_a_higher_limit(platform: Platform, owner: Account) -> None:
    """Else a Callboard whose month is spent could not start, nor its limit be raised."""
    allow(platform, owner, maxMonthlyUsageUsd=0)
    platform.manage("load_samples", "--user", owner.username)
    assert owner.data("GET", "acts?my=1")["total"] == 3
    assert owner.data("GET", "actor-builds")["total"] == 0
    allow(platform, owner)
    platform.manage("load_samples", "--user", owner.username)
    assert owner.data("GET", "actor-builds")["total"] >= 2
