"""Retention (semantics.md rules 149-152, 228, 275): the ten newest runs of an account stay, older
ones, unnamed storages, untagged builds and dispatches go after the account's `dataRetentionDays`.

In small batches, by the same functions as the API's deletions; each looks again under a lock
whether the thing may go. Two of these at once do no harm.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, OuterRef

from apps.platform.clock.rounds import Rounds
from apps.platform.domain import limits
from apps.platform.domain.clock import now
from apps.platform.domain.errors import ApiError
from apps.platform.domain.statuses import TERMINAL
from apps.platform.engine import actions, builds, runs
from apps.platform.models import (
    Actor,
    Build,
    Firing,
    Run,
    Schedule,
    Task,
    User,
    Webhook,
    WebhookDispatch,
)
from apps.platform.storage import orphans, stores

BATCH = 50  # of a kind and an account
EVERY = 600.0  # seconds
SOON = 1.0  # while there is more
KEPT_RUNS = 10
KEPT_FIRINGS = 1000  # of a schedule, and all of a day: they keep times from firing twice
A_DAY = timedelta(hours=25)
ORPHANS = timedelta(days=1)


class Retention:
    def __init__(self) -> None:
        self._looked_for_orphans: datetime | None = None

    def tick(self) -> float:
        moment = now()
        if self._looked_for_orphans is None or moment - self._looked_for_orphans > ORPHANS:
            orphans.clear(moment)
            self._looked_for_orphans = moment
        return SOON if sweep(moment) else EVERY


def sweep(moment: datetime) -> int:
    """How much was deleted; 0 when nothing is left to delete."""
    gone = _firings(moment)
    for user in User.objects.all():
        before = moment - timedelta(days=limits.of(user.limits)["dataRetentionDays"])
        gone += _runs(user.id, before) + _storages(user.id, before) + _builds(user.id, before)
        gone += _dispatches(user.id, before)
    return gone


def _runs(user_id: str, before: datetime) -> int:
    mine = Run.objects.filter(user_id=user_id)
    kept = list(mine.order_by("-started_at", "-id").values_list("id", flat=True)[:KEPT_RUNS])
    old = mine.filter(started_at__lt=before, finished_at__lt=before, status__in=TERMINAL)
    gone = 0
    for run in old.exclude(id__in=kept).order_by("started_at", "id")[:BATCH]:
        with suppress(ApiError):  # started again or deleted meanwhile
            runs.delete_run(run)
            gone += 1
    return gone


def _storages(user_id: str, before: datetime) -> int:
    """Those of a run that is still there go with it."""
    of_run = Exists(Run.objects.filter(id=OuterRef("act_run_id")))
    gone = 0
    for kind in stores.KINDS.values():
        rows = kind._default_manager.filter(
            user_id=user_id, name__isnull=True, created_at__lt=before, accessed_at__lt=before
        )
        for store_id in rows.exclude(of_run).values_list("id", flat=True)[:BATCH]:
            with transaction.atomic("platform"):
                row = rows.select_for_update().filter(id=store_id).first()
                if row is not None:  # neither named nor used meanwhile
                    stores.delete(row)
                    gone += 1
    return gone


def _builds(user_id: str, before: datetime) -> int:
    """Those that no tag, run, task or schedule names."""
    of_run = Exists(Run.objects.filter(build_id=OuterRef("id")))
    mine = Build.objects.filter(actor__user_id=user_id, status__in=TERMINAL)
    old = mine.filter(started_at__lt=before, finished_at__lt=before).exclude(of_run)
    found = list(old.order_by("started_at", "id").values_list("id", "actor_id", "build_number"))
    pinned = _pinned() if found else set()
    gone = 0
    for build_id, actor_id, number in found:
        if gone == BATCH:
            break
        if (actor_id, number) in pinned:
            continue
        with suppress(ApiError, Build.DoesNotExist), transaction.atomic("platform"):
            actor = Actor.objects.select_for_update().get(id=actor_id)
            if build_id not in {tagged["buildId"] for tagged in actor.tagged_builds.values()}:
                builds.delete_build(Build.objects.select_related("actor").get(id=build_id))
                gone += 1
    return gone


def _pinned() -> set[tuple[str, str]]:
    """(Actor, build number) that tasks and schedules start with."""
    found = set(Task.objects.values_list("actor_id", "options__build"))
    for each in Schedule.objects.values_list("actions", flat=True):
        for action in each:
            target = action["target"]
            if action["type"] == actions.RUN_TASK:
                task = Task.objects.filter(id=target)
                target = task.values_list("actor_id", flat=True).first() or ""
            found.add((target, action["options"].get("build")))
    return {(actor_id, number) for actor_id, number in found if number}


def _dispatches(user_id: str, before: datetime) -> int:
    """Those that are over, and ad-hoc webhooks whose run is gone when nothing is left to send."""
    old = WebhookDispatch.objects.filter(user_id=user_id, finished_at__lt=before)
    ids = list(old.order_by("created_at").values_list("id", flat=True)[:BATCH])
    WebhookDispatch.objects.filter(id__in=ids).delete()
    of_run = Exists(Run.objects.filter(id=OuterRef("run_id")))
    told = Exists(WebhookDispatch.objects.filter(webhook=OuterRef("id")))
    idle = Webhook.objects.filter(user_id=user_id, is_ad_hoc=True, created_at__lt=before)
    hooks = list(idle.exclude(of_run).exclude(told).values_list("id", flat=True)[:BATCH])
    Webhook.objects.filter(id__in=hooks).delete()
    return len(ids) + len(hooks)


def _firings(moment: datetime) -> int:
    many = Firing.objects.values("schedule_id").annotate(count=Count("id"))
    gone = 0
    for schedule_id in many.filter(count__gt=KEPT_FIRINGS).values_list("schedule_id", flat=True):
        rows = Firing.objects.filter(schedule_id=schedule_id).order_by("-scheduled_at", "-id")
        last = rows.values_list("scheduled_at", flat=True)[KEPT_FIRINGS - 1]
        old = rows.filter(scheduled_at__lt=min(last, moment - A_DAY)).exclude(state="WAITING")
        ids = list(old.values_list("id", flat=True)[:KEPT_FIRINGS])
        gone += Firing.objects.filter(id__in=ids).delete()[0]
    return gone


rounds = Rounds("retention", Retention().tick)
