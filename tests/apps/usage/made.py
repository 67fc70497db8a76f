"""A month of an account as the API tells it."""

from typing import Any

from tests.fakes import ACTOR_ID, FakeApi, actor_json, page, run_json

TASK_ID = "tASk1tASk1tASk1tA"
LIMITS = "/v2/users/me/limits"
MONTH = "/v2/users/me/usage/monthly"


def item(quantity: float, price: float) -> dict[str, Any]:
    amount = quantity * price
    return {
        "quantity": quantity,
        "baseAmountUsd": amount,
        "baseUnitPriceUsd": price,
        "amountAfterVolumeDiscountUsd": amount,
        "priceTiers": [],
    }


def month(start: str, end: str, **changes: Any) -> dict[str, Any]:
    units, reads = item(40, 0.25), item(2000, 0.000001)
    day = {"date": start, "serviceUsage": {"ACTOR_COMPUTE_UNITS": units}}
    return {
        "usageCycle": {"startAt": start, "endAt": end},
        "monthlyServiceUsage": {
            "DATASET_READS": reads,
            "ACTOR_COMPUTE_UNITS": units,
            "PROXY_SERPS": item(0, 0.1),
        },
        "dailyServiceUsages": [{**day, "totalUsageCreditsUsd": 10.0}],
        "totalUsageCreditsUsdBeforeVolumeDiscount": 10.002,
        "totalUsageCreditsUsdAfterVolumeDiscount": 10.002,
        **changes,
    }


def tell_limits(api: FakeApi, **limits: Any) -> None:
    figures = {
        "monthlyUsageCycle": {
            "startAt": "2026-11-01T00:00:00.000Z",
            "endAt": "2026-11-30T23:59:59.999Z",
        },
        "limits": {
            "maxMonthlyUsageUsd": 300,
            "dataRetentionDays": 30,
            "maxActorCount": 100,
            "maxActorMemoryGbytes": 64,
            **limits,
        },
        "current": {"monthlyUsageUsd": 43.5, "actorCount": 31, "actorMemoryGbytes": 8.5},
    }
    api.data("GET", LIMITS, figures)


def tell_month(
    api: FakeApi,
    start: str = "2019-11-01T00:00:00.000Z",
    end: str = "2019-11-30T23:59:59.999Z",
) -> None:
    api.data("GET", MONTH, month(start, end))
    tell_limits(api)
    runs = [
        run_json(usageTotalUsd=1.5, actorTaskId=TASK_ID),
        run_json(usageTotalUsd=0.25),
        run_json(usageTotalUsd=99, startedAt="2018-01-01T00:00:00.000Z"),
    ]
    api.data("GET", "/v2/actor-runs", page(runs))
    api.data("GET", "/v2/actor-tasks", page([{"id": TASK_ID, "name": "nightly"}]))
    api.data("GET", "/v2/acts", page([actor_json(id=ACTOR_ID, title="Price watch")]))
