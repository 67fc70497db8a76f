"""Finding what a request started whose answer was lost (reliability rule: look, never repeat)."""

from datetime import datetime, timedelta
from typing import Any

from console.api.models.builds import BuildSummary
from console.api.models.runs import RunSummary
from console.api.resources import builds, runs
from console.http import Api

ASK_AFTER = 30.0
CLOCKS_DIFFER = timedelta(seconds=5)
WINDOW = timedelta(seconds=60)
NEWEST = 50
Found = RunSummary | BuildSummary
OPTIONS = {"timeout": "timeout_secs", "memory": "memory_mbytes", "build": "build"}


def find(api: Api, intent: Any, *, known: set[str]) -> Found | None:
    """None when nothing carries the intent's mark; may raise any error of the API.

    `known` holds ids that other intents have made.
    """
    match intent.kind:
        case "run.start":
            listed = api.run(runs.list_actor_runs(intent.target_id, limit=NEWEST)).items
            return marked(listed, intent) or by_options(api, listed, intent, known)
        case "build.start":
            found = api.run(builds.list_actor_builds(intent.target_id, limit=NEWEST)).items
            return marked(found, intent)
        case "build.abort":
            build = api.run(builds.get_build(intent.target_id))
            return build if build.status in ("ABORTING", "ABORTED") or build.is_terminal else None
        case "run.abort":
            run = api.run(runs.get_run(intent.target_id))
            return run if run.status in ("ABORTING", "ABORTED") or run.is_terminal else None
        case _:
            return api.run(runs.get_run(intent.target_id))


def marked(listed: list[RunSummary] | list[BuildSummary], intent: Any) -> Found | None:
    for each in listed:
        if (each.meta.user_agent or "").endswith(intent.mark):
            return each
    return None


def by_options(api: Api, listed: list[RunSummary], intent: Any, known: set[str]) -> Found | None:
    """Only for APIs that do not say the User-Agent: the one run in the time window that has the
    options sent. Two such runs are no answer."""
    near = [
        each
        for each in listed
        if each.meta.user_agent is None
        and each.id not in known
        and is_near(each.started_at, intent.sent_at)
    ]
    fitting = [each for each in near if has_options(api, each, intent.options)]
    return fitting[0] if len(fitting) == 1 else None


def is_near(started: datetime | None, sent: datetime) -> bool:
    return started is not None and sent - CLOCKS_DIFFER <= started <= sent + WINDOW


def has_options(api: Api, each: RunSummary, sent: dict[str, str]) -> bool:
    options = api.run(runs.get_run(each.id)).options
    return all(
        str(getattr(options, field)) == sent[name]
        for name, field in OPTIONS.items()
        if name in sent
    )
