"""Follows what runs: one list call per workspace and look, changes told on Redis.

A workspace is looked at when a person's operation is on or someone's page is open; each look holds
the workspace for a while, so that two schedulers cannot double it, and says when the next is due.
"""

import logging
from datetime import timedelta
from http import HTTPStatus

from celery import shared_task
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from redis import Redis, RedisError

from apps.operations.models import Intent
from apps.operations.news import News, redis
from console.api.errors import ApiError, Refused
from console.api.models.builds import BuildSummary
from console.api.models.runs import RunSummary
from console.api.resources import builds, runs
from console.http import Api, api_for
from console.intents import LOST_AFTER, look_up
from console.outcomes import DONE, SENT, UNKNOWN
from console.request import Workspace

logger = logging.getLogger(__name__)

NEWEST = 100
STRAYS = 5  # open operations beyond the newest runs, asked for one by one in a look
LOOK_SECONDS = 10.0
ACTIVE_PAUSE, WATCHED_PAUSE, LONGEST_PAUSE = 0.9, 1.5, 60.0
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


def workspaces() -> list[Workspace]:
    found: list[Workspace] = import_string(settings.WORKSPACES)()
    return found


def follow_workspace(connection: Redis, workspace: Workspace) -> None:
    news = News(connection, workspace.id)
    open_ones = open_intents(workspace.id)
    if not open_ones and not news.is_watched():
        return
    if not news.take_turn(LOOK_SECONDS + 5):
        return
    try:
        on = look(api_for(workspace.api_url, workspace.token), news, open_ones)
    except ApiError as problem:
        news.next_in(min(LONGEST_PAUSE, 2.0 ** news.failed()))
        logger.info("A look at workspace %s failed: %s", workspace.id, problem)
        return
    news.went_well()
    news.next_in(ACTIVE_PAUSE if on or open_ones else WATCHED_PAUSE)


def open_intents(workspace_id: int) -> list[Intent]:
    """Those that go on, are looked for, or whose sender vanished before the answer came."""
    lost = timezone.now() - timedelta(seconds=LOST_AFTER)
    open_now = Q(state=DONE) | Q(state=UNKNOWN) | Q(state=SENT, sent_at__lt=lost)
    return list(Intent.objects.filter(open_now, workspace_id=workspace_id, is_over=False))


def look(api: Api, news: News, open_ones: list[Intent]) -> bool:
    """Tells what changed since the last look; true while something runs."""
    listed: list[Seen] = list(api.run(runs.list_runs(limit=NEWEST)).items)
    if any(intent.object_kind == "build" for intent in open_ones):
        listed += api.run(builds.list_builds(limit=NEWEST)).items
    news.tell_changes(listed)
    by_id = {each.id: each for each in listed}
    strays = STRAYS
    for intent in open_ones:
        if intent.state != DONE:
            look_up(api, intent)
            news.tell_operation(intent)
            continue
        now = by_id.get(intent.object_id)
        if now is None and strays:
            strays -= 1
            now = ask_one(api, intent)
        if now is not None:
            update(news, intent, now)
    return any(not each.is_terminal for each in listed)


def ask_one(api: Api, intent: Intent) -> Seen | None:
    try:
        if intent.object_kind == "build":
            return api.run(builds.get_build(intent.object_id))
        return api.run(runs.get_run(intent.object_id))
    except Refused as problem:
        if problem.status != HTTPStatus.NOT_FOUND:
            raise
        intent.is_over = True
        intent.save(update_fields=["is_over", "changed_at"])
        return None


def update(news: News, intent: Intent, now: Seen) -> None:
    if now.status == intent.status:
        return
    intent.status = now.status
    intent.sentence = now.status_message or "" if isinstance(now, RunSummary) else ""
    intent.is_over = now.is_terminal
    intent.is_seen = intent.is_seen and not now.is_terminal
    intent.save(update_fields=["status", "sentence", "is_over", "is_seen", "changed_at"])
    news.tell_operation(intent)
