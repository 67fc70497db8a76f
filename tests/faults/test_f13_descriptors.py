"""A Platform that has no file left to open."""

import resource
import socket
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from tests.platform.conftest import start_platform
from tests.stack import wait_for

FEW = 60


@pytest.mark.processes
def test_f13_without_descriptors_it_waits_and_goes_on(tmp_path: Path) -> None:
    server = start_platform(tmp_path)
    platform = next(server)
    account = platform.account("ada")
    try:
        store = account.data("POST", "key-value-stores")["id"]
        [serving] = [
            each
            for each in psutil.Process().children()
            if "apps.platform.asgi:app" in each.cmdline()
        ]
        _, hard = serving.rlimit(resource.RLIMIT_NOFILE)
        serving.rlimit(resource.RLIMIT_NOFILE, (serving.num_fds() + 4, hard))
        host, port = platform.url.removeprefix("http://").split(":")
        with ExitStack() as stack:
            for _ in range(FEW):
                stack.enter_context(socket.create_connection((host, int(port)), 5))
            wait_for(lambda: serving.num_fds() >= serving.rlimit(resource.RLIMIT_NOFILE)[0] - 1, 20)
            path = f"key-value-stores/{store}/records/a"
            answer = account.http.put(path, content=b"x")  # on a connection that is there
            assert answer.status_code in {201, 503}, answer.text
        wait_for(lambda: account.http.put(path, content=b"y").status_code == 201, 20)
        assert account.http.get(path).content == b"y"
        assert account.data("GET", f"key-value-stores/{store}/keys")["count"] == 1
    finally:
        server.close()
