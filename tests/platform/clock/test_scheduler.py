"""The scheduler, the time being an argument: rules 246-255, faults F-14 and F-15."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from apps.platform.clock import firings, scheduler
from apps.platform.engine import actions, tasks
from apps.platform.models import Actor, Build, Firing, Run, Schedule, Task, User
from apps.platform.storage import records
from tests.platform.clock.conftest import NOON, Make, states

pytestmark = pytest.mark.django_db(databases=["default", "platform"], transaction=True)
MINUTE = timedelta(minutes=1)


def tick(moment: datetime) -> None:
    while scheduler.plan(moment):
        pass
    while firings.settle_some(moment):
        pass


def log(schedule: Schedule) -> list[tuple[str, str]]:
    rows = Firing.objects.filter(schedule=schedule).order_by("scheduled_at", "id")
    return [(row.level, row.message) for row in rows]


def input_of(run: Run) -> bytes:
    record = records.get(run.key_value_store_id, "INPUT")
    assert record
    return records.read(record)


def test_rule_246_nothing_before_its_time(schedule_of: Make) -> None:
    schedule = schedule_of()
    tick(NOON - timedelta(milliseconds=1))
    assert Run.objects.count() == 0
    tick(NOON)
    tick(NOON + timedelta(seconds=30))
    assert states(schedule) == [(NOON, "STARTED")]
    schedule.refresh_from_db()
    assert (schedule.next_run_at, schedule.last_run_at) == (NOON + MINUTE, NOON)


def test_rule_247_a_run_as_the_api_starts_it(user: User, actor: Actor, schedule_of: Make) -> None:
    schedule = schedule_of()
    tick(NOON + timedelta(seconds=2))
    run = Run.objects.get()
    assert run.meta == {
        "origin": "SCHEDULER",
        "scheduleId": schedule.id,
        "scheduledAt": "2026-05-14T12:00:00.000Z",
    }
    assert (run.status, run.user_id, run.actor_id) == ("READY", user.id, actor.id)
    assert run.options["memoryMbytes"] == 128
    assert log(schedule) == [
        ("INFO", f"Schedule invoked: run {run.id} of Actor {actor.id} started, 2 s late")
    ]


def test_rule_248_an_action_overrides_input_and_options(
    user: User, actor: Actor, schedule_of: Make
) -> None:
    Build.objects.update(input_schema={"properties": {"depth": {"type": "integer", "default": 1}}})
    options = {"memoryMbytes": 256, "timeoutSecs": 9}
    task = Task(user=user, actor=actor, name="task", options=options)
    task.sealed_input = tasks.sealed(task, b'{"a":1,"b":1}')
    task.save()
    action: dict[str, Any] = {
        "id": "one",
        "type": "RUN_ACTOR_TASK",
        "target": task.id,
        "sealed": actions.sealed('{"b":2}'),
        "content_type": "application/json",
        "options": {"memoryMbytes": 512},
    }
    other = action | {"id": "two", "type": "RUN_ACTOR", "target": actor.id, "options": {}}
    other |= {"sealed": actions.sealed("text"), "content_type": "text/plain"}
    schedule_of(actions=[action, other])
    tick(NOON)
    of_task = Run.objects.get(task_id=task.id)
    assert input_of(of_task) == b'{"a":1,"b":2,"depth":1}'
    assert (of_task.options["memoryMbytes"], of_task.options["timeoutSecs"]) == (512, 9)
    assert input_of(Run.objects.get(task_id="")) == b"text"
    task.refresh_from_db()
    assert task.total_runs == 1


def test_rule_252_an_exclusive_schedule_waits_for_its_run(schedule_of: Make) -> None:
    schedule, other = schedule_of(is_exclusive=True), schedule_of()
    tick(NOON)
    run = Run.objects.get(id=Firing.objects.get(schedule=schedule).run_id)
    tick(NOON + MINUTE)
    assert states(schedule)[1:] == [(NOON + MINUTE, "SKIPPED")]
    assert log(schedule)[1] == (
        "WARN",
        f"Skipped: run {run.id} of the time before is still going on",
    )
    assert states(other)[1:] == [(NOON + MINUTE, "STARTED")]
    Run.objects.filter(id=run.id).update(status="FAILED")
    tick(NOON + 2 * MINUTE)
    assert states(schedule)[2:] == [(NOON + 2 * MINUTE, "STARTED")]
    schedule.refresh_from_db()
    assert schedule.last_run_at == NOON + 2 * MINUTE


def test_rule_255_what_cannot_start_is_said(user: User, actor: Actor, schedule_of: Make) -> None:
    no_build = schedule_of(actions=[schedule_of().actions[0] | {"options": {"build": "none"}}])
    gone = schedule_of(actions=[no_build.actions[0] | {"target": "no-such-actor"}])
    broken = schedule_of(actions=[schedule_of().actions[0] | {"sealed": "x"}])
    empty = schedule_of(actions=[])
    user.limits = {"maxConcurrentActorJobs": 1}
    user.save()
    tick(NOON)
    assert [level for level, _ in log(no_build) + log(gone) + log(broken)] == ["ERROR"] * 3
    assert "Build 'none' of the Actor clockwork" in log(no_build)[0][1]
    assert "Cannot start Actor no-such-actor" in log(gone)[0][1]
    assert "was encrypted with a key" in log(broken)[0][1]
    assert log(empty) == [("INFO", "Schedule invoked: it has no actions")]
    no_build.refresh_from_db()
    assert (no_build.last_run_at, no_build.next_run_at) == (None, NOON + MINUTE)
    full = schedule_of(next_run_at=NOON + MINUTE)
    tick(NOON + MINUTE)
    assert "At most 1 Actor runs and builds may go on at once" in log(full)[0][1]
    assert Run.objects.count() == 1


def test_disabled_edited_or_deleted_between_planning_and_starting(schedule_of: Make) -> None:
    disabled, edited, deleted = schedule_of(), schedule_of(), schedule_of()
    assert scheduler.plan(NOON) == 3
    Schedule.objects.filter(id=disabled.id).update(is_enabled=False)
    Schedule.objects.filter(id=edited.id).update(actions=[])
    deleted.delete()
    while firings.settle_some(NOON):
        pass
    assert (states(disabled), states(edited)) == ([(NOON, "SKIPPED")], [(NOON, "SKIPPED")])
    assert (Run.objects.count(), Firing.objects.count()) == (0, 2)


def test_a_zone_that_went_away_is_said_and_blocks_nobody(schedule_of: Make) -> None:
    lost, good = schedule_of(timezone="Mars/Base"), schedule_of()
    scheduler.bring_back(NOON - MINUTE)
    tick(NOON)
    assert (states(lost), states(good)) == ([(NOON, "FAILED")], [(NOON, "STARTED")])
    lost.refresh_from_db()
    assert lost.next_run_at is None


@pytest.mark.parametrize(
    ("late", "times"), [(299, "4"), (301, "5"), (3600, "60"), (86_400, "1,000")]
)
def test_f_14_a_clock_that_jumps_ahead_makes_no_storm(
    schedule_of: Make, late: int, times: str
) -> None:
    """One catches up, the others are one line in the log."""
    schedule, daily = schedule_of(), schedule_of(cron_expression="0 12 * * *")
    tick(NOON + timedelta(seconds=late))
    newest = NOON + timedelta(seconds=late // 60 * 60)
    assert states(schedule) == [(NOON, "MISSED"), (newest, "STARTED")]
    assert f"Missed {times} times" in log(schedule)[0][1]
    assert states(daily)[0] == (NOON, "STARTED" if late < 300 else "MISSED")
    assert Run.objects.count() == (1 if 300 < late < 86_400 else 2)


@pytest.mark.parametrize("step", [timedelta(hours=1), timedelta(days=1)])
def test_f_14_a_clock_that_went_ahead_and_back_loses_and_doubles_nothing(
    schedule_of: Make, step: timedelta
) -> None:
    schedule = schedule_of(cron_expression="*/10 * * * *")
    tick(NOON)
    tick(NOON + step)
    scheduler.bring_back(NOON + MINUTE)
    for minutes in range(1, 41):
        tick(NOON + minutes * MINUTE)
    started = [at for at, state in states(schedule) if state == "STARTED"]
    tens = [NOON + 10 * n * MINUTE for n in range(5)]
    assert sorted({*started, NOON + step}) == sorted({*tens, NOON + step})
    assert Run.objects.count() == len(started) == len(set(started))


def test_f_14_a_clock_that_goes_back_repeats_nothing(schedule_of: Make) -> None:
    schedule = schedule_of()
    for minutes in range(4):
        tick(NOON + minutes * MINUTE)
    scheduler.bring_back(NOON)
    for minutes in range(6):
        tick(NOON + minutes * MINUTE)
    assert states(schedule) == [(NOON + n * MINUTE, "STARTED") for n in range(6)]
    assert Run.objects.count() == 6


def test_a_firing_left_behind_is_started_late_or_missed(schedule_of: Make) -> None:
    """The scheduler died between planning and starting."""
    schedule = schedule_of()
    scheduler.plan(NOON)
    while firings.settle_some(NOON + 4 * MINUTE):
        pass
    assert states(schedule) == [(NOON, "STARTED")]
    assert log(schedule)[0][1].endswith("started, 240 s late")
    other = schedule_of()
    scheduler.plan(NOON)
    while firings.settle_some(NOON + 6 * MINUTE):
        pass
    assert states(other) == [(NOON, "MISSED")]


def test_f_15_schedulers_at_once_start_each_firing_once(schedule_of: Make) -> None:
    made = [schedule_of() for _ in range(12)]
    start = threading.Barrier(4)
    trouble: list[Exception] = []

    def work() -> None:
        try:
            for minutes in range(3):
                start.wait(30)
                tick(NOON + minutes * MINUTE)
        except Exception as problem:
            trouble.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not trouble
    for schedule in made:
        assert states(schedule) == [(NOON + n * MINUTE, "STARTED") for n in range(3)]
    assert Run.objects.count() == 36


def test_trouble_in_between_leaves_the_firing_to_the_next(
    schedule_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What fails after the run was made takes the run back with it."""
    schedule = schedule_of()
    scheduler.plan(NOON)
    with monkeypatch.context() as patch:
        patch.setattr(firings, "_write", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            firings.settle_some(NOON)
    assert (states(schedule), Run.objects.count()) == ([(NOON, "WAITING")], 0)
    firings.settle_some(NOON)
    assert (states(schedule), Run.objects.count()) == ([(NOON, "STARTED")], 1)


def test_a_tick_notices_when_the_clock_goes_back(
    schedule_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = NOON
    monkeypatch.setattr(scheduler, "now", lambda: moment)
    ticking = scheduler.Scheduler()
    schedule = schedule_of(cron_expression="0 * * * *")
    assert ticking.tick() == scheduler.LOOK
    moment = NOON + timedelta(hours=5)
    ticking.tick()
    moment = NOON + timedelta(minutes=1)
    ticking.tick()
    schedule.refresh_from_db()
    assert schedule.next_run_at == NOON + timedelta(hours=1)
    moment = NOON + timedelta(minutes=59, seconds=59.9)
    assert 0 < ticking.tick() <= 0.1
