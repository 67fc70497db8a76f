"""Pay per event: prices, charges and their limit (endpoints.md, B rows 13 and 14)."""

import threading
from typing import Any

import pytest

from tests.platform.api.conftest import Make, RunToken
from tests.platform.conftest import Account

PRICING = {
    "pricingModel": "PAY_PER_EVENT",
    "startedAt": "2026-01-01T00:00:00.000Z",
    "createdAt": "2026-01-01T00:00:00.000Z",
    "apifyMarginPercentage": 0.2,
    "pricingPerEvent": {
        "actorChargeEvents": {
            "page": {"eventTitle": "Page", "eventDescription": "A page", "eventPriceUsd": 0.5},
            "apify-actor-start": {"eventTitle": "Start", "eventPriceUsd": 0.1},
            "apify-default-dataset-item": {"eventTitle": "Item", "eventPriceUsd": 0.01},
        }
    },
}
LATER = PRICING | {"startedAt": "2999-01-01T00:00:00.000Z", "pricingModel": "FREE"}


@pytest.fixture
def paid(make_actor: Make, make_build: Make) -> Any:
    actor = make_actor(pricingInfos=[LATER, PRICING])
    make_build(actor)
    return actor


def charge(who: Account, run: Any, event: Any = "page", key: str = "", **body: Any) -> Any:
    headers = {"idempotency-key": key} if key else {}
    body = {"eventName": event} | body
    return who.http.post(f"actor-runs/{run['id']}/charge", json=body, headers=headers)


def counts(who: Account, run: Any) -> Any:
    return who.data("GET", f"actor-runs/{run['id']}")["chargedEventCounts"]


def test_charges_are_counted_in_the_run(ada: Account, paid: Any, make_run: Make) -> None:
    run = make_run(paid, "RUNNING")
    assert run["pricingInfo"]["startedAt"] == PRICING["startedAt"]
    assert charge(ada, run).status_code == 201
    assert charge(ada, run, count=3).status_code == 201
    ada.http.post(f"datasets/{run['defaultDatasetId']}/items", json=[{}, {}])
    assert counts(ada, run) == {
        "apify-actor-start": 1,
        "apify-default-dataset-item": 2,
        "page": 4,
    }


def test_a_key_counts_once(ada: Account, paid: Any, make_run: Make) -> None:
    run = make_run(paid, "RUNNING")
    callers = [threading.Thread(target=charge, args=(ada, run, "page", "k")) for _ in range(8)]
    for each in callers:
        each.start()
    for each in callers:
        each.join()
    assert counts(ada, run)["page"] == 1
    assert charge(ada, run, key="other").status_code == 201
    assert counts(ada, run)["page"] == 2


def test_no_more_is_charged_than_the_run_may_cost(ada: Account, paid: Any) -> None:
    path = f"acts/{paid['id']}/runs?maxTotalChargeUsd=1.65&memory=1024"
    run = ada.data("POST", path)
    assert run["options"]["maxTotalChargeUsd"] == 1.65
    assert charge(ada, run, count=50).status_code == 201
    assert counts(ada, run)["page"] == 3
    assert charge(ada, run).status_code == 201
    assert counts(ada, run)["page"] == 3


@pytest.mark.parametrize("event", ["none", "apify-actor-start", 7, None, "x" * 300])
def test_unknown_events_are_refused(ada: Account, paid: Any, make_run: Make, event: Any) -> None:
    answer = charge(ada, make_run(paid, "RUNNING"), event)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "invalid-value")


@pytest.mark.parametrize("count", [0, -1, 1.5, "2", 2**40])
def test_a_count_is_a_number_from_one(ada: Account, paid: Any, make_run: Make, count: Any) -> None:
    assert charge(ada, make_run(paid, "RUNNING"), count=count).status_code == 400


def test_who_may_charge(
    ada: Account, ben: Account, paid: Any, make_run: Make, run_token: RunToken
) -> None:
    run, other, done = (make_run(paid, status) for status in ("RUNNING", "RUNNING", "SUCCEEDED"))
    assert charge(ben, run).status_code == 404
    inside = run_token(run["id"])
    assert charge(inside, run).status_code == 201
    assert charge(inside, other).status_code == 403
    assert charge(ada, done).status_code == 400


def test_an_actor_without_prices_charges_nothing(ada: Account, actor: Any, make_run: Make) -> None:
    run = make_run(actor, "RUNNING")
    assert "pricingInfo" not in run
    assert charge(ada, run).status_code == 400


@pytest.mark.parametrize(
    "pricing", [{}, {"pricingPerEvent": 3, "startedAt": 5}, {"pricingModel": "ODD"}, 7]
)
def test_prices_that_make_no_sense_are_refused(ada: Account, actor: Any, pricing: Any) -> None:
    body = {"pricingInfos": [pricing]}
    refused = ada.http.put(f"acts/{actor['id']}", json=body)
    assert (refused.status_code, refused.json()["error"]["type"]) == (400, "invalid-value")


def test_prices_without_events_charge_nothing(
    ada: Account, make_actor: Make, make_build: Make, make_run: Make
) -> None:
    actor = make_actor(pricingInfos=[{"pricingModel": "PAY_PER_EVENT"}])
    make_build(actor)
    assert charge(ada, make_run(actor, "RUNNING")).status_code == 400


def test_limits_of_a_run_are_only_raised(ada: Account, paid: Any, make_run: Make) -> None:
    run = ada.data("POST", f"acts/{paid['id']}/runs?maxTotalChargeUsd=2&maxItems=5")
    ada.data("POST", f"actor-runs/{run['id']}/abort")
    path = f"actor-runs/{run['id']}/resurrect"
    for query in ("maxItems=4", "maxTotalChargeUsd=1.5", "maxTotalChargeUsd=-1"):
        assert ada.http.post(f"{path}?{query}").status_code == 400
    options = ada.data("POST", f"{path}?maxItems=6&maxTotalChargeUsd=3")["options"]
    assert (options["maxItems"], options["maxTotalChargeUsd"]) == (6, 3)


def test_the_official_client_charges(ada: Account, paid: Any, make_run: Make) -> None:
    run = make_run(paid, "RUNNING")
    ada.client.run(run["id"]).charge("page", count=2)
    found = ada.client.run(run["id"]).get()
    assert found is not None
    assert found.charged_event_counts is not None
    assert found.charged_event_counts["page"] == 2
