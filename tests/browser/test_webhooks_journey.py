"""A webhook from its form to a replay, and being told of a run that others started, before a whole
Callboard and a real receiver."""

import json
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faults.actors import SLEEPER, make, start
from tests.stack import Stack, finished, running, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.processes]
Letters = list[tuple[dict[str, str], Any]]
TEMPLATE = '{"run": {{resource.id}}, "is": "{{resource.status}} now"}'


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    home = tmp_path_factory.mktemp("hooks") / "home"
    with running(home, "--allow-loopback") as started:
        yield started


@pytest.fixture(scope="module")
def letters() -> Letters:
    return []


@pytest.fixture(scope="module")
def receiver(letters: Letters) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            letters.append((dict(self.headers), json.loads(body)))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"got it")

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook?key=s3cret"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def page(stack: Stack, chromium: Browser) -> Iterator[Page]:
    errors: list[str] = []
    context = chromium.new_context(base_url=stack.console_url)
    opened = context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(stack.sign_in_url)
    yield opened
    context.close()
    assert not errors


def has(letters: Letters, count: int) -> bool:
    return len(letters) == count


def test_from_the_form_to_a_replay(
    page: Page, stack: Stack, receiver: str, letters: Letters
) -> None:
    with stack.api() as api:
        actor = api.get("actors/~hello-world").json()["data"]["id"]
        first = api.post(f"actors/{actor}/runs").json()["data"]["id"]
        assert finished(api, first)["status"] == "SUCCEEDED"
        page.goto(f"/actors/{actor}/integrations/")
        page.get_by_role("link", name="Add webhook").first.click()
        page.get_by_label("URL").fill(receiver)
        page.get_by_label("Payload template").fill('{"run": {{nope}}}')
        expect(page.locator("#payload-error")).to_contain_text("Line 1, column 9: there is no nope")
        page.get_by_label("Payload template").fill(TEMPLATE)
        page.get_by_label("Variables inside strings").check()
        expect(page.locator("#preview")).to_contain_text(f'"{first}"')
        expect(page.locator("#preview")).to_contain_text("SUCCEEDED now")
        expect(page.locator("#payload-error")).to_be_empty()
        page.get_by_role("button", name="Create").last.click()
        page.get_by_role("button", name="Test").click()
        expect(page.locator('#attempts [data-status="SUCCEEDED"]')).to_be_visible(timeout=20_000)
        expect(page.locator("#attempts")).to_contain_text("got it")
        second = api.post(f"actors/{actor}/runs").json()["data"]["id"]
        assert finished(api, second)["status"] == "SUCCEEDED"
    wait_for(lambda: len(letters) == 2, 20)
    page.goto("/webhooks/dispatches/")
    page.get_by_role("row").filter(has_text=second).get_by_role("link").first.click()
    at = page.url
    for number, name in ((2, "Send again"), (3, "Send again as it was")):
        page.goto(at)
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.get_by_text("Replay sent by the Console")).to_be_visible()
        wait_for(partial(has, letters, number + 1), 20)
        real, again = letters[1], letters[number]
        assert real[1] == again[1] == {"run": second, "is": "SUCCEEDED now"}
        assert again[0]["X-Callboard-Replay-Of"] == real[0]["X-Apify-Webhook-Dispatch-Id"]


def test_told_of_a_run_that_others_started(page: Page, stack: Stack) -> None:
    with stack.api() as api:
        run = start(api, make(api, "sleeper", SLEEPER))
        page.goto(f"/runs/{run}/")
        page.get_by_role("link", name="Tell me when it ends").click()
        page.get_by_role("button", name="Tell me").click()
        page.goto("/actors/")
        api.post(f"actor-runs/{run}/abort")
    expect(page.locator("#toasts")).to_contain_text("sleeper: aborted", timeout=20_000)
    bell = page.locator("summary[data-bell]")
    expect(bell).to_have_attribute("aria-label", "Operations, 1 new")
    bell.click()
    page.get_by_role("button", name="Mark 1 as seen").click()
    expect(bell).to_have_attribute("aria-label", "Operations")
    page.goto("/operations/?show=ended")
    expect(page.get_by_role("row").filter(has_text="Follow sleeper")).to_be_visible()
