"""Firings settled: started, failed, skipped or missed, each with its line in the log (rule 255).

The row changes in the same transaction in which the run is made. Whoever comes second, in this
process or another, finds it settled.
"""

import logging
from datetime import datetime
from typing import Any

from django.db import OperationalError, connections, transaction

from apps.platform.domain.cron import ON_TIME
from apps.platform.domain.errors import ApiError
from apps.platform.domain.statuses import ACTIVE
from apps.platform.engine import actions
from apps.platform.models import Firing, Run, Schedule

TOGETHER = 10  # in one transaction of SQLite, where a commit costs more than a run
LOOKED_BACK = 100
log = logging.getLogger(__name__)


def settle_some(moment: datetime) -> int:
    """How many were settled; 0 when none is waiting."""
    alone = connections["platform"].vendor != "sqlite"  # where two may wait for one another's rows
    with transaction.atomic("platform"):
        waiting = Firing.objects.select_for_update(of=("self",), skip_locked=True)
        rows = waiting.select_related("schedule").filter(state="WAITING")
        found = list(rows.order_by("scheduled_at", "id")[: 1 if alone else TOGETHER])
        for firing in found:
            _settle(firing, moment)
    return len(found)


def _settle(firing: Firing, moment: datetime) -> None:
    schedule = firing.schedule
    action = next((each for each in schedule.actions if each["id"] == firing.action_id), None)
    late = moment - firing.scheduled_at
    if late > ON_TIME:
        _write(firing, moment, "MISSED", "WARN", f"Missed, {int(late.total_seconds())} s late")
    elif not schedule.is_enabled:
        _write(firing, moment, "SKIPPED", "INFO", "Skipped: the schedule was disabled meanwhile")
    elif action is None:
        _write(firing, moment, "SKIPPED", "INFO", "Skipped: the action was removed meanwhile")
    elif schedule.is_exclusive and (going := _still_going(firing)):
        message = f"Skipped: run {going} of the time before is still going on"
        _write(firing, moment, "SKIPPED", "WARN", message)
    else:
        _start(firing, action, moment)


def _still_going(firing: Firing) -> str:
    """The id of a run that this action has started and that has not ended (rule 252)."""
    same = Firing.objects.filter(schedule_id=firing.schedule_id, action_id=firing.action_id)
    started = same.filter(state="STARTED").order_by("-scheduled_at")
    ids = list(started.values_list("run_id", flat=True)[:LOOKED_BACK])
    active = Run.objects.filter(id__in=ids, status__in=ACTIVE)
    return active.values_list("id", flat=True).first() or ""


def _start(firing: Firing, action: dict[str, Any], moment: datetime) -> None:
    what = "Actor task" if action["type"] == actions.RUN_TASK else "Actor"
    try:
        with transaction.atomic("platform"):
            run = actions.start(firing.schedule, action, firing.scheduled_at)
    except OperationalError:
        raise  # of the database, which is asked again
    except Exception as problem:
        reason = problem.message if isinstance(problem, ApiError) else "unexpected error"
        if not isinstance(problem, ApiError):
            log.exception("Schedule %s could not start its run", firing.schedule_id)
        message = f"Cannot start {what} {action['target']}: {reason}"
        _write(firing, moment, "FAILED", "ERROR", message)
        return
    late = (moment - firing.scheduled_at).total_seconds()
    said = f", {late:.0f} s late" if late > 1 else ""
    firing.run_id = run.id
    message = f"Schedule invoked: run {run.id} of {what} {action['target']} started{said}"
    _write(firing, moment, "STARTED", "INFO", message)
    Schedule.objects.filter(id=firing.schedule_id).update(last_run_at=moment)


def _write(firing: Firing, moment: datetime, state: str, level: str, message: str) -> None:
    firing.settle(moment, state, level, message).save(
        update_fields=["state", "level", "message", "created_at", "run_id"]
    )
