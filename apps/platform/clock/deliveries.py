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


def claim(dispatch_id: str, owner: str) -> Letter | None:
    """The attempt, now ours; None when another sender was quicker."""
    moment = now()
    with transaction.atomic("platform"):
        claimed = (
            WebhookDispatch.objects.filter(id=dispatch_id, next_at__lte=moment)
            .filter(_free | Q(lease_until__lt=moment))
            .update(owner=owner, fence=F("fence") + 1, lease_until=moment + leases.LEASE)
        )
        if not claimed:
            return None
        dispatch = WebhookDispatch.objects.select_related("webhook").get(id=dispatch_id)
        WebhookCall.objects.filter(dispatch=dispatch, finished_at__isnull=True).update(
            finished_at=moment, error_message=LOST
        )
        call = WebhookCall.objects.create(
            dispatch=dispatch, attempt=dispatch.attempt + 1, started_at=moment
        )
    return _letter(dispatch, call, moment)


def _letter(dispatch: WebhookDispatch, call: WebhookCall, moment: datetime) -> Letter:
    webhook = dispatch.webhook
    try:
        payload, custom = written(webhook, context_of(dispatch, moment))
    except templates.BadTemplate as problem:
        return Letter(dispatch, call, webhook.request_url, [], b"", True, str(problem))
    body = payload.encode(errors="replace")
    user = User.objects.get(id=webhook.user_id)
    secret = signatures.secret_of(user.signing_secret, webhook.id)
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


def context_of(dispatch: WebhookDispatch, moment: datetime) -> dict[str, Any]:
    return {
        "userId": dispatch.user_id,
        "createdAt": iso(dispatch.created_at),
        "eventType": dispatch.event_type,
        "eventData": dispatch.event_data,
        "resource": dispatch.resource,
        "globals": {"dateISO": iso(moment), "dateUnix": int(moment.timestamp() * 1000)},
    }


def finish(letter: Letter, *, error: str | None, status: int | None, body: bytes) -> float | None:
    """Writes how the attempt ended; in how many seconds it is tried again, if at all (rule 238)."""
    dispatch, moment = letter.dispatch, now()
    attempt = dispatch.attempt + 1
    good = error is None and status in SUCCESS
    last = (
        attempt >= MOST_ATTEMPTS
        or dispatch.webhook.do_not_retry
        or dispatch.event_type == outbox.TEST
        or bool(letter.problem)
    )
    ended = good or last
    pause = settings.PLATFORM_WEBHOOK_MINUTE * 2 ** (attempt - 1)
    if not good and error is None:
        error = f"The receiver answered {status}. Only 2xx counts, redirects are not followed."
    with transaction.atomic("platform"):
        mine = WebhookDispatch.objects.filter(id=dispatch.id, fence=dispatch.fence)
        is_mine = mine.update(
            status=(SUCCEEDED if good else FAILED) if ended else ACTIVE,
            attempt=attempt,
            next_at=None if ended else moment + timedelta(seconds=pause),
            finished_at=moment if ended else None,
            owner="",
            lease_until=None,
        )
        if is_mine:
            WebhookCall.objects.filter(id=letter.call.id).update(
                finished_at=moment,
                error_message=error,
                response_status=status,
                response_body=body.decode(errors="replace").replace("\0", "\ufffd")
                if body
                else None,
            )
    return None if ended else pause


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
