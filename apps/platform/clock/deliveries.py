"""Rows of the outbox as a sender claims, reads and finishes them.

The attempt is written before it is sent: a sender that dies between sending and recording leaves a
call without an end, and the next one sends again with the same dispatch id.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from apps.platform.domain import signatures, templates
from apps.platform.domain.clock import iso, now
from apps.platform.engine import leases, outbox
from apps.platform.engine.outbound import Headers
from apps.platform.models import User, Webhook, WebhookCall, WebhookDispatch

ACTIVE, SUCCEEDED, FAILED = "ACTIVE", "SUCCEEDED", "FAILED"
MOST_ATTEMPTS = 12  # the first and eleven more, after 1, 2, 4 … 1,024 minutes
SUCCESS = range(200, 300)
LOST = "The sender stopped before it could write down how this ended"
AT_ONCE = 200
KEPT_REQUEST = 64 << 10  # bytes, as much as of a response

_free = Q(lease_until__isnull=True)


@dataclass(frozen=True)
class Letter:
    """One attempt, ready to be sent. `problem`: why it cannot be."""

    dispatch: WebhookDispatch
    call: WebhookCall
    url: str
    headers: Headers
    body: bytes
    verify: bool
    problem: str = ""


def due(full: set[str], mine: set[str]) -> list[tuple[str, str]]:
    """(id, receiver) of what is to be tried now and nobody tries, oldest first; without those
    whose receivers have enough to do already."""
    moment = now()
    rows = (
        WebhookDispatch.objects.filter(next_at__lte=moment)
        .filter(_free | Q(lease_until__lt=moment))
        .exclude(receiver__in=full)
        .exclude(id__in=mine)
    )
    return list(rows.order_by("next_at", "id").values_list("id", "receiver")[:AT_ONCE])


def claim(dispatch_ids: list[str], owner: str) -> list[Letter]:
    """Their next attempts, now ours; without those for which another sender was quicker."""
    moment = now()
    until = moment + leases.LEASE
    with transaction.atomic("platform"):
        WebhookDispatch.objects.filter(id__in=dispatch_ids, next_at__lte=moment).filter(
            _free | Q(lease_until__lt=moment)
        ).update(owner=owner, fence=F("fence") + 1, lease_until=until)
        mine = list(
            WebhookDispatch.objects.select_related("webhook").filter(
                id__in=dispatch_ids, owner=owner, lease_until=until
            )
        )
        WebhookCall.objects.filter(dispatch__in=mine, finished_at__isnull=True).update(
            finished_at=moment, error_message=LOST
        )
        calls = WebhookCall.objects.bulk_create(
            WebhookCall(dispatch=each, attempt=each.attempt + 1, started_at=moment) for each in mine
        )
    users = User.objects.filter(id__in={each.user_id for each in mine})
    secrets = dict(users.values_list("id", "signing_secret"))
    return [
        _letter(each, call, moment, secrets.get(each.user_id, ""))
        for each, call in zip(mine, calls, strict=True)
    ]


def _letter(
    dispatch: WebhookDispatch, call: WebhookCall, moment: datetime, account_secret: str
) -> Letter:
    webhook = dispatch.webhook
    try:
        payload, custom = written(webhook, context_of(dispatch))
    except templates.BadTemplate as problem:
        return Letter(dispatch, call, webhook.request_url, [], b"", True, str(problem))
    body = payload.encode(errors="replace")
    secret = signatures.secret_of(account_secret, webhook.id)
    fixed = [
        ("Content-Type", "application/json"),
        ("X-Apify-Webhook", "true"),
        ("X-Apify-Webhook-Dispatch-Id", dispatch.id),
        ("X-Apify-Request-Origin", "WEBHOOK"),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
        *signatures.headers(secret, dispatch.id, moment, body),
    ]
    named = {name.lower() for name, _ in custom}
    if "user-agent" not in named:
        fixed.append(("User-Agent", f"Callboard/{settings.VERSION}"))
    verify = not webhook.ignore_ssl_errors
    return Letter(dispatch, call, webhook.request_url, [*custom, *fixed], body, verify)


def written(webhook: Webhook, context: dict[str, Any]) -> tuple[str, Headers]:
    """Payload and headers of the webhook's templates; BadTemplate."""
    strings = webhook.should_interpolate_strings
    payload = templates.parse(webhook.payload_template or templates.DEFAULT, strings=strings)
    headers = templates.parse(webhook.headers_template or "{}", strings=strings)
    made = templates.render(headers, context)
    return templates.render(payload, context), templates.headers_of(made)


def context_of(dispatch: WebhookDispatch) -> dict[str, Any]:
    """`globals` tell the moment of the event, not of the attempt; `dateUnix` is in seconds."""
    happened = dispatch.created_at
    return {
        "userId": dispatch.user_id,
        "createdAt": iso(happened),
        "eventType": dispatch.event_type,
        "eventData": dispatch.event_data,
        "resource": dispatch.resource,
        "globals": {"dateISO": iso(happened), "dateUnix": int(happened.timestamp())},
    }


@dataclass(frozen=True)
class Result:
    """What came of an attempt: an error, or a status and the start of a body."""

    letter: Letter
    error: str | None = None
    status: int | None = None
    body: bytes = b""


def finish(results: list[Result]) -> float | None:
    """Writes how attempts ended; in how many seconds the first of them is tried again, if any."""
    with transaction.atomic("platform"):
        pauses = [_finish(each) for each in results]
    return min((pause for pause in pauses if pause is not None), default=None)


def _finish(result: Result) -> float | None:
    """Rule 238: until it succeeds, or eleven retries failed."""
    dispatch, moment = result.letter.dispatch, now()
    attempt = dispatch.attempt + 1
    good = result.error is None and result.status in SUCCESS
    ended = (
        good
        or attempt >= MOST_ATTEMPTS
        or dispatch.webhook.do_not_retry
        or dispatch.event_type == outbox.TEST
        or bool(result.letter.problem)
    )
    pause = settings.PLATFORM_WEBHOOK_MINUTE * 2 ** (attempt - 1)
    mine = WebhookDispatch.objects.filter(id=dispatch.id, fence=dispatch.fence).update(
        status=(SUCCEEDED if good else FAILED) if ended else ACTIVE,
        attempt=attempt,
        next_at=None if ended else moment + timedelta(seconds=pause),
        finished_at=moment if ended else None,
        owner="",
        lease_until=None,
    )
    if mine:
        letter = result.letter
        WebhookCall.objects.filter(id=result.letter.call.id).update(
            finished_at=moment,
            error_message=result.error or (None if good else _unsuccessful(result.status)),
            response_status=result.status,
            response_body=_text(result.body) if result.status is not None else None,
            request_headers=None if letter.problem else dict(letter.headers),
            request_body=None if letter.problem else _text(letter.body[:KEPT_REQUEST]),
        )
    return None if ended else pause


def _text(body: bytes) -> str:
    return body.decode(errors="replace").replace("\0", "\ufffd")


def _unsuccessful(status: int | None) -> str:
    return f"The receiver answered {status}. Only 2xx counts, redirects are not followed."


def renew(owner: str, held: list[str]) -> None:
    WebhookDispatch.objects.filter(id__in=held, owner=owner).update(
        lease_until=now() + leases.LEASE
    )


def free_those_of_the_dead() -> None:
    """Ends the leases of senders that surely live no more."""
    held = WebhookDispatch.objects.filter(lease_until__isnull=False)
    for owner in set(held.values_list("owner", flat=True)):
        if leases.is_dead(owner):
            held.filter(owner=owner).update(lease_until=None)
