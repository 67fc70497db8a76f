"""Pay per event: what an Actor's pricing lets a run charge (endpoints.md, A and B rows 13, 14)."""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

MODEL = "PAY_PER_EVENT"
ALWAYS = "1970-01-01T00:00:00.000Z"
OWN = "apify-"  # events that the platform counts itself
STARTED = "apify-actor-start"
ITEM = "apify-default-dataset-item"
MEGABYTES = 1024  # one start is charged for each GB


def pricing_at(infos: list[Any], moment: datetime) -> dict[str, Any] | None:
    """The newest of `pricingInfos` that has begun; None where there is none."""
    begun = [info for info in infos if isinstance(info, dict) and _start(info) <= moment]
    newest = max(begun, key=_start, default=None)
    return None if newest is None else _completed(newest)


def _completed(info: dict[str, Any]) -> dict[str, Any]:
    """With all that the official clients insist on."""
    whole = {"apifyMarginPercentage": 0, "createdAt": ALWAYS, "startedAt": ALWAYS} | info
    events = _events(info)
    if events:
        described = {
            name: {"eventTitle": name, "eventDescription": ""} | event
            for name, event in events.items()
            if isinstance(event, dict)
        }
        whole["pricingPerEvent"] = info["pricingPerEvent"] | {"actorChargeEvents": described}
    return whole


def _events(pricing: Mapping[str, Any]) -> dict[str, Any]:
    per_event = pricing.get("pricingPerEvent")
    events = per_event.get("actorChargeEvents") if isinstance(per_event, dict) else None
    return events if isinstance(events, dict) else {}


def _start(info: dict[str, Any]) -> datetime:
    """One without a time has always been there."""
    try:
        moment = datetime.fromisoformat(info["startedAt"])
    except (KeyError, TypeError, ValueError):
        return datetime.fromisoformat(ALWAYS)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def prices(pricing: Mapping[str, Any] | None) -> dict[str, float]:
    """Event -> US dollars; empty unless the Actor is paid per event."""
    if not pricing or pricing.get("pricingModel") != MODEL:
        return {}
    return {
        name: float(event["eventPriceUsd"])
        for name, event in _events(pricing).items()
        if isinstance(event, dict) and isinstance(event.get("eventPriceUsd"), int | float)
    }


def total_usd(charged: Mapping[str, int], prices: Mapping[str, float]) -> float:
    return sum(count * prices.get(name, 0.0) for name, count in charged.items())


def affordable(
    count: int, price: float, *, charged: Mapping[str, int], prices: Mapping[str, float], most: Any
) -> int:
    """How many of `count` events the run may still pay; `most` is its maxTotalChargeUsd."""
    if most is None or price <= 0:
        return count
    left = float(most) - total_usd(charged, prices)
    return max(0, min(count, math.floor(left / price + 1e-9)))


def started(memory_mbytes: int) -> int:
    """How many starts a run of this memory counts for."""
    return max(1, math.ceil(memory_mbytes / MEGABYTES))
