"""What a run has charged per event, when its Actor is paid so."""

from typing import Any, NamedTuple

from console.api.models.runs import Run


class Charge(NamedTuple):
    """`each` and `total` in US dollars, None when the API does not say the price."""

    title: str
    times: int
    each: float | None
    total: float | None


def charges(run: Run) -> list[Charge]:
    """Every event of the prices, also those not charged yet, and those charged without a price."""
    counts = run.charged_event_counts or {}
    priced = events(run.pricing_info)
    names = dict.fromkeys([*priced, *counts])
    return [charge(name, counts.get(name, 0), priced.get(name)) for name in names]


def charge(name: str, count: int, event: Any) -> Charge:
    known = event if isinstance(event, dict) else {}
    price = known.get("eventPriceUsd")
    each = float(price) if isinstance(price, int | float) else None
    title = known.get("eventTitle")
    total = None if each is None else each * count
    return Charge(title if isinstance(title, str) and title else name, count, each, total)


def events(pricing: Any) -> dict[str, Any]:
    """`pricingPerEvent.actorChargeEvents`; the rest of the prices is nothing of ours."""
    for key in ("pricingPerEvent", "actorChargeEvents"):
        pricing = pricing.get(key) if isinstance(pricing, dict) else None
    return pricing if isinstance(pricing, dict) else {}
