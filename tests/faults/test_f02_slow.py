"""F-02: an API that takes its time holds up the pages that need it, and nothing else."""

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.console.api.servers import read_request, server
from tests.stack import Stack, running, wait_for

pytestmark = pytest.mark.processes
SLOW = 50
PROBES = 30


class Sleepy:
    """Takes every request and answers none before `over`."""

    def __init__(self) -> None:
        self.asked = 0
        self.over = threading.Event()

    def handle(self, connection: socket.socket) -> None:
        read_request(connection)
        self.asked += 1
        self.over.wait(60)
        connection.close()


@pytest.fixture
def sleepy() -> Iterator[tuple[Sleepy, str]]:
    made = Sleepy()
    with server(made.handle) as url:
        yield made, url
    made.over.set()


@pytest.fixture
def console(sleepy: tuple[Sleepy, str], tmp_path: Path) -> Iterator[Stack]:
    given = ("--no-platform", "--api-url", sleepy[1], "--api-token", "token")
    with running(tmp_path, *given) as stack:
        yield stack


def test_f02_fifty_slow_calls_hold_up_nobody_else(
    console: Stack, sleepy: tuple[Sleepy, str]
) -> None:
    person = httpx.Client(base_url=console.console_url, timeout=60, trust_env=False)
    with person, ThreadPoolExecutor(SLOW) as people:
        assert person.get(console.sign_in_url).status_code == 303
        slow = [people.submit(person.get, "/actors/") for _ in range(SLOW)]
        wait_for(lambda: sleepy[0].asked >= SLOW, 20)
        for _ in range(PROBES):
            assert httpx.get(f"{console.console_url}/health/", trust_env=False).text == "ok\n"
            assert person.get("/settings/").status_code == 200
        assert not any(each.done() for each in slow), "the slow ones ended before the probes"
        for each in slow:
            page = each.result(60)
            assert page.status_code == 504
            assert "Traceback" not in page.text
            assert "within 10 seconds" in page.text
