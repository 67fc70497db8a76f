"""What an account used in a month, in quantities and dollars (design.md section 6).

Runners turn memory, time and the work of storages into quantities while runs go on
(`engine.measure`); days keep the sums of them (`storage.ledger`); here they become a bill.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.platform.domain import limits
from apps.platform.storage import ledger


@dataclass(frozen=True, slots=True)
class Cycle:
    """A calendar month in UTC with what was used on each of its days so far."""

    start: datetime
    end: datetime
    days: dict[date, dict[str, float]]  # service -> quantity

    @property
    def total(self) -> dict[str, float]:
        return ledger.summed(self.days.values())


def cycle(user_id: str, within: datetime, today: date) -> Cycle:
    """The month that `within` is in, up to `today`; days without use are there too."""
    start, end = limits.month_of(within)
    used = ledger.days(user_id, start.date(), end.date())
    number = (min(end.date(), today) - start.date()).days + 1
    every = [start.date() + timedelta(days=n) for n in range(number)]
    return Cycle(start, end, {day: used.get(day, {}) for day in every})
