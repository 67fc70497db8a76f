"""A click becomes an intent: recorded first, then sent, and never sent twice by itself.

`run_once` is what views call. The same key gives the first answer, also when twenty requests with
it come at once. When an answer is lost, what it started is looked up by the mark that the request
carried in its User-Agent; if that finds nothing, the person decides.
"""

import secrets
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone

from console.api.calls import Call
from console.api.errors import ApiError, TooSlow
from console.api.models.runs import TERMINAL
from console.http import Api
from console.lookups import ASK_AFTER, find
from console.outcomes import ASKED, DONE, FAILED, SENT, UNKNOWN, VERBS, Outcome, outcome
from console.request import ConsoleRequest

LONGEST_KEY = 64
WAIT_SECONDS = 12.0
WAIT_STEP = 0.02
LOST_AFTER = 15.0  # seconds: whoever sent it has given up or is gone


class Tracked(Protocol):
    """A run or a build."""

    @property
    def id(self) -> str: ...
    @property
    def status(self) -> str: ...


def run_once(
    request: ConsoleRequest,
    *,
    kind: str,
    key: str,
    call: Call[Any],
    subject: str,
    target_id: str,
) -> Outcome:
    """Sends `call`, whose answer is a run or build, once for `key`.

    `kind` is one of VERBS, `target_id` the Actor that starts or the run or build acted upon,
    `subject` its name for people. Raises `ApiError` when the API certainly did nothing; the same
    key may then be sent again. A key that no form of ours made gets one of its own.
    """
    if not key or len(key) > LONGEST_KEY:
        key = secrets.token_urlsafe(16)
    fields = {
        "workspace_id": request.workspace.id,
        "kind": kind,
        "subject": subject[:200],
        "target_id": target_id,
        "mark": f"intent/{secrets.token_hex(8)}",
        "options": dict(call.params),
        "sent_at": timezone.now(),
        "object_kind": kind.partition(".")[0],
    }
    intent, is_mine = _claim({"user_id": request.user.pk, "key": key}, fields)
    if not is_mine:
        return outcome(_settled(intent))
    return outcome(_send(request.api, intent, call))


def started_here(request: ConsoleRequest, object_id: str) -> bool:
    """Whether this person started the run or build through the Console."""
    return bool(
        _intents()
        .filter(
            user_id=request.user.pk,
            workspace_id=request.workspace.id,
            object_id=object_id,
            kind__in=["run.start", "run.resurrect", "build.start"],
        )
        .exists()
    )


def look_up(api: Api, intent: Any) -> Any:
    """Looks for what a lost answer started; asks the person when time is up. Never sends again."""
    try:
        found = find(api, intent, known=_known_ids(intent))
    except ApiError:
        found = None
    if found is not None:
        return _done(intent, found)
    if timezone.now() - intent.sent_at > timedelta(seconds=ASK_AFTER):
        _move(intent, ASKED, sentence=NOT_FOUND.format(VERBS[intent.kind]), is_seen=False)
    return intent


NOT_FOUND = (
    "{} was sent, its answer was lost, and nothing that it made could be found. "
    "It may not have been carried out. Look at the list of runs before you do it again."
)


def _intents() -> Any:
    return apps.get_model("operations", "Intent")._default_manager


def _known_ids(intent: Any) -> set[str]:
    """What is the answer to another intent cannot be the answer to this one."""
    others = _intents().filter(workspace_id=intent.workspace_id, state=DONE)
    return set(
        others.exclude(object_id="").order_by("-id").values_list("object_id", flat=True)[:500]
    )


def _claim(owner: dict[str, Any], fields: dict[str, Any]) -> tuple[Any, bool]:
    """The row and whether this request is the one that sends. A failed one may be sent again."""
    try:
        with transaction.atomic():
            return _intents().create(**owner, **fields), True
    except IntegrityError:
        free = _intents().filter(**owner, state=FAILED)
        taken = free.update(**fields, state=SENT, sentence="", is_over=False)
        return _intents().get(**owner), bool(taken)


def _send(api: Api, intent: Any, call: Call[Any]) -> Any:
    try:
        answer = api.run(call.marked(intent.mark))
    except ApiError as error:
        if not error.maybe_done:
            _move(intent, FAILED, sentence=error.sentence, is_over=True)
            raise
        _move(intent, UNKNOWN, sentence="")
        return intent if isinstance(error, TooSlow) else look_up(api, intent)
    return _done(intent, answer)


def _done(intent: Any, answer: Tracked) -> Any:
    return _move(
        intent,
        DONE,
        object_id=answer.id,
        status=answer.status,
        sentence="",
        is_over=answer.status in TERMINAL,
    )


def _move(intent: Any, state: str, **changes: Any) -> Any:
    intent.state = state
    for name, value in changes.items():
        setattr(intent, name, value)
    intent.save(update_fields=["state", "changed_at", *changes])
    return intent


def _settled(intent: Any, *, sleep: Callable[[float], None] = time.sleep) -> Any:
    """The intent once the request that sends it has an answer, or as it is after a while."""
    until = time.monotonic() + WAIT_SECONDS
    while intent.state == SENT and time.monotonic() < until:
        sleep(WAIT_STEP)
        intent.refresh_from_db()
    return intent
