"""The figures on top of a run's page and the chart beside its log, the same on page and stream."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.runs.usual import Usual
from console.api.models.runs import Run
from console.api.models.storages import Dataset, RequestQueue

WIDTH, HEIGHT, MOST = 240, 52, 120


@dataclass(frozen=True)
class Counts:
    """`handled` and `requests` of the queue, `results` of the dataset; None when not known."""

    results: int | None = None
    handled: int | None = None
    requests: int | None = None


def counts_of(dataset: Dataset | None, queue: RequestQueue | None) -> Counts:
    return Counts(
        dataset.item_count if dataset else None,
        queue.handled_request_count if queue else None,
        queue.total_request_count if queue else None,
    )


def tiles(run: Run, counts: Counts, usual: Usual | None = None) -> SafeString:
    return render_to_string("runs/tiles.html", {"run": run, "counts": counts, "usual": usual})


class Sample(NamedTuple):
    cpu: float  # percent of one core
    memory: float  # bytes


def charts(run: Run, samples: Sequence[Sample]) -> SafeString:
    """While it runs, the last samples; afterwards mean and top."""
    limit = (run.options.memory_mbytes or 0) * 1024 * 1024
    memory = [sample.memory for sample in samples]
    return render_to_string(
        "runs/charts.html",
        {
            "run": run,
            "stats": run.stats,
            "limit": limit,
            "cpu": line([sample.cpu for sample in samples], 100.0),
            "memory": line(memory, limit or 1),
            "now": samples[-1] if samples else None,
        },
    )


def line(values: Sequence[float], least_top: float) -> dict[str, Any] | None:
    """Points of a polyline and of the area below it, newest at the right."""
    shown = list(values)[-MOST:]
    if len(shown) < 2:  # noqa: PLR2004 - one point makes no line
        return None
    top = max(*shown, least_top)
    step = WIDTH / (MOST - 1)
    start = WIDTH - step * (len(shown) - 1)
    points = [
        f"{start + step * number:.1f},{HEIGHT - 2 - (HEIGHT - 4) * value / top:.1f}"
        for number, value in enumerate(shown)
    ]
    area = [f"{start:.1f},{HEIGHT}", *points, f"{WIDTH},{HEIGHT}"]
    return {"points": " ".join(points), "area": " ".join(area)}
