"""Rows of work in one process: claims, fences, and what is asked while nobody looks."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.platform.domain.clock import now
from apps.platform.engine import build_life, leases, run_end
from apps.platform.models import Actor, Build, Run, User

pytestmark = pytest.mark.django_db(databases=["default", "platform"], transaction=True)
HELD = timedelta(seconds=30)
Make = Callable[..., Any]


@pytest.fixture
def make_build() -> Make:
    def make(**values: Any) -> Build:
        user = User.objects.create(username=f"user{User.objects.count()}")
        actor = Actor.objects.create(user=user, name="actor")
        options = {"memoryMbytes": 128, "timeoutSecs": 60, "diskMbytes": 256}
        found = {"version_number": "0.1", "build_number": "0.1.1", "options": options} | values
        return Build.objects.create(user_id=user.id, actor=actor, **found)

    return make


def dead_owner() -> str:
    """The name of a runner that has ended."""
    code = "from apps.platform.engine import leases; print(leases.new_owner())"
    prelude = "import os, django; os.environ['DJANGO_SETTINGS_MODULE']='console.settings';"
    done = subprocess.run(
        [sys.executable, "-c", f"{prelude} django.setup(); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_row_is_claimed_once(make_build: Make) -> None:
    build = make_build()
    first = leases.claim(Build, build.id, "one")
    assert first is not None
    assert (first.fence, first.attempt) == (1, 1)
    assert leases.claim(Build, build.id, "two") is None
    assert not leases.waiting(Build).exists()


def test_a_lease_that_is_over_or_was_never_written_is_free(make_build: Make) -> None:
    over = make_build(status="RUNNING", owner="gone", lease_until=now() - HELD)
    never = make_build(status="RUNNING", owner="gone")
    assert [row.id for row in leases.waiting(Build)] == [over.id, never.id]


def test_a_stale_fence_writes_nothing(make_build: Make) -> None:
    build = make_build()
    first: Any = leases.claim(Build, build.id, "one")
    assert leases.release(first)
    second: Any = leases.claim(Build, build.id, "two")
    assert not leases.write(first, status="FAILED")
    assert leases.write(second, status="RUNNING")
    assert Build.objects.get(id=build.id).status == "RUNNING"


def test_the_dead_hold_nothing(make_build: Make) -> None:
    left = make_build(status="RUNNING", owner=dead_owner(), lease_until=now() + HELD)
    mine = make_build(status="RUNNING", owner=leases.new_owner(), lease_until=now() + HELD)
    elsewhere = make_build(status="RUNNING", owner="other:1:aa", lease_until=now() + HELD)
    leases.free_those_of_the_dead(Build)
    assert [row.id for row in leases.waiting(Build)] == [left.id]
    assert {mine.id, elsewhere.id} == set(
        Build.objects.filter(lease_until__isnull=False).values_list("id", flat=True)
    )


async def test_rule_83_an_abort_between_claim_and_start_counts(make_build: Make) -> None:
    from asgiref.sync import sync_to_async

    build = await sync_to_async(make_build)(owner="me", lease_until=now() + HELD)
    asked = Build.objects.filter(id=build.id).update
    await sync_to_async(asked)(status="ABORTING", asked="abort")
    await build_life.Life(build).live()
    ended = await sync_to_async(Build.objects.get)(id=build.id)
    assert (ended.status, ended.owner) == ("ABORTED", "")


async def test_rule_83_an_abort_while_the_runner_stops_counts(make_build: Make) -> None:
    from asgiref.sync import sync_to_async

    build = await sync_to_async(make_build)(status="RUNNING", owner="me", lease_until=now() + HELD)
    life = build_life.Life(build)
    life.stop("shutdown")
    asked = Build.objects.filter(id=build.id).update
    await sync_to_async(asked)(status="ABORTING", asked="abort")
    await sync_to_async(life._finish)("stopped")
    left = await sync_to_async(Build.objects.get)(id=build.id)
    assert (left.status, left.owner, left.lease_until) == ("ABORTING", "", None)


def test_a_run_that_is_given_back_keeps_an_abort(make_build: Make) -> None:
    build = make_build()
    run = Run.objects.create(
        user_id=build.user_id, actor=build.actor, build_id=build.id, status="RUNNING", owner="me"
    )
    Run.objects.filter(id=run.id).update(status="ABORTING", asked="abort")
    run_end.give_back(run, {"restartCount": 1})
    left = Run.objects.get(id=run.id)
    assert (left.status, left.owner) == ("ABORTING", "")
    Run.objects.filter(id=run.id).update(status="RUNNING", asked="")
    run_end.give_back(run, {"restartCount": 1})
    left = Run.objects.get(id=run.id)
    assert (left.status, left.stats) == ("READY", {"restartCount": 2, "migrationCount": 1})
