"""E-mails of schedules whose starts fail."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail

from apps.platform.clock import mail as sending
from apps.platform.models import Build, User
from tests.platform.clock.conftest import NOON, Make
from tests.platform.clock.test_scheduler import MINUTE, tick

pytestmark = pytest.mark.django_db(databases=["default", "platform"], transaction=True)
ASKED = {"email": True}
Sent = Callable[[], list[str]]


@pytest.fixture
def sent(user: User, settings: Any) -> Sent:
    """The subjects so far, of a machine that can send mail."""
    settings.MAIL_ON, settings.CONSOLE_URL = True, "https://console.example"
    User.objects.update(email="ada@example.com")
    sending.threads.submit(mail.outbox.clear).result()

    def subjects() -> list[str]:
        sending.threads.submit(int).result(20)
        return [str(each.subject) for each in mail.outbox]

    return subjects


def fail() -> None:
    Build.objects.all().delete()


def test_the_first_failure_in_a_row_is_told(schedule_of: Make, sent: Sent) -> None:
    schedule = schedule_of(notifications=ASKED, title="Nightly\nprices")
    tick(NOON)
    assert sent() == []
    fail()
    tick(NOON + MINUTE)
    tick(NOON + 2 * MINUTE)
    assert sent() == ["Schedule Nightly prices could not start"]
    [letter] = mail.outbox
    assert letter.to == ["ada@example.com"]
    assert "Cannot start Actor" in letter.body
    assert f"https://console.example/schedules/{schedule.id}/" in letter.body


def test_a_schedule_that_cannot_be_planned_is_told(schedule_of: Make, sent: Sent) -> None:
    schedule_of(notifications=ASKED, timezone="Europe/Nowhere")
    tick(NOON)
    assert len(sent()) == 1


@pytest.mark.parametrize("notifications", [{}, {"email": False}])
def test_nobody_is_told_who_did_not_ask(
    schedule_of: Make, sent: Sent, notifications: dict[str, bool]
) -> None:
    schedule_of(notifications=notifications)
    fail()
    tick(NOON)
    assert sent() == []


def test_no_mail_without_a_server_or_an_address(
    schedule_of: Make, sent: Sent, settings: Any
) -> None:
    schedule_of(notifications=ASKED)
    fail()
    settings.MAIL_ON = False
    tick(NOON)
    settings.MAIL_ON = True
    schedule_of(notifications=ASKED)
    User.objects.update(email="")
    tick(NOON)
    assert sent() == []


def test_a_server_that_refuses_holds_nothing_up(
    schedule_of: Make, sent: Sent, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    schedule_of(notifications=ASKED)
    fail()
    tick(NOON)
    sent()
    assert "could not be sent" in caplog.text
