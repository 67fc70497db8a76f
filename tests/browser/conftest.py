"""Pages in Debian's chromium, on a server in this process, before the fake API.

`visit("ada", "/")` opens a page of a signed-in person. What the page logs as an error, and what it
asks of other hosts, fails the test at its end.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Condition
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, sync_playwright

from tests.conftest import Browse
from tests.fakes import FakeApi
from tests.npm import npm_packages

CHROMIUM = shutil.which("chromium")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

STREAM = re.compile(r"/(live|events)/\?")  # the event loop serves these, this server does not

FRAME = re.compile(r"/raw\?frame=1")

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser per module: a loop of Playwright's must not outlive the module's tests."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    # Playwright's loop runs in the thread in which the tests use Django's database.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def problems() -> Iterator[list[str]]:
    """What pages complained of; a test that provokes some clears it."""
    found: list[str] = []
    yield found
    assert not found


@pytest.fixture
def visit(
    chromium: Browser, live_server: Any, browser: Browse, fake_api: FakeApi, problems: list[str]
) -> Iterator[Visit]:
    """Options are those of a Playwright context: viewport, color_scheme, java_script_enabled."""
    with ExitStack() as opened:
        opened.enter_context(all_answered())

        def open_page(person: str, path: str, **options: Any) -> Page:
            context = chromium.new_context(
                base_url=live_server.url, reduced_motion="reduce", **options
            )
            opened.callback(context.close)
            if person:
                context.add_cookies([session_cookie(browser(person), live_server.url)])
            context.route(STREAM, quiet_stream)
            context.route(FRAME, framed_page)
            page = context.new_page()
            page.on("console", lambda message: note_message(problems, message))
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.on("request", lambda request: note_request(problems, request, live_server.url))
            page.goto(path)
            return page

        yield open_page


@contextmanager
def all_answered() -> Iterator[None]:
    """The server must be done with what pages asked when the test's rows are taken away."""
    open_now = 0
    changed = Condition()

    def count(by: int) -> None:
        nonlocal open_now
        with changed:
            open_now += by
            changed.notify_all()

    def begun(**_: Any) -> None:
        count(1)

    def ended(**_: Any) -> None:
        count(-1)

    request_started.connect(begun)
    request_finished.connect(ended)
    yield
    with changed:
        changed.wait_for(lambda: open_now <= 0, timeout=10)
    request_started.disconnect(begun)
    request_finished.disconnect(ended)


def framed_page(route: Route) -> None:
    route.fulfill(content_type="text/html", body="<!doctype html><title>a</title><p>Framed")


def quiet_stream(route: Route) -> None:
    """A stream on which nothing happens, and which ends at once."""
    route.fulfill(content_type="text/event-stream", body="event: end\ndata: \n\n")


def session_cookie(client: Client, url: str) -> Any:
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": url}


def note_message(problems: list[str], message: ConsoleMessage) -> None:
    """A page that is itself an error is what some tests are about; its parts may not fail."""
    itself = message.page is not None and message.location["url"] == message.page.url
    if message.type == "error" and not itself:
        problems.append(f"{message.text} {message.location}")


def note_request(problems: list[str], request: Request, url: str) -> None:
    if not request.url.startswith((url, "data:", "blob:", "about:")):
        problems.append(f"asked another host: {request.url}")


@pytest.fixture(scope="session")
def axe() -> str:
    folder = npm_packages("axe", axe_core="4.10.3")
    return (folder / "node_modules/axe-core/axe.min.js").read_text()
