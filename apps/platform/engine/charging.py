"""What a run charges, counted in its row; the same key counts once."""

from typing import Any

from django.db import transaction

from apps.platform.domain import charging
from apps.platform.domain.errors import ApiError, invalid_value
from apps.platform.models import Charge, Dataset, Run

BIGGEST = 2**31 - 1


def begin(run: Run, pricing_infos: Any) -> None:
    """Fixes the prices of a run that is not saved yet, and counts its start."""
    pricing = charging.pricing_at(
        pricing_infos if isinstance(pricing_infos, list) else [], run.started_at
    )
    run.pricing_info = pricing
    if charging.STARTED in charging.prices(pricing):
        run.charged = {charging.STARTED: charging.started(run.options["memoryMbytes"])}


def charge(run: Run, event: str, count: int, key: str) -> None:
    """At most as much as the run's maxTotalChargeUsd allows; ApiError 400 for an unknown event."""
    with transaction.atomic("platform"):
        found = Run.objects.select_for_update().get(id=run.id)
        prices = charging.prices(found.pricing_info)
        if event not in prices or event.startswith(charging.OWN):
            raise invalid_value(f"the Actor has no event {event[:80]!r} that a run may charge")
        if key and not Charge.objects.get_or_create(run=found, key=key)[1]:
            return
        count = charging.affordable(
            count,
            prices[event],
            charged=counts(found),
            prices=prices,
            most=found.options.get("maxTotalChargeUsd"),
        )
        total = found.charged.get(event, 0) + count
        if total > BIGGEST:
            raise ApiError(400, "charge-limit-exceeded", "The run has charged too many events")
        Run.objects.filter(id=run.id).update(charged=found.charged | {event: total})


def counts(run: Run) -> dict[str, int]:
    """Event -> how often; the items of the default dataset are counted where they are."""
    charged: dict[str, int] = dict(run.charged)
    if charging.ITEM in charging.prices(run.pricing_info):
        items = Dataset.objects.filter(id=run.dataset_id).values_list("item_count", flat=True)
        charged[charging.ITEM] = items.first() or 0
    return charged
