"""E-mails of schedules about starts that failed (`notifications.email`), where mail is configured.

The first of several failures in a row tells, the next ones do not. An e-mail is sent once, after
the commit, by a thread of its own: the schedule's log is the record.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction

from apps.platform.models import Firing

log = logging.getLogger(__name__)
threads = ThreadPoolExecutor(1, "mail")


def tell(firings: list[Firing]) -> None:
    """Inside the transaction that writes them."""
    failed = [each for each in firings if each.state == "FAILED"] if settings.MAIL_ON else []
    for each in failed:
        schedule = each.schedule
        if not schedule.notifications.get("email") or _failed_before(each):
            continue
        if address := schedule.user.email:
            title = schedule.title or schedule.name
            body = (
                f"{each.message}\n\nPlanned for {each.scheduled_at:%Y-%m-%d %H:%M} UTC.\n"
                f"{settings.CONSOLE_URL}/schedules/{schedule.id}/\n"
            )
            subject = " ".join(f"Schedule {title} could not start".split())
            sending = partial(threads.submit, _send, subject, body, address)
            transaction.on_commit(sending, using="platform")


def _failed_before(firing: Firing) -> bool:
    same = Firing.objects.filter(schedule_id=firing.schedule_id, action_id=firing.action_id)
    before = same.filter(scheduled_at__lt=firing.scheduled_at).exclude(state="WAITING")
    return before.order_by("-scheduled_at").values_list("state", flat=True).first() == "FAILED"


def _send(subject: str, body: str, address: str) -> None:
    try:
        send_mail(subject, body, None, [address])
    except (OSError, SMTPException, ValueError) as problem:
        log.warning("An e-mail could not be sent: %s", problem)
