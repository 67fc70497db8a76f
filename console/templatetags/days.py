"""The days of a month of usage as the bars of a chart."""

from datetime import UTC, date, timedelta
from typing import Any, NamedTuple

from django import template
from django.utils import timezone

from console.api.models.users import MonthlyUsage

register = template.Library()

WIDTH, HEIGHT, GAP = 620, 120, 3


class Day(NamedTuple):
    """A day and its bar: `x`, `y`, `width` and `height` in the chart's own units."""

    day: date
    usd: float
    x: float
    y: float
    width: float
    height: float


@register.inclusion_tag("ui/days.html")
def usage_days(usage: MonthlyUsage) -> dict[str, Any]:
    """The chart; a day is one of UTC, as the API counts."""
    return {"days": days(usage), "today": timezone.now().astimezone(UTC).date()}


def days(usage: MonthlyUsage) -> tuple[Day, ...]:
    """Every day of the cycle, also those that the API left out."""
    start, end = usage.usage_cycle.start_at, usage.usage_cycle.end_at
    if start is None or end is None:
        return ()
    known = {
        each.date.date(): each.total_usage_credits_usd
        for each in usage.daily_service_usages
        if each.date
    }
    count = min((end.date() - start.date()).days + 1, 366)
    all_days = [start.date() + timedelta(days=number) for number in range(count)]
    top = max([*known.values(), 0.0]) or 1
    step = WIDTH / count
    return tuple(
        Day(
            day,
            usd := known.get(day, 0),
            round(number * step, 2),
            round(HEIGHT * (1 - usd / top), 2),
            round(step - GAP, 2),
            round(HEIGHT * usd / top, 2),
        )
        for number, day in enumerate(all_days)
    )
