"""E-mails about what has ended, by Django's mail settings. The row is the record: due until sent.

Tried again after a while that doubles, so a mail may come twice when a sender dies after sending,
and none is lost because a server was away for less than a day.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import F
from django.utils import timezone

from apps.operations.models import DUE, MAILED, UNDELIVERED, Intent

logger = logging.getLogger(__name__)
FIRST_WAIT = timedelta(seconds=5)
MOST_TRIES = 15
AT_ONCE = 50


def send_due() -> None:
    moment = timezone.now()
    for intent in Intent.objects.filter(mail=DUE).select_related("user").order_by("id")[:AT_ONCE]:
        waited = intent.changed_at + FIRST_WAIT * (2**intent.mail_tries - 1)
        mine = Intent.objects.filter(pk=intent.pk, mail=DUE, mail_tries=intent.mail_tries)
        if waited > moment or not mine.update(mail_tries=F("mail_tries") + 1):
            continue  # too early, or another sender has it
        is_last = intent.mail_tries + 1 >= MOST_TRIES
        state = MAILED if send(intent) else UNDELIVERED if is_last else DUE
        Intent.objects.filter(pk=intent.pk).update(mail=state)


def send(intent: Intent) -> bool:
    told = f"{intent.subject}: {intent.ending}"
    lines = [
        f"{told} ({intent.object_kind} {intent.object_id}).",
        intent.sentence,
        f"{settings.CONSOLE_URL}{intent.page}",
        "You asked Callboard to tell you when it ends. Nothing more follows about it.",
    ]
    text = "\n\n".join(line for line in lines if line)
    try:
        send_mail(" ".join(told.split())[:200], text, None, [intent.user.email])
    except (OSError, ValueError) as problem:  # smtplib's errors are OSErrors
        logger.warning("A mail about %s could not be sent: %s", intent.object_id, problem)
        return False
    return True
