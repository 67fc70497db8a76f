"""Retention: rule 275, and 152 and 228 for unnamed storages."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from apps.platform.clock import retention
from apps.platform.domain.errors import ApiError
from apps.platform.engine import builds, run_start, runs
from apps.platform.models import (
    Actor,
    Build,
    Dataset,
    Firing,
    KeyValueStore,
    Record,
    RequestQueue,
    Run,
    Task,
    User,
)
from apps.platform.storage import blobs, logs, orphans, records, stores
from tests.platform.clock.conftest import NOON, Make, build_of

pytestmark = pytest.mark.django_db(databases=["default", "platform"], transaction=True)
DAY = timedelta(days=1)
OLD = NOON - 31 * DAY
KINDS = (Dataset, KeyValueStore, RequestQueue)


def run_of(actor: Actor, when: datetime, status: str = "SUCCEEDED") -> Run:
    run = run_start.create_run(
        actor=actor,
        identity_user_id=actor.user_id,
        build_ref=None,
        timeout_secs=None,
        memory_mbytes=128,
        max_items=None,
        input_body=b'{"a":1}',
        input_content_type="application/json",
        meta={},
    )
    ended = None if status == "RUNNING" else when
    Run.objects.filter(id=run.id).update(started_at=when, finished_at=ended, status=status)
    for kind in KINDS:
        kind._default_manager.filter(act_run_id=run.id).update(created_at=when, accessed_at=when)
    log = logs.LogWriter(run.id)
    log.append(b"line\n")
    log.close()
    return run


def sweep(moment: datetime = NOON) -> None:
    while retention.sweep(moment):
        pass


def left(kind: Any = Run) -> set[str]:
    return set(kind._default_manager.values_list("id", flat=True))


def files(home: Path) -> set[str]:
    return {path.name for path in home.glob("platform/**/*") if path.is_file()}


def test_rule_275_the_ten_newest_runs_stay(actor: Actor, tmp_path: Path) -> None:
    old = [run_of(actor, OLD - n * DAY, ["SUCCEEDED", "FAILED"][n % 2]) for n in range(14)]
    kept = {run.id for run in old[:10]}
    sweep()
    assert left() == kept
    for kind in KINDS:
        assert len(left(kind)) == 10
    stored = {record.file for record in Record.objects.all()}
    assert files(tmp_path) == stored | {f"{0:020d}"}
    assert {path.name for path in (tmp_path / "platform/logs").glob("*/*")} == kept


def test_rule_275_a_run_goes_when_its_days_are_over(user: User, actor: Actor) -> None:
    newer = {run_of(actor, NOON).id for _ in range(10)}
    fresh, over = run_of(actor, NOON - 29 * DAY).id, run_of(actor, OLD).id
    sweep()
    assert left() == {*newer, fresh}
    assert over not in left()
    user.limits = {"dataRetentionDays": 7}
    user.save()
    sweep()
    assert left() == newer


def test_rule_275_runs_under_way_and_named_storages_stay(actor: Actor) -> None:
    active = [run_of(actor, OLD, status) for status in ("RUNNING", "READY", "ABORTING")]
    named = run_of(actor, OLD)
    Dataset.objects.filter(id=named.dataset_id).update(name="precious")
    for _ in range(10):
        run_of(actor, NOON)
    sweep()
    assert {run.id for run in active} <= left()
    assert named.id not in left()
    assert named.dataset_id in left(Dataset)
    assert named.key_value_store_id not in left(KeyValueStore)
    assert {run.key_value_store_id for run in active} <= left(KeyValueStore)


def test_a_run_that_starts_again_meanwhile_stays(actor: Actor) -> None:
    run = run_of(actor, OLD)
    stale = Run.objects.get(id=run.id)
    Run.objects.filter(id=run.id).update(status="READY")
    with pytest.raises(ApiError):
        runs.delete_run(stale)
    assert left() == {run.id}
    assert len(left(KeyValueStore)) == 1


@pytest.mark.parametrize("kind", stores.KINDS)
def test_rules_152_228_unnamed_storages_go_when_nobody_uses_them(user: User, kind: str) -> None:
    old = {"created_at": OLD, "accessed_at": OLD}
    named = stores.create(kind, user.id, name="named", **old)
    used = stores.create(kind, user.id, created_at=OLD, accessed_at=NOON - DAY)
    gone = stores.create(kind, user.id, **old)
    sweep()
    assert left(stores.KINDS[kind]) == {named.id, used.id}
    assert gone.id not in {named.id, used.id}


def test_rule_275_the_bytes_of_an_unnamed_store_go_too(user: User, tmp_path: Path) -> None:
    store = stores.create("keyValueStore", user.id)
    records.put(store.id, "key", b"value", content_type="text/plain")
    KeyValueStore.objects.update(created_at=OLD, accessed_at=OLD)
    assert files(tmp_path)
    sweep()
    assert (files(tmp_path), left(KeyValueStore)) == (set(), set())


def test_rule_275_untagged_builds_go(user: User, actor: Actor, schedule_of: Make) -> None:
    numbers = ["0.0.2", "0.0.3", "0.0.4", "0.0.5", "0.0.6"]
    tagged, of_task, of_schedule, of_run, free = (build_of(actor, each) for each in numbers)
    latest = Build.objects.get(build_number="0.0.1")
    actor.tagged_builds |= {"beta": {"buildId": tagged.id}}
    actor.save()
    Task.objects.create(user=user, actor=actor, name="pins", options={"build": "0.0.3"})
    action = {"type": "RUN_ACTOR", "target": actor.id, "options": {"build": "0.0.4"}}
    schedule_of(actions=[action], next_run_at=None)
    Run.objects.filter(id=run_of(actor, NOON).id).update(build_id=of_run.id)
    failed = build_of(actor, "0.0.7")
    Build.objects.filter(id=failed.id).update(status="FAILED")
    going = build_of(actor, "0.0.8")
    Build.objects.update(started_at=OLD, finished_at=OLD)
    Build.objects.filter(id=going.id).update(status="RUNNING", finished_at=None)
    new = build_of(actor, "0.0.9")
    folder = builds.folder_of(free.id)
    folder.mkdir(parents=True)
    sweep()
    assert left(Build) == {
        each.id for each in (latest, tagged, of_task, of_schedule, of_run, going, new)
    }
    assert not folder.exists()


def test_many_go_in_batches(actor: Actor) -> None:
    for n in range(25):
        run_of(actor, OLD - n * DAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retention, "BATCH", 4)
        assert retention.sweep(NOON) == 4
        sweep()
    assert Run.objects.count() == 10


def test_rule_254_old_firings_go_but_those_of_a_day(schedule_of: Make) -> None:
    schedule, other = schedule_of(), schedule_of()
    for each, first in ((schedule, NOON - 3 * DAY), (other, NOON - timedelta(hours=20))):
        Firing.objects.bulk_create(
            Firing(schedule=each, scheduled_at=first + timedelta(seconds=10 * n), state="STARTED")
            for n in range(1200)
        )
    sweep()
    assert Firing.objects.filter(schedule=schedule).count() == 1000
    assert Firing.objects.filter(schedule=other).count() == 1200


def test_bytes_without_a_row_go_after_a_day(actor: Actor) -> None:
    run = run_of(actor, NOON)
    lost = ("records", "x" * 17), ("logs", "yy", "y" * 17), ("builds", "z" * 17)
    strangers = ("records", "somebody's"), ("builds", "a" * 17)
    for names in (*lost, *strangers):
        blobs.folder(*names).mkdir(parents=True)
    Build.objects.create(id="a" * 17, actor=actor, user_id=actor.user_id, build_number="1.0.1")
    for path in blobs.folder().glob("**/*"):
        os.utime(path, (0, 0))
    young = blobs.folder("records", "n" * 17)
    young.mkdir()
    moment = datetime.fromtimestamp(young.stat().st_mtime, NOON.tzinfo)
    assert orphans.clear(moment) == 3
    assert not any(blobs.folder(*names).exists() for names in lost)
    assert all(blobs.folder(*names).exists() for names in strangers)
    assert young.exists()
    assert logs.size(run.id) == 5
    assert blobs.folder("records", run.key_value_store_id).exists()


def test_files_of_records_that_no_row_names_go(actor: Actor) -> None:
    run = run_of(actor, NOON)
    store = run.key_value_store_id
    [kept] = Record.objects.filter(store_id=store).values_list("file", flat=True)
    lost, young = records.path_of(store, "l" * 17), records.path_of(store, "y" * 17)
    for path in (records.path_of(store, kept), lost):
        path.touch()
        os.utime(path, (NOON.timestamp() - 90_000,) * 2)
    young.touch()
    os.utime(young, (NOON.timestamp() - 80_000,) * 2)
    assert orphans.clear(NOON) == 1
    assert [records.path_of(store, kept).exists(), lost.exists(), young.exists()] == [
        True,
        False,
        True,
    ]
