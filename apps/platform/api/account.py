"""What an account may use and has used (endpoints 110-112; semantics.md rules 270-276)."""

import math
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction
from starlette.responses import Response

from apps.platform.api import fields
from apps.platform.api.access import refuse_run_token
from apps.platform.clock import metering
from apps.platform.domain import limits, prices
from apps.platform.domain.clock import iso, now
from apps.platform.domain.errors import invalid_value
from apps.platform.domain.statuses import ACTIVE
from apps.platform.http import envelope
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route
from apps.platform.models import Actor, Build, Run, Schedule, Task, User, Webhook

OCCUPYING = ACTIVE - {"READY"}
LONGEST_RETENTION = 36_500


def my_limits(request: ApiRequest) -> Response:
    identity = refuse_run_token(request, "limits of the account")
    user = User.objects.get(id=identity.user_id)
    moment = now()
    cycle = metering.cycle(user.id, moment, moment.date())
    return envelope.data(
        {
            "monthlyUsageCycle": {"startAt": iso(cycle.start), "endAt": iso(cycle.end)},
            "limits": limits.of(user.limits),
            "current": _current(user.id, cycle.total),
        }
    )


def _current(user_id: str, usage: dict[str, float]) -> dict[str, Any]:
    memory, jobs = 0, 0
    for kind in (Run, Build):
        rows = kind._default_manager.filter(user_id=user_id, status__in=ACTIVE)
        for status, options in rows.values_list("status", "options"):
            jobs += 1
            memory += options.get("memoryMbytes", 0) if status in OCCUPYING else 0
    return {
        "monthlyUsageUsd": prices.total_dollars(usage),
        "monthlyActorComputeUnits": usage.get("ACTOR_COMPUTE_UNITS", 0),
        "monthlyExternalDataTransferGbytes": usage.get("DATA_TRANSFER_EXTERNAL_GBYTES", 0),
        "monthlyProxySerps": int(usage.get("PROXY_SERPS", 0)),
        "monthlyResidentialProxyGbytes": usage.get("PROXY_RESIDENTIAL_TRANSFER_GBYTES", 0),
        "actorMemoryGbytes": memory / 1024,
        "actorCount": Actor.objects.filter(user_id=user_id).count(),
        "actorTaskCount": Task.objects.filter(user_id=user_id).count(),
        "activeActorJobCount": jobs,
        "teamAccountSeatCount": 1,
        "scheduleCount": Schedule.objects.filter(user_id=user_id).count(),
        "webhookCount": Webhook.objects.filter(user_id=user_id, is_ad_hoc=False).count(),
    }


def update_limits(request: ApiRequest) -> Response:
    """The two that the account itself may set (rule 273); what the body does not name stays."""
    identity = refuse_run_token(request, "limits of the account")
    body = fields.body_of(request)
    wanted: dict[str, Any] = {}
    if body.get("maxMonthlyUsageUsd") is not None:
        wanted["maxMonthlyUsageUsd"] = _dollars(body["maxMonthlyUsageUsd"])
    if body.get("dataRetentionDays") is not None:
        wanted["dataRetentionDays"] = fields.integer(
            body, "dataRetentionDays", minimum=1, maximum=LONGEST_RETENTION
        )
    with transaction.atomic("platform"):
        user = User.objects.select_for_update().get(id=identity.user_id)
        user.limits = {**user.limits, **wanted}
        user.save(update_fields=["limits"])
    return envelope.bare({}, 201)


def _dollars(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid_value("maxMonthlyUsageUsd must be a number")
    if not math.isfinite(value) or not 0 <= value <= limits.DEFAULTS["maxMonthlyUsageUsd"]:
        raise invalid_value("maxMonthlyUsageUsd must be between 0 and 1,000,000")
    return float(value)


def monthly_usage(request: ApiRequest) -> Response:
    """The month that `date` is in, or this one, by service and by day and service."""
    identity = refuse_run_token(request, "usage of the account")
    moment = now()
    cycle = metering.cycle(identity.user_id, _within(request) or moment, moment.date())
    dollars = prices.total_dollars(cycle.total)
    return envelope.data(
        {
            "usageCycle": {"startAt": iso(cycle.start), "endAt": iso(cycle.end)},
            "monthlyServiceUsage": _services(cycle.total),
            "dailyServiceUsages": [
                {
                    "date": iso(_midnight(day)),
                    "serviceUsage": _services(usage),
                    "totalUsageCreditsUsd": prices.total_dollars(usage),
                }
                for day, usage in cycle.days.items()
            ],
            "totalUsageCreditsUsdBeforeVolumeDiscount": dollars,
            "totalUsageCreditsUsdAfterVolumeDiscount": dollars,
        }
    )


def _within(request: ApiRequest) -> datetime | None:
    text = request.query.text("date")
    if not text:
        return None
    try:
        return _midnight(date.fromisoformat(text))
    except ValueError:
        raise invalid_value("date must be a day such as 2026-01-31") from None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _services(usage: dict[str, float]) -> dict[str, Any]:
    """One price for any quantity: there are no volume discounts."""
    return {
        service: _item(quantity, prices.UNIT_USD.get(service, 0.0))
        for service, quantity in usage.items()
    }


def _item(quantity: float, price: float) -> dict[str, Any]:
    amount = quantity * price
    tier = {
        "quantityAbove": 0,
        "discountPercent": 0,
        "tierQuantity": quantity,
        "unitPriceUsd": price,
        "priceUsd": amount,
    }
    return {
        "quantity": quantity,
        "baseAmountUsd": amount,
        "baseUnitPriceUsd": price,
        "amountAfterVolumeDiscountUsd": amount,
        "priceTiers": [tier],
    }


ROUTES = [
    Route("GET", "/v2/users/me/limits", my_limits),
    Route("PUT", "/v2/users/me/limits", update_limits),
    Route("GET", "/v2/users/me/usage/monthly", monthly_usage),
]
