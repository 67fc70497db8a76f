"""What a run will probably take, from the runs that went well."""

from collections.abc import Sequence
from dataclasses import dataclass

from console.api.models.runs import RunSummary


@dataclass(frozen=True)
class Expectation:
    """Seconds and dollars; the middle half of the runs lies between low and high."""

    runs: int
    seconds_low: float
    seconds_high: float
    usd_low: float | None
    usd_high: float | None


def expectation(runs: Sequence[RunSummary]) -> Expectation | None:
    seconds = sorted(
        (run.finished_at - run.started_at).total_seconds()
        for run in runs
        if run.finished_at and run.started_at
    )
    if not seconds:
        return None
    costs = sorted(run.usage_total_usd for run in runs if run.usage_total_usd is not None)
    low, high = middle(seconds)
    cost_low, cost_high = middle(costs) if costs else (None, None)
    return Expectation(len(seconds), low, high, cost_low, cost_high)


def middle(found: list[float]) -> tuple[float, float]:
    return found[len(found) // 4], found[(len(found) * 3 - 1) // 4]
