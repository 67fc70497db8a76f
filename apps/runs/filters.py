"""What the list of runs is asked for. Everything here is answered by the API, nothing by looking
through one page of the list: it knows statuses, the Actor and when a run started."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from django import forms
from django.http import QueryDict
from django.utils import timezone

from console.api.calls import Call
from console.api.models.base import Page
from console.api.models.runs import STATUSES, RunSummary
from console.api.resources.runs import list_actor_runs, list_runs

VIEWS = (
    ("All runs", ()),
    ("On now", ("READY", "RUNNING", "TIMING-OUT", "ABORTING")),
    ("Needs attention", ("FAILED", "TIMED-OUT")),
)
HOURS = {"hour": 1, "day": 24, "week": 7 * 24, "month": 30 * 24}
STARTED = (
    ("", "Any time"),
    ("hour", "Last hour"),
    ("day", "Last 24 hours"),
    ("today", "Today"),
    ("yesterday", "Yesterday"),
    ("week", "Last 7 days"),
    ("month", "Last 30 days"),
)
LOCAL = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]  # in the person's zone
DATES = ("after", "before")


class Typed(forms.Form):
    q = forms.RegexField(r"^[A-Za-z0-9_-]{1,64}$", required=False)
    actor = forms.RegexField(r"^[A-Za-z0-9_-]{1,64}$", required=False)
    started = forms.ChoiceField(choices=STARTED, required=False)
    after = forms.DateTimeField(required=False, input_formats=LOCAL)
    before = forms.DateTimeField(required=False, input_formats=LOCAL)


@dataclass(frozen=True)
class Wanted:
    """`after` and `before` are the bounds of the start, whichever way they were chosen."""

    run_id: str = ""
    statuses: tuple[str, ...] = ()
    actor: str = ""
    started: str = ""
    after: datetime | None = None
    before: datetime | None = None

    @property
    def is_any(self) -> bool:
        return self == Wanted()

    def call(self, *, offset: int, limit: int, desc: bool) -> Call[Page[RunSummary]]:
        status = ",".join(self.statuses) or None
        after, before = stamp(self.after), stamp(self.before)
        listing = partial(list_actor_runs, self.actor) if self.actor else list_runs
        return listing(
            offset=offset,
            limit=limit,
            desc=desc,
            status=status,
            started_after=after,
            started_before=before,
        )

    def holds(self, run: RunSummary) -> bool:
        """An API that does not know a filter ignores it, and then some run does not fit."""
        began = run.started_at
        return (
            self.run_id in {"", run.id}
            and (not self.statuses or run.status in self.statuses)
            and (self.after is None or began is None or began >= self.after)
            and (self.before is None or began is None or began <= self.before)
        )


def read(query: QueryDict) -> tuple[Wanted, tuple[str, ...]]:
    """What cannot be understood is no filter; dates that are none are named, to be told of."""
    if not query:
        return Wanted(), ()
    typed = Typed(query)
    typed.is_valid()
    given = typed.cleaned_data
    started = given.get("started", "")
    after, before = span(started, timezone.localtime())
    wanted = Wanted(
        run_id=given.get("q", ""),
        statuses=known(query.getlist("status")),
        actor=given.get("actor", ""),
        started=started,
        after=given.get("after") or after,
        before=given.get("before") or before,
    )
    return wanted, tuple(name for name in DATES if name in typed.errors)


def known(given: Iterable[str]) -> tuple[str, ...]:
    """Both spellings, `status=A&status=B` of boxes and `status=A,B` of links, in our order."""
    words = {word for text in given for word in text.split(",")}
    return tuple(status for status in STATUSES if status in words)


def span(started: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    """`now` carries the person's zone, by whose midnight a day begins."""
    if started in HOURS:
        return now - timedelta(hours=HOURS[started]), None
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if started == "today":
        return today, None
    if started == "yesterday":
        return today - timedelta(days=1), today - timedelta(milliseconds=1)
    return None, None


def stamp(value: datetime | None) -> str | None:
    if value is None:
        return None
    plain = value.astimezone(UTC).replace(tzinfo=None)
    return f"{plain.isoformat(timespec='milliseconds')}Z"
