"""Follows what people started or want to be told of: one list call per workspace and look.

A workspace is looked at while an operation of somebody's is on: once a second while one of its
pages is open, more seldom else, and not at all when nothing is on. Each look holds the workspace
for a while, so that two schedulers cannot double it, and says when the next is due.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus

from celery import shared_task
from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from redis import Redis, RedisError

from apps.operations import mails
from apps.operations.models import DUE, WANTED, Intent
from apps.operations.news import LEAST, News, redis
from console.api.errors import ApiError, Refused
from console.api.models.builds import BuildSummary
from console.api.models.runs import RunSummary
from console.api.resources import builds, runs
from console.http import Api, api_for
from console.intents import LOST_AFTER, look_up
from console.outcomes import DONE, SENT, UNKNOWN
from console.request import Workspace

logger = logging.getLogger(__name__)

STRAYS = 5  # open operations beyond the newest runs, asked for one by one in a look
LOOK_SECONDS = 10.0
WATCHED_PAUSE, UNWATCHED_PAUSE = 0.9, 5.0
Seen = RunSummary | BuildSummary


@shared_task(ignore_result=True)
def follow() -> None:
    """One look at every workspace where it is due."""
    try:
        connection = redis()
        for workspace in workspaces():
            follow_workspace(connection, workspace)
    except RedisError as problem:
        logger.warning("Live updates are paused, Redis does not answer: %s", problem)


@shared_task(ignore_result=True)
def send_mails() -> None:
    mails.send_due()


def workspaces() -> list[Workspace]:
    found: list[Workspace] = import_string(settings.WORKSPACES)()
    return found


def follow_workspace(connection: Redis, workspace: Workspace) -> None:
    open_ones = open_intents(workspace.id)
    news = News(connection, workspace.id)
    if not open_ones or not news.take_turn(LOOK_SECONDS + 5):
        return
    try:
        look(api_for(workspace.api_url, workspace.token), news, open_ones)
    except (ApiError, DatabaseError) as problem:
        news.back_off()
        logger.info("A look at workspace %s failed: %s", workspace.id, problem)
        return
    news.went_well()
    news.next_in(WATCHED_PAUSE if news.is_watched() else UNWATCHED_PAUSE)


def open_intents(workspace_id: int) -> list[Intent]:
    """Those that go on, are looked for, or whose sender vanished before the answer came."""
    lost = timezone.now() - timedelta(seconds=LOST_AFTER)
    open_now = Q(state=DONE) | Q(state=UNKNOWN) | Q(state=SENT, sent_at__lt=lost)
    return list(Intent.objects.filter(open_now, workspace_id=workspace_id, is_over=False))


def look(api: Api, news: News, open_ones: list[Intent]) -> None:
    """Writes down and tells what has changed since the last look."""
    followed = [intent for intent in open_ones if intent.state == DONE]
    changed = [look_up(api, intent) for intent in open_ones if intent.state != DONE]
    moved: list[Intent] = []
    strays = STRAYS
    for kind in sorted({intent.object_kind for intent in followed}):
        of_kind = [intent for intent in followed if intent.object_kind == kind]
        found = listed(api, news, kind, {intent.object_id for intent in of_kind})
        for intent in of_kind:
            now = found.get(intent.object_id)
            if now is None and strays:
                strays -= 1
                now = ask_one(api, intent)
            if (now is not None and differs(intent, now)) or intent.is_over:
                moved.append(intent)
    write_down(moved)
    news.tell([*changed, *moved])


def listed(api: Api, news: News, kind: str, wanted: set[str]) -> dict[str, Seen]:
    """The newest runs or builds by id, as deep as the open ones are expected."""
    if kind == "build":
        return {each.id: each for each in api.run(builds.list_builds(limit=LEAST)).items}
    depth = news.depth()
    items: Sequence[Seen] = api.run(runs.list_runs(limit=depth)).items
    places = [place for place, each in enumerate(items) if each.id in wanted]
    found = {each.id: each for each in items}
    missed = bool(wanted - set(found)) and len(items) >= depth
    news.keep_depth(depth, max(places, default=0), missed=missed)
    return found


def ask_one(api: Api, intent: Intent) -> Seen | None:
    try:
        if intent.object_kind == "build":
            return api.run(builds.get_build(intent.object_id))
        return api.run(runs.get_run(intent.object_id))
    except Refused as problem:
        if problem.status != HTTPStatus.NOT_FOUND:
            raise
        intent.is_over = True
        return None


def differs(intent: Intent, now: Seen) -> bool:
    """Whether `now` is news; puts it into `intent`."""
    said = (now.status_message or "") if isinstance(now, RunSummary) else ""
    if (now.status, said) == (intent.status, intent.sentence):
        return False
    intent.status, intent.sentence, intent.is_over = now.status, said, now.is_terminal
    return True


def write_down(moved: list[Intent]) -> None:
    """What a person sets meanwhile (seen, mail) is theirs, so only the end touches it."""
    moment = timezone.now()
    for intent in moved:
        intent.changed_at = moment
    ended = [intent.pk for intent in moved if intent.is_over]
    with transaction.atomic():
        Intent.objects.bulk_update(moved, ["status", "sentence", "is_over", "changed_at"], 200)
        Intent.objects.filter(pk__in=ended).update(is_seen=False)
        Intent.objects.filter(pk__in=ended, mail=WANTED).update(mail=DUE)
