"""Pages of what went wrong: they say so, and lead on."""

import html
import io
import logging
from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.urls import path

from console.request import needs
from console.urls import handler400, handler403, handler404, handler500
from console.urls import urlpatterns as own
from tests.conftest import Browse
from tests.fakes import RUN_ID, FakeApi

pytestmark = pytest.mark.urls(__name__)

NO_PAGE = 405
SHELL = '<a href="/schedules/"'
RUN = f"/runs/{RUN_ID}/"


@needs("read")
def crash(request: HttpRequest) -> Any:
    raise ZeroDivisionError


@needs("read")
def strange(request: HttpRequest) -> Any:
    raise SuspiciousOperation


urlpatterns = [path("crash/", crash), path("strange/", strange), *own]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@pytest.mark.parametrize(
    ("url", "status", "words"),
    [
        ("/actors/create/", 403, "Your role in this workspace is viewer"),
        ("/strange/", 400, "This request cannot be understood"),
        ("/operations/0/", 404, "There is nothing here"),
        ("/no-such-page/", 404, "There is nothing here"),
        ("/storage/datasets/create/", 405, "There is nothing to see here"),
    ],
)
def test_who_has_a_seat_can_go_on(browser: Browse, url: str, status: int, words: str) -> None:
    answer = browser("vera" if status != NO_PAGE else "ada").get(url)
    shown = answer.content.decode()
    assert answer.status_code == status
    assert words in shown
    assert SHELL in shown


@pytest.mark.parametrize(
    ("name", "url", "status"),
    [("eve", "/no-such-page/", 404), ("", "/no-such-page/", 404), ("vera", "/crash/", 500)],
)
def test_other_errors_lead_home(browser: Browse, name: str, url: str, status: int) -> None:
    """A page that depends on as little as can be, when it is not known what works."""
    client = browser(name)
    client.raise_request_exception = False
    answer = client.get(url)
    shown = answer.content.decode()
    assert answer.status_code == status
    assert 'href="/">Home</a>' in shown
    assert SHELL not in shown


def test_a_page_that_failed_is_in_the_log_under_the_id_that_it_showed(browser: Browse) -> None:
    client = browser("vera")
    client.raise_request_exception = False
    written = io.StringIO()
    handlers = [each for each in logging.getLogger("django").handlers if hasattr(each, "setStream")]
    before = [each.setStream(written) for each in handlers]
    answer = client.get("/crash/?token=canary")
    for each, stream in zip(handlers, before, strict=True):
        each.setStream(stream)
    assert f"Request {answer['X-Request-Id']}: " in written.getvalue()
    assert "ZeroDivisionError" in written.getvalue()
    assert "canary" not in written.getvalue()


def test_an_address_of_an_action_leads_to_its_section(browser: Browse) -> None:
    answer = browser("ada").get("/team/add/")
    main = answer.content.decode().partition("<main")[2]
    assert (answer.status_code, answer["Allow"]) == (NO_PAGE, "POST")
    assert 'data-kind="primary" href="/team/">Team</a>' in main


@pytest.mark.parametrize(
    ("came_from", "then"),
    [
        ("http://testserver/team/?a=b#c", "/team/%3Fa%3Db"),
        ("http://other.test/team/", "/"),
        ("", "/"),
    ],
)
def test_who_signs_in_again_comes_back_to_a_page(
    browser: Browse, came_from: str, then: str
) -> None:
    """Not to the address of the action, which has nothing to show."""
    answer = browser("").post("/team/add/", {"name": "x"}, headers={"referer": came_from})
    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={then}")


def test_a_mistyped_address_asks_the_api_nothing(browser: Browse, fake_api: FakeApi) -> None:
    client = browser("vera")
    assert client.get("/no-such-page/").status_code == 404
    assert client.post("/no-such-page/").status_code == 404
    assert fake_api.calls == []


def test_what_is_gone_leads_to_those_that_are_there(browser: Browse, fake_api: FakeApi) -> None:
    for part in ("", "/dataset", "/request-queue", "/key-value-store"):
        fake_api.error("GET", f"/v2/actor-runs/{RUN_ID}{part}", 404, "record-not-found")
    main = browser("vera").get(RUN).content.decode().partition("<main")[2].partition("</main>")[0]
    assert '<a class="button" data-kind="primary" href="/runs/">Runs</a>' in main
    assert '<a class="button" href="/">Home</a>' in main


@pytest.mark.parametrize(
    ("status", "kind"),
    [(402, "actor-memory-limit-exceeded"), (403, "platform-feature-disabled")],
)
def test_a_limit_that_is_reached_leads_to_the_limits(
    browser: Browse, fake_api: FakeApi, status: int, kind: str
) -> None:
    fake_api.error("GET", "/v2/actor-runs", status, kind, "All of it is spent.")
    main = browser("vera").get("/runs/").content.decode().partition("<main")[2]
    assert "The account's limits do not allow it now." in html.unescape(main)
    assert 'href="/limits/">Limits</a>' in main
    assert "token" not in main.partition("</main>")[0]


def test_a_list_that_failed_does_not_lead_to_itself(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.error("GET", "/v2/actor-runs", 403, "insufficient-permissions")
    main = browser("vera").get("/runs/").content.decode().partition("<main")[2]
    assert ">Runs</a>" not in main.partition("</main>")[0]
    assert "Try again" in main
