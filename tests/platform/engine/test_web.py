"""Web servers of Actors under their run's containerUrl."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.platform.engine.conftest import Machine
from tests.stack import wait_for

SERVER = """
import json, os, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/away":
            return self.say(302, b"", Location="/there?a=1")
        if self.path == "/cut":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"short")
            self.wfile.flush()
            return self.connection.close()
        if self.path == "/open":
            self.send_response(200)
            self.send_header("Connection", "close")
            self.end_headers()
            for n in range(3):
                self.wfile.write(b"part %d\\n" % n)
                self.wfile.flush()
                time.sleep(0.05)
            self.close_connection = True
            return
        told = {"path": self.path, "headers": dict(self.headers.items())}
        headers = {"Set-Cookie": "csrftoken=stolen", "Content-Type": "application/json"}
        self.say(200, json.dumps(told).encode(), **headers)

    do_HEAD = do_GET

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else self.chunks()
        self.say(201, body[::-1])

    def chunks(self):
        found = b""
        while size := int(self.rfile.readline(), 16):
            found += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return found

    def say(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *args):
        pass

assert os.environ["ACTOR_WEB_SERVER_PORT"] == os.environ["APIFY_CONTAINER_PORT"]
print("url", os.environ["ACTOR_WEB_SERVER_URL"], flush=True)
place = ("127.0.0.1", int(os.environ["ACTOR_WEB_SERVER_PORT"]))
ThreadingHTTPServer(place, Handler).serve_forever()
"""


@pytest.fixture(scope="module")
def actor(machine: Machine) -> str:
    return machine.actor("serves", SERVER)


@pytest.fixture
def run(machine: Machine, actor: str) -> Iterator[Any]:
    """One whose server is ready."""
    started = machine.start(actor)
    yield wait_for(lambda: ready(machine, started))
    machine.ada.data("POST", f"actor-runs/{started}/abort")
    machine.end(started)


def ready(machine: Machine, run: str) -> Any:
    found = machine.ada.data("GET", f"actor-runs/{run}")
    return found if found["isContainerServerReady"] else None


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=20) as client:
        yield client


def test_rule_97_the_address_reaches_the_process(
    machine: Machine, run: Any, browser: httpx.Client
) -> None:
    url = run["containerUrl"]
    assert run["id"] not in url
    assert f"url {url}" in machine.log(run["id"])
    headers = {"Cookie": "sessionid=secret", "X-Own": "kept"}
    answer = browser.get(f"{url}some/page?q=%20a", headers=headers)
    told = answer.json()
    assert told["path"] == "/some/page?q=%20a"
    assert told["headers"]["x-own"] == "kept"
    assert "cookie" not in {name.lower() for name in told["headers"]}
    assert url.endswith(told["headers"]["x-forwarded-prefix"] + "/")
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-security-policy"].startswith("sandbox ")


def test_rule_97_bodies_go_both_ways(run: Any, browser: httpx.Client) -> None:
    url, body = run["containerUrl"], json.dumps(list(range(50_000))).encode()
    assert browser.post(url, content=body).content == body[::-1]
    pieces = (body[at : at + 7000] for at in range(0, len(body), 7000))
    assert browser.post(url, content=pieces).content == body[::-1]
    assert browser.get(f"{url}open").text == "part 0\npart 1\npart 2\n"
    assert browser.head(url).status_code == 200


def test_rule_97_what_the_actor_says_of_addresses_and_ends_holds(
    run: Any, browser: httpx.Client
) -> None:
    url = run["containerUrl"]
    there = browser.get(f"{url}away").headers["location"]
    assert str(httpx.URL(url).join(there)) == f"{url}there?a=1"
    with pytest.raises(httpx.RemoteProtocolError):
        browser.get(f"{url}cut")


def test_rule_97_two_runs_have_addresses_of_their_own(
    machine: Machine, actor: str, run: Any, browser: httpx.Client
) -> None:
    other = machine.start(actor)
    found = wait_for(lambda: ready(machine, other))
    assert found["containerUrl"] != run["containerUrl"]
    assert browser.get(found["containerUrl"]).status_code == 200
    machine.ada.data("POST", f"actor-runs/{other}/abort")
    assert machine.end(other)["isContainerServerReady"] is False
    assert browser.get(found["containerUrl"]).status_code == 404
    assert browser.get(run["containerUrl"]).status_code == 200


def test_rule_97_a_run_that_serves_nothing_says_so(machine: Machine, browser: httpx.Client) -> None:
    actor = machine.actor("serves-nothing", "import time; print('up', flush=True); time.sleep(60)")
    run = machine.start(actor)
    machine.said(run, "up")
    found = machine.ada.data("GET", f"actor-runs/{run}")
    answer = browser.get(found["containerUrl"])
    assert answer.status_code == 502
    assert "does not answer" in answer.text
    machine.ada.data("POST", f"actor-runs/{run}/abort")
    for name in ("none", "a%00b", "%ff", "x" * 3000):
        unknown = found["containerUrl"].rsplit("/", 2)[0] + f"/{name}/"
        assert browser.get(unknown).status_code == 404
