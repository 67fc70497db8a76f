"""What a browser fetches for the first view of a page: requests, and bytes on the wire.

.venv/bin/python -m tests.bench.first_view
"""

import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.bench.runs_list import FILL
from tests.browser.conftest import CHROMIUM, OPTIONS
from tests.stack import Stack, running

PAGES = ("/", "/actors/", "/runs/", "/storage/datasets/")


def sizes(session: CDPSession) -> dict[str, int]:
    """Bytes by request, filled while the page loads; what the browser had kept comes with none."""
    found: dict[str, int] = {}

    def answered(event: dict[str, Any]) -> None:
        kept = event["response"].get("fromDiskCache", False)
        found[event["requestId"]] = 0 if kept else int(event["response"]["encodedDataLength"])

    def ended(event: dict[str, Any]) -> None:
        if found.get(event["requestId"]):
            found[event["requestId"]] = int(event["encodedDataLength"])

    session.on("Network.responseReceived", answered)
    session.on("Network.loadingFinished", ended)
    session.send("Network.enable")
    return found


def view(page: Page, path: str, *, note: str) -> None:
    session = page.context.new_cdp_session(page)
    found = sizes(session)
    page.goto(path)
    page.wait_for_timeout(1500)  # what the page asks for once it is there counts too
    session.detach()
    total = sum(found.values())
    asked = sum(size > 0 for size in found.values())
    print(f"{path:20} {note:5} {asked} requests of 8, {total / 1000:.1f} of 90 kB")


def walk(stack: Stack) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(OPTIONS))
        context = browser.new_context(base_url=stack.console_url)
        context.new_page().goto(stack.sign_in_url)
        state = context.storage_state()
        for path in PAGES:
            fresh = browser.new_context(base_url=stack.console_url, storage_state=state)
            page = fresh.new_page()
            view(page, path, note="first")
            view(page, path, note="again")
            fresh.close()
        browser.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "home") as stack:
        stack.manage("shell", "--no-imports", "-v", "0", "-c", FILL.replace("COUNT", "1000"))
        walk(stack)


if __name__ == "__main__":
    main()
