"""Usage and limits of an account (endpoints 110-112; semantics.md rules 100, 270-276)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from apify_client._models import MonthlyUsage

from tests.platform.api.conftest import Make, RunToken
from tests.platform.conftest import Account, Platform

USAGES = [
    {"ACTOR_COMPUTE_UNITS": 0.123456789, "DATASET_WRITES": 7, "REQUEST_QUEUE_READS": 1_000},
    {"ACTOR_COMPUTE_UNITS": 2.5, "KEY_VALUE_STORE_WRITES": 3},
]


def record(platform: Platform, table: str, row_id: str, usage: Any, day: str = "") -> None:
    """What a runner does; on another `day` when one is given."""
    platform.shell(
        "from datetime import datetime, UTC\n"
        "from apps.platform.storage import ledger\n"
        f"if {day!r}: ledger.now = lambda: datetime.fromisoformat({day!r})\n"
        f"assert ledger.write({table}.objects.filter(id={row_id!r}), usage={usage!r}) == 1"
    )


@pytest.fixture(scope="module")
def payer(platform: Platform) -> Account:
    return platform.account()


@pytest.fixture
def spender(platform: Platform) -> Account:
    return platform.account()


@pytest.fixture
def runs(
    platform: Platform, spender: Account, make_actor: Make, make_build: Make, make_run: Make
) -> list[Any]:
    actor = make_actor(spender)
    build = make_build(actor, spender)
    record(platform, "Build", build["id"], {"ACTOR_COMPUTE_UNITS": 0.1})
    made = [make_run(actor, "SUCCEEDED", spender) for _ in USAGES]
    for run, usage in zip(made, USAGES, strict=True):
        record(platform, "Run", run["id"], usage)
    return made


def test_rules_100_270_run_day_and_month_add_up(spender: Account, runs: list[Any]) -> None:
    usage = spender.data("GET", "users/me/usage/monthly")
    MonthlyUsage.model_validate(usage)
    shown = [spender.data("GET", f"actor-runs/{run['id']}") for run in runs]
    shown += spender.data("GET", "actor-builds")["items"]
    of_runs = sum(work["usageTotalUsd"] for work in shown)
    assert of_runs > 0.6
    days = usage["dailyServiceUsages"]
    month = usage["totalUsageCreditsUsdAfterVolumeDiscount"]
    assert sum(day["totalUsageCreditsUsd"] for day in days) == pytest.approx(month, abs=1e-9)
    assert month == pytest.approx(of_runs, abs=1e-9)
    assert month == spender.data("GET", "users/me/limits")["current"]["monthlyUsageUsd"]
    services = usage["monthlyServiceUsage"]
    assert sum(item["baseAmountUsd"] for item in services.values()) == pytest.approx(month)
    for run in shown[:2]:
        assert sum(run["usageUsd"].values()) == pytest.approx(run["usageTotalUsd"])
    today = days[-1]
    assert today["date"] == datetime.now(UTC).strftime("%Y-%m-%dT00:00:00.000Z")
    assert len(days) == int(today["date"][8:10])
    assert today["serviceUsage"]["DATASET_WRITES"]["quantity"] == 7
    read = spender.client.user().monthly_usage()
    assert read is not None
    assert read.total_usage_credits_usd_after_volume_discount == month


def test_rule_270_what_is_deleted_was_used(spender: Account, runs: list[Any]) -> None:
    before = spender.data("GET", "users/me/usage/monthly")["monthlyServiceUsage"]
    assert spender.http.delete(f"actor-runs/{runs[0]['id']}").status_code == 204
    assert spender.data("GET", "users/me/usage/monthly")["monthlyServiceUsage"] == before


def test_rules_270_271_a_run_past_midnight_counts_on_both_days(
    platform: Platform, make_actor: Make, make_build: Make, make_run: Make
) -> None:
    owner = platform.account()
    actor = make_actor(owner)
    make_build(actor, owner)
    run = make_run(actor, "RUNNING", owner)["id"]
    record(platform, "Run", run, {"ACTOR_COMPUTE_UNITS": 1}, "2024-01-31T23:59:00+00:00")
    record(platform, "Run", run, {"ACTOR_COMPUTE_UNITS": 3}, "2024-02-01T00:01:00+00:00")
    # a storage that is gone and a runner that starts anew take nothing back
    record(platform, "Run", run, {"ACTOR_COMPUTE_UNITS": 2}, "2024-02-01T00:02:00+00:00")
    amounts = {}
    for day in ("2024-01-05", "2024-02-29"):
        usage = owner.data("GET", f"users/me/usage/monthly?date={day}")
        amounts[day] = usage["monthlyServiceUsage"]["ACTOR_COMPUTE_UNITS"]["quantity"]
    assert amounts == {"2024-01-05": 1, "2024-02-29": 2}
    january = owner.data("GET", "users/me/usage/monthly?date=2024-01-05")
    assert january["usageCycle"] == {
        "startAt": "2024-01-01T00:00:00.000Z",
        "endAt": "2024-01-31T23:59:59.999Z",
    }
    assert len(january["dailyServiceUsages"]) == 31
    assert january["dailyServiceUsages"][-1]["totalUsageCreditsUsd"] == 0.25
    assert owner.data("GET", f"actor-runs/{run}")["usage"]["ACTOR_COMPUTE_UNITS"] == 3


@pytest.mark.parametrize("day", ["yesterday", "2024-13-01", "2024-02-30", "1", "9999-12-31"])
def test_rule_271_a_day_that_is_none(payer: Account, day: str) -> None:
    answer = payer.http.get(f"users/me/usage/monthly?date={day}")
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid-value"


def test_rule_272_limits_are_counted(
    platform: Platform, make_actor: Make, make_build: Make, make_run: Make, make_task: Make
) -> None:
    ivy = platform.account("ivy")
    actor = make_actor(ivy)
    make_build(actor, ivy)
    make_task(ivy, actId=actor["id"])
    running = make_run(actor, "RUNNING", ivy, params={"memory": 2048})
    record(platform, "Run", running["id"], {"ACTOR_COMPUTE_UNITS": 4})
    limits = ivy.data("GET", "users/me/limits")
    assert len(limits["limits"]) >= 11
    current = limits["current"]
    assert len(current) >= 10
    assert current["actorMemoryGbytes"] == 2
    counts = ("actorCount", "actorTaskCount", "activeActorJobCount")
    assert [current[name] for name in counts] == [1, 1, 1]
    assert (current["monthlyActorComputeUnits"], current["monthlyUsageUsd"]) == (4, 1.0)
    assert limits["monthlyUsageCycle"]["startAt"].endswith("-01T00:00:00.000Z")
    read = ivy.client.user().limits()
    assert read is not None
    assert read.current.actor_count == 1


def test_rules_273_276_two_limits_can_be_set(platform: Platform) -> None:
    owner = platform.account()
    answer = owner.http.put("users/me/limits", json={"maxMonthlyUsageUsd": 12.5})
    assert answer.status_code == 201
    owner.client.user().update_limits(data_retention_days=7)
    shown = owner.data("GET", "users/me/limits")["limits"]
    assert (shown["maxMonthlyUsageUsd"], shown["dataRetentionDays"]) == (12.5, 7)
    # the others are not the account's to set
    owner.http.put("users/me/limits", json={"maxActorCount": 1})
    assert owner.data("GET", "users/me/limits")["limits"]["maxActorCount"] > 1
    assert owner.data("GET", "users/me")["plan"]["dataRetentionDays"] == 7


@pytest.mark.parametrize(
    "body",
    [
        {"maxMonthlyUsageUsd": -1},
        {"maxMonthlyUsageUsd": "1"},
        {"maxMonthlyUsageUsd": True},
        {"maxMonthlyUsageUsd": 1e300},
        {"dataRetentionDays": 0},
        {"dataRetentionDays": 1.5},
        {"dataRetentionDays": [1]},
    ],
)
def test_rule_273_values_that_are_no_limits(payer: Account, body: Any) -> None:
    answer = payer.http.put("users/me/limits", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid-value"


def test_a_run_may_not_see_or_change_them(actor: Any, make_run: Make, run_token: RunToken) -> None:
    inside = run_token(make_run(actor)["id"]).http
    assert inside.get("users/me/limits").status_code == 403
    assert inside.put("users/me/limits", json={}).status_code == 403
    assert inside.get("users/me/usage/monthly").status_code == 403
