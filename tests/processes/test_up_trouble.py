"""What `up` says when the machine is against it, and what is left when it is stopped hard."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests.faults.actors import COUNTER, make, said, start
from tests.stack import ROOT, environment, find_child, finished, running, wait_for

pytestmark = pytest.mark.processes
EVERYWHERE = "0.0.0.0"  # noqa: S104 - what a person asks for
UP = [sys.executable, "manage.py", "up", "--port", "0", "--json"]
MARKS = {
    "Runner": "runner@",
    "Worker": "worker@",
    "Console": "console.asgi",
    "Platform": "apps.platform.asgi",
    "Redis": "valkey-server",
}


def refused(home: Path, *before: str, **variables: str) -> str:
    """What `up` said; it must be sentences, and it must not have started."""
    done = subprocess.run(
        [*before, *UP],
        cwd=ROOT,
        env={**environment(home), **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert "Errno" not in done.stderr
    return done.stderr


def test_a_home_below_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert f"{tmp_path}/file/home is not in a folder" in refused(tmp_path / "file" / "home")


@pytest.mark.sandbox
def test_a_home_that_cannot_be_written_is_a_sentence() -> None:
    text = refused(Path("/sys/callboard"))
    assert "Callboard cannot start: " in text
    assert "/sys/callboard" in text


def test_keys_that_cannot_be_read_are_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "keys" / "secret").mkdir(parents=True)
    assert "keys/secret" in refused(tmp_path)


@pytest.mark.parametrize("command", ["platform_user ada", "console_user ada --role viewer"])
def test_an_account_before_the_first_start_is_a_sentence(command: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *command.split()],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: The database cannot be used")
    assert f"Was `up` started once in {tmp_path}?" in done.stderr


def test_f27_a_database_that_is_none_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "platform.sqlite3").write_bytes(b"this is no database at all" * 100)
    text = refused(tmp_path)
    assert f"The database {tmp_path}/platform.sqlite3 is damaged" in text
    assert "Restore a backup" in text


@pytest.mark.slow
def test_f27_a_database_that_another_program_holds_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "platform.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        assert f"Another program holds the database {path}" in refused(tmp_path)


def test_a_database_server_that_is_away_is_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    url = f"postgres://nobody:secret@127.0.0.1:{port}/none"
    text = refused(tmp_path, DATABASE_URL=url)
    assert "The database none does not answer" in text
    assert "secret" not in text


@pytest.mark.sandbox
def test_f12_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    mount = f"mount -t tmpfs -o size=256k tmpfs {tmp_path} 2>/dev/null || exit 77"
    boxed = ["unshare", "-Urm", "sh", "-c", f'{mount}; exec "$@"', "sh"]
    probe = subprocess.run([*boxed, "true"], capture_output=True, check=False)
    if shutil.which("unshare") is None or probe.returncode:
        pytest.skip("no file system of one's own can be mounted here")
    assert "The disk is full. Make room, then start again." in refused(tmp_path, *boxed)


@pytest.mark.parametrize(
    "number", [signal.SIGHUP, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_a_stop_is_in_order_and_the_run_goes_on_later(tmp_path: Path, number: int) -> None:
    """As a terminal that closes: whoever read the words of `up` is gone too."""
    with running(tmp_path) as stack:
        with stack.api() as api:
            run = start(api, make(api, "counter", COUNTER), {"last": 30})
            said(api, run, "line 2")
        children = {name: find_child(stack.process.pid, mark) for name, mark in MARKS.items()}
        below = psutil.Process(stack.process.pid).children(recursive=True)
        assert stack.process.stdout is not None
        stack.process.stdout.close()
        stack.process.send_signal(number)
        order: list[str] = []
        while stack.process.poll() is None:
            gone = [name for name, child in children.items() if child and not is_alive(child)]
            order += [name for name in gone if name not in order]
            time.sleep(0.01)
        assert stack.process.returncode == 0
        assert order[0] == "Runner"
        assert order[-1] == "Redis"
        assert [child for child in below if is_alive(child)] == []
    with running(tmp_path) as stack, stack.api() as api:
        ended = finished(api, run)
        assert ended["status"] == "SUCCEEDED"
        assert "The runner stops, this run goes on" in api.get(f"logs/{run}").text
        assert api.get(f"actor-runs/{run}/key-value-store/records/DONE").json() == 30


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.sandbox
def test_f09_when_up_itself_is_killed_nothing_is_left_and_runs_go_on(tmp_path: Path) -> None:
    with running(tmp_path) as stack:
        with stack.api() as api:
            run = start(api, make(api, "counter", COUNTER), {"last": 30})
            said(api, run, "line 2")
        below = psutil.Process(stack.process.pid).children(recursive=True)
        os.kill(stack.process.pid, signal.SIGKILL)
        wait_for(lambda: not any(is_alive(child) for child in below))
    with running(tmp_path) as stack, stack.api() as api:
        assert finished(api, run)["status"] == "SUCCEEDED"


def test_others_are_let_in_when_asked_to(tmp_path: Path) -> None:
    with running(tmp_path, "--host", EVERYWHERE) as stack:
        port = stack.console_url.rsplit(":", 1)[1]
        names = [socket.gethostname(), "127.0.0.1"]
        for name in names:
            with socket.create_connection(("127.0.0.1", int(port))) as client:
                client.sendall(f"GET /sign-in/ HTTP/1.1\r\nHost: {name}:{port}\r\n\r\n".encode())
                assert client.recv(100).startswith(b"HTTP/1.1 200")
        with socket.create_connection(("127.0.0.1", int(port))) as client:
            client.sendall(f"GET /sign-in/ HTTP/1.1\r\nHost: evil.example:{port}\r\n\r\n".encode())
            assert client.recv(100).startswith(b"HTTP/1.1 400")
