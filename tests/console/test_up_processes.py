"""The supervisor's parts with real child processes."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from console.up.layout import await_redis, listen, shown
from console.up.options import parse
from console.up.processes import Spec, Supervised
from console.up.words import why


def spec(code: str, *, patience: float = 5.0) -> Spec:
    return Spec(
        "Sleeper", [sys.executable, "-c", code], dict(os.environ), lambda: True, (), patience
    )


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_crashed_process_is_started_again_with_a_sentence(tmp_path: Path) -> None:
    child = Supervised(spec("import time; time.sleep(60)"), tmp_path / "log")
    child.start()
    assert child.process is not None
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: not child.alive())
    sentence = child.look()
    assert "Sleeper stopped unexpectedly (exit code -9)" in sentence
    wait_until(lambda: child.look() == "" and child.alive())
    assert child.process.pid != first
    child.stop()
    assert not child.alive()


def test_a_process_that_keeps_failing_is_tried_less_often(tmp_path: Path) -> None:
    child = Supervised(spec("raise SystemExit(3)"), tmp_path / "log")
    child.start()
    said: list[str] = []
    wait_until(lambda: said.append(child.look()) or sum(bool(each) for each in said) == 3)  # type: ignore[func-returns-value]  # append is the point
    pauses = [each.split(" in ")[1].split(" s;")[0] for each in said if each]
    assert pauses == ["0.2", "0.4", "0.8"]


def test_a_process_that_ignores_the_request_is_killed_with_its_group(tmp_path: Path) -> None:
    code = "import signal, time; signal.signal(15, signal.SIG_IGN); print(1, flush=True)"
    code += "; time.sleep(60)"
    child = Supervised(spec(code, patience=0.2), tmp_path / "log")
    child.start()
    wait_until(lambda: (tmp_path / "log").read_text() == "1\n")
    child.stop()
    assert child.process is not None
    assert child.process.returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
def test_children_die_when_the_parent_is_killed(tmp_path: Path) -> None:
    code = textwrap.dedent(f"""
        import os, sys, time
        from pathlib import Path
        from console.up.processes import Spec, Supervised
        argv = [sys.executable, "-c", "import time; time.sleep(60)"]
        spec = Spec("x", argv, dict(os.environ), bool)
        child = Supervised(spec, Path({str(tmp_path / "log")!r}))
        child.start()
        print(child.process.pid, flush=True)
        time.sleep(60)
    """)
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not running(pid))


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_api_address_loses_its_version_and_slash() -> None:
    given = ["--no-platform", "--api-url", "https://api.example/v2/", "--api-token", "t"]
    assert parse(given).api_url == "https://api.example"


@pytest.mark.parametrize(
    "given",
    [
        ["--no-platform"],
        ["--no-platform", "--api-url", "http://x"],
        ["--api-url", "http://x"],
        ["--no-platform", "--api-url", "api.example", "--api-token", "t"],
        ["--no-platform", "--api-url", "ftp://x", "--api-token", "t"],
    ],
)
def test_half_an_instruction_is_refused(given: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CALLBOARD_API_TOKEN", raising=False)
    with pytest.raises(SystemExit) as ended:
        parse(given)
    assert ended.value.code == 2


@pytest.mark.parametrize("option", ["--port", "--platform-port"])
@pytest.mark.parametrize("text", ["65536", "-1", "x", "1.5", "", "²"])
def test_a_port_that_is_none_is_a_sentence(
    option: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        parse([f"{option}={text}"])
    assert "is no port. Use a number from 0 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "address"),
    [("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("::1", "[::1]"), ("box.lan", "box.lan")],  # noqa: S104 - what a person asks for
)
def test_the_address_that_is_shown_can_be_opened(host: str, address: str) -> None:
    assert shown(host) == address


def test_everywhere_means_both_kinds_of_addresses() -> None:
    with listen("::", 0) as listener:
        port = listener.getsockname()[1]
        for loopback in ("127.0.0.1", "::1"):
            socket.create_connection((loopback, port), timeout=5).close()


def test_a_redis_that_does_not_answer_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        await_redis(f"redis://:secret@127.0.0.1:{port}/0", seconds=1)
    with pytest.raises(OSError, match="does not answer") as problem:
        await_redis(f"redis://:secret@127.0.0.1:{port}/0", seconds=0.1)
    assert why(problem.value) == (
        f"The server that REDIS_URL names does not answer (127.0.0.1:{port})."
    )
    with pytest.raises(OSError, match="The port in REDIS_URL is none"):
        await_redis("redis://127.0.0.1:nine/0")


def test_a_host_that_nobody_knows_is_a_sentence() -> None:
    with pytest.raises(OSError, match=r"nowhere\.invalid") as problem:
        listen("nowhere.invalid", 0)
    assert why(problem.value).startswith("This machine has no address nowhere.invalid. ")
