import json

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from console.ui.actions import act
from console.ui.responses import render_page, toast, wants_part

PART = {"HX-Request": "true", "HX-Request-Type": "partial"}


def request(method: str = "get", **headers: str) -> HttpRequest:
    made: HttpRequest = getattr(RequestFactory(), method)("/", headers=headers)
    made.htmx = HtmxDetails(made)  # type: ignore[attr-defined] # as HtmxMiddleware does
    made._messages = CookieStorage(made)  # type: ignore[attr-defined] # as MessageMiddleware does
    return made


def test_htmx_gets_a_part() -> None:
    assert wants_part(request(**PART))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {**PART, "HX-Boosted": "true"},
        {**PART, "HX-Request-Type": "full"},
        {**PART, "HX-History-Restore-Request": "true"},
    ],
    ids=["no htmx", "boosted", "whole body", "back"],
)
def test_everything_else_gets_the_page(headers: dict[str, str]) -> None:
    assert not wants_part(request(**headers))


def test_page_and_part_are_kept_apart_by_caches() -> None:
    answer = render_page(request(), "ui/error.html", {"title": "No."})
    assert answer["Vary"] == "HX-Request, HX-Request-Type"


def test_a_toast_travels_as_ascii() -> None:
    header = toast(HttpResponse(), "Smazáno.", tone="error")["HX-Trigger"]
    assert header.isascii()
    assert json.loads(header) == {"toast": {"text": "Smazáno.", "tone": "error"}}


def test_an_action_performs_once_and_goes_on() -> None:
    done: list[int] = []

    def perform() -> str:
        done.append(1)
        return "abc"

    asked = request("post")
    answer = act(asked, perform=perform, then="/runs/{}/".format, said="Started {}.".format)
    assert done == [1]
    assert (answer.status_code, answer["Location"]) == (303, "/runs/abc/")
    assert [str(message) for message in asked._messages] == ["Started abc."]  # type: ignore[attr-defined] # set above


def test_an_action_tells_htmx_where_to_go() -> None:
    answer = act(request("post", **PART), perform=lambda: None, then=lambda _: "/runs/")
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/runs/")


def test_an_action_refuses_get() -> None:
    def perform() -> None:
        raise AssertionError

    assert act(request(), perform=perform, then=lambda _: "/").status_code == 405
