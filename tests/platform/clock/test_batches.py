"""Firings that are settled together: what they share, and what none of them may take along."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections

from apps.platform.clock import firings, scheduler
from apps.platform.engine import doorbell
from apps.platform.models import Actor, Dataset, Firing, Record, Run, User
from apps.platform.storage import blobs, records
from tests.platform.clock.conftest import NOON, Make, states

pytestmark = pytest.mark.django_db(databases=["default", "platform"], transaction=True)


def is_sqlite() -> bool:
    """Where they are settled together; elsewhere each is alone, and can wait for nobody."""
    return connections["platform"].vendor == "sqlite"


def settle(moment: datetime = NOON) -> None:
    calls = 0
    while firings.settle_some(moment):
        calls += 1
    assert not is_sqlite() or calls == 1


def test_each_start_counts_for_the_next(user: User, actor: Actor, schedule_of: Make) -> None:
    """Rule 272 within one transaction: the limits are read once and kept."""
    user.limits = {"maxConcurrentActorJobs": 2}
    user.save()
    made = [schedule_of() for _ in range(4)]
    made.insert(1, schedule_of(actions=[made[0].actions[0] | {"options": {"memoryMbytes": 3}}]))
    scheduler.plan(NOON)
    settle()
    settled = [states(each)[0][1] for each in made]
    assert (settled.count("STARTED"), settled.count("FAILED")) == (2, 3)
    assert settled[1] == "FAILED"
    assert (Run.objects.count(), Dataset.objects.count(), Record.objects.count()) == (2, 2, 2)
    actor.refresh_from_db()
    assert (actor.total_runs, actor.last_run_started_at is not None) == (2, True)


def test_the_doorbell_rings_once_after_the_commit(
    schedule_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    rung: list[set[Any]] = []

    def ring(queue: str, job: str, *run_ids: str) -> None:
        assert (queue, job) == ("runs", "apps.platform.jobs.start_runs")
        assert set(run_ids) <= set(Run.objects.values_list("id", flat=True))
        rung.append(set(run_ids))

    monkeypatch.setattr(doorbell, "ring", ring)
    for _ in range(3):
        schedule_of()
    scheduler.plan(NOON)
    settle()
    assert [len(each) for each in rung] == ([3] if is_sqlite() else [1, 1, 1])
    assert set.union(*rung) == set(Run.objects.values_list("id", flat=True))


def test_inputs_are_on_the_disk_before_the_rows(
    schedule_of: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that cannot take them leaves all firings to the next round."""
    made = [schedule_of() for _ in range(2)]
    scheduler.plan(NOON)
    with monkeypatch.context() as patch:
        patch.setattr(blobs, "_sync", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            firings.settle_some(NOON)
    assert (Run.objects.count(), Record.objects.count()) == (0, 0)
    assert {state for each in made for _, state in states(each)} == {"WAITING"}
    settle(NOON + timedelta(seconds=1))
    assert set(Firing.objects.values_list("state", flat=True)) == {"STARTED"}
    for record in Record.objects.all():
        assert records.read(record) == b"{}"
