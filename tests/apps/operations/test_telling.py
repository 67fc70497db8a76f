"""Tell me when this ends: the form, the bell and the mail."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from apps.operations import mails
from apps.operations.jobs import write_down
from apps.operations.models import DUE, MAILED, UNDELIVERED, WANTED, Intent
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, BUILD_ID, RUN_ID, FakeApi, actor_json, build_json, page, run_json

TELL = f"/operations/tell/run/{RUN_ID}/"
BUILD = f"/operations/tell/build/{BUILD_ID}/"
RUN = f"/runs/{RUN_ID}/"


@pytest.fixture(autouse=True)
def mail_on(settings: Any) -> None:
    settings.MAIL_ON = True
    cache.clear()


@pytest.fixture
def told(fake_api: FakeApi, cast: dict[str, Any]) -> FakeApi:
    """A run that somebody else started goes on; vera has an address."""
    cast["vera"].email = "vera@mail.example"
    cast["vera"].save()
    fake_api.data("GET", "/v2/acts", page([actor_json(title="<b>Crawler</b>")]))
    running = run_json(status="RUNNING", statusMessage="1 of 2", finishedAt=None)
    fake_api.data("GET", f"/v2/actor-runs/{RUN_ID}", running)
    built = build_json(status="RUNNING", finishedAt=None)
    fake_api.data("GET", f"/v2/actor-builds/{BUILD_ID}", built)
    return fake_api


def html(browser: Browse, url: str, name: str = "vera") -> str:
    answer = browser(name).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def end(one: Intent, status: str = "SUCCEEDED") -> None:
    one.refresh_from_db()
    one.status, one.is_over = status, True
    write_down([one])


def test_the_form_says_what_is_possible(
    browser: Browse, told: FakeApi, settings: Any, cast: dict[str, Any]
) -> None:
    assert "to vera@mail.example" in html(browser, TELL)
    assert "&lt;b&gt;Crawler&lt;/b&gt;" in html(browser, TELL)
    assert "Give your address in" in html(browser, TELL, "olga")
    settings.MAIL_ON = False
    assert "CALLBOARD_EMAIL_URL" in html(browser, TELL)
    assert "Build" in html(browser, BUILD)


def test_anyone_is_told_of_a_run_that_others_started(browser: Browse, told: FakeApi) -> None:
    answer = browser("vera").post(TELL, {"browser": "on", "mail": "on"})
    assert (answer.status_code, answer["Location"]) == (303, RUN)
    one = Intent.objects.get()
    assert (one.kind, one.object_id, one.status) == ("run.watch", RUN_ID, "RUNNING")
    assert (one.is_told, one.by_browser, one.mail) == (True, True, WANTED)
    assert "data-tell=" not in html(browser, "/operations/bell/")
    end(one)
    shown = html(browser, "/operations/bell/")
    assert 'data-unseen="1"' in shown
    assert f'data-tell="{one.pk}"' in shown
    assert "data-tell-browser" in shown
    assert "&lt;b&gt;Crawler&lt;/b&gt;: succeeded" in shown
    assert Intent.objects.get().mail == DUE


def test_twice_is_once(browser: Browse, told: FakeApi) -> None:
    for ways in ({"mail": "on"}, {"browser": "on"}):
        browser("vera").post(TELL, ways)
    one = Intent.objects.get()
    assert (one.by_browser, one.mail) == (True, "")


def test_ones_own_operation_carries_it(
    browser: Browse, told: FakeApi, cast: dict[str, Any], workspace: Any
) -> None:
    own = {"user": cast["vera"], "workspace": workspace, "kind": "run.start", "state": "done"}
    what = {"object_kind": "run", "object_id": RUN_ID, "sent_at": timezone.now()}
    Intent.objects.create(key="k", subject="Crawler", target_id=ACTOR_ID, **own, **what)
    browser("vera").post(TELL, {})
    assert Intent.objects.get().is_told
    browser("vera").post(TELL, {"stop": "1"})
    assert not Intent.objects.get().is_told


def test_not_to_be_told_any_more(browser: Browse, told: FakeApi) -> None:
    browser("vera").post(BUILD, {})
    assert Intent.objects.get().subject == "<b>Crawler</b> 0.1.1"
    assert "Do not tell me" in html(browser, BUILD)
    browser("vera").post(BUILD, {"stop": "1"})
    browser("vera").post(BUILD, {"stop": "1"})
    assert not Intent.objects.exists()


def test_one_that_has_ended_is_not_followed(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/acts", page([actor_json()]))
    fake_api.data("GET", f"/v2/actor-runs/{RUN_ID}", run_json())
    assert "It has ended already" in html(browser, TELL)
    assert browser("vera").post(TELL, {})["Location"] == RUN
    assert not Intent.objects.exists()


def test_what_is_missing(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.error("GET", f"/v2/actor-runs/{RUN_ID}", 404, "record-not-found")
    assert browser("vera").post(TELL).status_code == 404
    assert browser("vera").get(f"/operations/tell/house/{RUN_ID}/").status_code == 404
    assert browser("eve").post(TELL).status_code == 403


def test_one_that_ended_while_the_form_was_sent_is_mailed(browser: Browse, told: FakeApi) -> None:
    browser("vera").post(TELL, {})
    end(Intent.objects.get())
    browser("vera").post(TELL, {"mail": "on"})
    assert Intent.objects.get().mail == DUE


@pytest.fixture
def due(browser: Browse, told: FakeApi) -> Intent:
    browser("vera").post(TELL, {"mail": "on"})
    one = Intent.objects.get()
    one.sentence = "Out of\nmemory"
    end(one, "FAILED")
    return one


def test_the_mail(due: Intent, settings: Any) -> None:
    mails.send_due()
    mails.send_due()
    (letter,) = mail.outbox
    assert letter.to == ["vera@mail.example"]
    assert letter.subject == "<b>Crawler</b>: failed"
    assert f"{settings.CONSOLE_URL}{RUN}" in letter.body
    assert Intent.objects.get().mail == MAILED


def test_a_mail_server_that_is_away_loses_no_mail(
    due: Intent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise smtplib.SMTPServerDisconnected("gone")

    with monkeypatch.context() as broken:
        broken.setattr(mails, "send_mail", away)
        mails.send_due()
        mails.send_due()  # too early for another try
    assert (Intent.objects.get().mail, Intent.objects.get().mail_tries) == (DUE, 1)
    Intent.objects.update(changed_at=timezone.now() - timedelta(minutes=1))
    mails.send_due()
    assert len(mail.outbox) == 1


def test_it_gives_up_after_a_day(due: Intent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mails, "send", lambda _: False)
    Intent.objects.update(mail_tries=14, changed_at=timezone.now() - timedelta(days=2))
    mails.send_due()
    assert Intent.objects.get().mail == UNDELIVERED


@pytest.mark.parametrize(("show", "there"), [("", 1), ("on", 1), ("ended", 0), ("asks", 0)])
def test_operations_by_state(browser: Browse, told: FakeApi, show: str, there: int) -> None:
    browser("vera").post(TELL, {})
    shown = html(browser, f"/operations/?show={show}")
    assert shown.count("1 of 2</span>") == there
    assert ("Nothing here" in shown) == (not there)
