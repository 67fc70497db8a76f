"""Firings settled: started, failed, skipped or missed, each with its line in the log (rule 255).

The row changes in the same transaction in which the run is made. Whoever comes second, in this
process or another, finds it settled.
"""

import logging
from datetime import datetime
from typing import Any

from django.db import OperationalError, connections, transaction

from apps.platform.clock import mail
from apps.platform.domain.cron import ON_TIME
from apps.platform.domain.errors import ApiError
from apps.platform.domain.statuses import ACTIVE
from apps.platform.engine import actions
from apps.platform.engine.run_start import Batch
from apps.platform.models import Firing, Run, Schedule
from apps.platform.storage import rows

TOGETHER = 25  # in one transaction of SQLite, where a commit costs more than a run
LOOKED_BACK = 100
log = logging.getLogger(__name__)


def settle_some(moment: datetime) -> int:
    """How many were settled; 0 when none is waiting."""
    alone = connections["platform"].vendor != "sqlite"  # where two may wait for one another's rows
    with transaction.atomic("platform"):
        waiting = Firing.objects.select_for_update(of=("self",), skip_locked=True)
        waiting = waiting.select_related("schedule").filter(state="WAITING")
        found = list(waiting.order_by("scheduled_at", "id")[: 1 if alone else TOGETHER])
        batch = Batch()
        for firing in found:
            _settle(firing, moment, batch)
        _write(found, moment)
        mail.tell(found)
        batch.close()
    return len(found)


def _settle(firing: Firing, moment: datetime, batch: Batch) -> None:
    """Changes the object, which the caller writes."""
    schedule = firing.schedule
    action = next((each for each in schedule.actions if each["id"] == firing.action_id), None)
    late = moment - firing.scheduled_at
    if late > ON_TIME:
        firing.settle(moment, "MISSED", "WARN", f"Missed, {int(late.total_seconds())} s late")
    elif not schedule.is_enabled:
        firing.settle(moment, "SKIPPED", "INFO", "Skipped: the schedule was disabled meanwhile")
    elif action is None:
        firing.settle(moment, "SKIPPED", "INFO", "Skipped: the action was removed meanwhile")
    elif schedule.is_exclusive and (going := _still_going(firing)):
        message = f"Skipped: run {going} of the time before is still going on"
        firing.settle(moment, "SKIPPED", "WARN", message)
    else:
        _start(firing, action, moment, batch)


def _still_going(firing: Firing) -> str:
    """The id of a run that this action has started and that has not ended (rule 252)."""
    same = Firing.objects.filter(schedule_id=firing.schedule_id, action_id=firing.action_id)
    started = same.filter(state="STARTED").order_by("-scheduled_at")
    ids = list(started.values_list("run_id", flat=True)[:LOOKED_BACK])
    active = Run.objects.filter(id__in=ids, status__in=ACTIVE)
    return active.values_list("id", flat=True).first() or ""


def _start(firing: Firing, action: dict[str, Any], moment: datetime, batch: Batch) -> None:
    what = "Actor task" if action["type"] == actions.RUN_TASK else "Actor"
    try:
        with transaction.atomic("platform"):
            run = actions.start(firing.schedule, action, firing.scheduled_at, batch)
    except OperationalError:
        raise  # of the database, which is asked again
    except Exception as problem:
        reason = problem.message if isinstance(problem, ApiError) else "unexpected error"
        if not isinstance(problem, ApiError):
            log.exception("Schedule %s could not start its run", firing.schedule_id)
        message = f"Cannot start {what} {action['target']}: {reason}"
        firing.settle(moment, "FAILED", "ERROR", message)
        return
    late = (moment - firing.scheduled_at).total_seconds()
    said = f", {late:.0f} s late" if late > 1 else ""
    firing.run_id = run.id
    message = f"Schedule invoked: run {run.id} of {what} {action['target']} started{said}"
    firing.settle(moment, "STARTED", "INFO", message)


def _write(found: list[Firing], moment: datetime) -> None:
    at = connections["platform"].ops.adapt_datetimefield_value(moment)
    rows.execute(
        "UPDATE firing SET state = %s, level = %s, message = %s, created_at = %s, run_id = %s"
        " WHERE id = %s",
        *((each.state, each.level, each.message, at, each.run_id, each.id) for each in found),
    )
    started = [each.schedule_id for each in found if each.run_id]
    Schedule.objects.filter(id__in=started).update(last_run_at=moment)
