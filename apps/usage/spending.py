"""A month's usage as the page shows it: services, Actors and tasks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from console.api.models.runs import RunSummary
from console.api.models.users import Cycle, MonthlyUsage, UsageItem


class Service(NamedTuple):
    name: str
    item: UsageItem

    @property
    def unit_price(self) -> str:
        """In dollars, with no more digits than it has: $0.25, $0.000004."""
        return "$" + (f"{self.item.base_unit_price_usd:.9f}".rstrip("0").rstrip("."))


@dataclass
class Spender:
    """An Actor or task with what its runs came to."""

    id: str
    name: str
    runs: int = 0
    usd: float = 0


def services(usage: MonthlyUsage) -> list[Service]:
    """The dearest first; those of which nothing was used are left out."""
    used = [Service(*pair) for pair in usage.monthly_service_usage.items() if pair[1].quantity]
    return sorted(used, key=lambda service: (-service.item.usd, service.name))


def spenders(
    runs: Iterable[RunSummary], cycle: Cycle, *, by: str, names: Mapping[str, str]
) -> list[Spender]:
    """Sums of the runs that started in the cycle, `by` act_id or actor_task_id, dearest first."""
    first = cycle.start_at or datetime.min.replace(tzinfo=UTC)
    last = cycle.end_at or datetime.max.replace(tzinfo=UTC)
    found: dict[str, Spender] = {}
    for run in runs:
        key = getattr(run, by)
        if not key or run.started_at is None or not first <= run.started_at <= last:
            continue
        spender = found.setdefault(key, Spender(key, names.get(key, key)))
        spender.runs += 1
        spender.usd += run.usage_total_usd or 0
    return sorted(found.values(), key=lambda spender: (-spender.usd, -spender.runs))


def neighbours(cycle: Cycle, now: datetime) -> tuple[str | None, str | None]:
    """Dates in the cycle before and, unless it is the present one, after."""
    if cycle.start_at is None or cycle.end_at is None:
        return None, None
    earlier = (cycle.start_at - timedelta(days=1)).date().isoformat()
    later = cycle.end_at + timedelta(days=1)
    return earlier, later.date().isoformat() if cycle.end_at < now else None
