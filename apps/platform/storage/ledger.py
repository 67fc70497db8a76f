"""What accounts used, by day and service (semantics.md rules 270, 271).

A day is written in the transaction that writes the usage of a run or build, by the difference to
what the row said before. So runs, days and months add up, whenever a run goes on past midnight, on
another machine or again, and deleted runs stay counted.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connections, transaction
from django.db.models import QuerySet

from apps.platform.domain.clock import now
from apps.platform.models import UsageDay

Usage = Mapping[str, float]  # service -> quantity


def write(rows: QuerySet[Any], *, usage: Usage, **values: Any) -> int:
    """Updates the one run or build in `rows`; 0 when there is none. Usage never shrinks: a storage
    that was deleted has been used all the same."""
    with transaction.atomic("platform"):
        found = rows.select_for_update().values_list("user_id", "usage").first()
        if found is None:
            return 0
        user_id, before = found
        grown = {name: max(amount, before.get(name, 0)) for name, amount in usage.items()}
        _add(user_id, {name: grown[name] - before.get(name, 0) for name in grown})
        return rows.update(usage={**before, **grown}, **values)


def _add(user_id: str, amounts: Usage) -> None:
    today = now().date().isoformat()
    rows = [(user_id, today, name, amount) for name, amount in amounts.items() if amount]
    with connections["platform"].cursor() as cursor:
        cursor.executemany(
            "INSERT INTO usage_day (user_id, day, service, quantity) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (user_id, day, service) "
            "DO UPDATE SET quantity = usage_day.quantity + excluded.quantity",
            rows,
        )


def days(user_id: str, first: date, last: date) -> dict[date, dict[str, float]]:
    """Service -> quantity for each day on which something was used."""
    found: dict[date, dict[str, float]] = {}
    rows = UsageDay.objects.filter(user_id=user_id, day__gte=first, day__lte=last)
    for day, service, quantity in rows.order_by("day").values_list("day", "service", "quantity"):
        found.setdefault(day, {})[service] = quantity
    return found


def summed(parts: Iterable[Usage]) -> dict[str, float]:
    """Service -> quantity over all of them."""
    total: dict[str, float] = {}
    for amounts in parts:
        for service, quantity in amounts.items():
            total[service] = total.get(service, 0) + quantity
    return total
