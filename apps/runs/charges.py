"""What a run has used by service, and charged per event when its Actor is paid so."""

from typing import Any, NamedTuple

from console.api.models.runs import Run


class Charge(NamedTuple):
    """`each` and `total` in US dollars, None when the API does not say the price."""

    title: str
    times: int
    each: float | None
    total: float | None


class Service(NamedTuple):
    """`usd` is None when the API does not say it; `quantity` is in the service's own unit."""

    name: str
    quantity: float
    usd: float | None


def services(run: Run) -> list[Service]:
    """Those of which something was used, the dearest first."""
    prices = run.usage_usd or {}
    used = [
        Service(name, quantity, prices.get(name))
        for name, quantity in (run.usage or {}).items()
        if quantity
    ]
    return sorted(used, key=lambda each: (-(each.usd or 0), each.name))


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
