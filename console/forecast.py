"""What a cycle of usage comes to, for Home and the page of usage."""

from datetime import datetime
from typing import Final

from console.api.models.users import MonthlyUsage

LEAST_SHARE: Final = 0.02  # of a cycle; a forecast from less would be a guess


def forecast(usage: MonthlyUsage, now: datetime) -> float | None:
    """What the cycle comes to at its pace so far; None before and after it, or too early."""
    start, end = usage.usage_cycle.start_at, usage.usage_cycle.end_at
    if start is None or end is None or not start < now < end:
        return None
    share = (now - start) / (end - start)
    total = usage.total_usage_credits_usd_after_volume_discount
    return total / share if share > LEAST_SHARE else None
