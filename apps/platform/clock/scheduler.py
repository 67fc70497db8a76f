"""The scheduler: a thread beside every runner, as many as there are.

First it plans: in one transaction it writes a row for each action that is due and moves the
schedule's `next_run_at` on, so that nothing is lost after it and nothing doubles before it. Then
it settles the rows that wait, its own or those that another scheduler left behind.
"""

import time
from contextlib import suppress
from datetime import datetime

from django.db import transaction

from apps.platform.clock import firings, mail
from apps.platform.clock.rounds import Rounds
from apps.platform.domain import cron
from apps.platform.domain.clock import iso, now
from apps.platform.domain.errors import ApiError
from apps.platform.models import Firing, Schedule

LOOK = 0.5  # seconds; a schedule may be saved at any time by another process
STEP = 30.0  # seconds by which the clock has to go back to be noticed
AT_ONCE = 200


class Scheduler:
    """`tick` is one round and answers how long to wait for the next."""

    def __init__(self) -> None:
        self._offset: float | None = None  # wall time minus monotonic time

    def tick(self) -> float:
        moment = now()
        offset = moment.timestamp() - time.monotonic()
        if self._offset is None or offset < self._offset - STEP:
            bring_back(moment)
        self._offset = offset
        while plan(moment):
            pass
        while firings.settle_some(now()):
            pass
        return _pause()


def plan(moment: datetime) -> int:
    """How many schedules that were due at `moment` have their firings written now."""
    with transaction.atomic("platform"):
        rows = Schedule.objects.select_for_update(skip_locked=True)
        due = rows.filter(next_run_at__lte=moment).order_by("next_run_at")
        found = list(due[:AT_ONCE])
        planned = [firing for schedule in found for firing in _planned(schedule, moment)]
        Firing.objects.bulk_create(planned, ignore_conflicts=True)
        mail.tell(planned)
        Schedule.objects.bulk_update(found, ["next_run_at"])
    return len(found)


def _planned(schedule: Schedule, moment: datetime) -> list[Firing]:
    """The rows to write; moves `next_run_at` of the object."""
    planned, schedule.next_run_at = schedule.next_run_at, None
    if not schedule.is_enabled or planned is None:
        return []
    try:
        due = cron.due(schedule.cron_expression, schedule.timezone, planned, moment)
    except (ApiError, LookupError, ValueError) as problem:  # a zone may leave the system's data
        message = f"Cannot tell when to run: {problem}"
        failed = Firing(schedule=schedule, scheduled_at=planned)
        return [failed.settle(moment, "FAILED", "ERROR", message)]
    schedule.next_run_at = due.next
    rows = []
    if due.missed_since:
        message = f"Missed {_times(due)} since {iso(due.missed_since)}: no scheduler was running"
        missed = Firing(schedule=schedule, scheduled_at=due.missed_since)
        rows.append(missed.settle(moment, "MISSED", "WARN", message))
    if due.fire and not schedule.actions:
        message = "Schedule invoked: it has no actions"
        idle = Firing(schedule=schedule, scheduled_at=due.fire)
        rows.append(idle.settle(moment, "SKIPPED", "INFO", message))
    if due.fire:
        ids = [action["id"] for action in schedule.actions]
        rows += [Firing(schedule=schedule, scheduled_at=due.fire, action_id=each) for each in ids]
    return rows


def _times(due: cron.Due) -> str:
    if due.missed >= cron.MOST_COUNTED:
        return f"{cron.MOST_COUNTED:,} times or more"
    return "once" if due.missed == 1 else f"{due.missed} times"


def bring_back(moment: datetime) -> None:
    """After the clock went back, `next_run_at` may lie further ahead than the next firing. What
    has fired already has its row and does not fire again."""
    enabled = Schedule.objects.filter(is_enabled=True, next_run_at__gt=moment)
    columns = ("id", "cron_expression", "timezone", "next_run_at")
    for schedule_id, expression, zone, planned in enabled.values_list(*columns).iterator():
        with suppress(ApiError, LookupError, ValueError):  # `plan` says it in the log
            earlier = cron.following(expression, zone, moment)
            if earlier and planned and earlier < planned:
                same = Schedule.objects.filter(id=schedule_id, next_run_at=planned)
                same.update(next_run_at=earlier)


def _pause() -> float:
    coming = Schedule.objects.filter(next_run_at__isnull=False).order_by("next_run_at")
    soonest = coming.values_list("next_run_at", flat=True).first()
    left = (soonest - now()).total_seconds() if soonest else LOOK
    return min(max(left, 0.0), LOOK)


rounds = Rounds("scheduler", Scheduler().tick)
