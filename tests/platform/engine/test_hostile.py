"""F-28 and rows 3, 22, 23: Actors that misbehave end with the right status, and alone."""

import psutil
import pytest

from tests.platform.engine.conftest import Machine
from tests.stack import wait_for

pytestmark = pytest.mark.sandbox


def strays(mark: str) -> list[psutil.Process]:
    """Processes whose command line holds `mark`."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if any(mark in word for word in process.info["cmdline"] or []):
            found.append(process)
    return found


HOSTILE = {
    "double-fork": (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        "        os.execvp('sleep', ['sleep', '7654321'])\n    os._exit(0)\ntime.sleep(0.5)\n",
        "SUCCEEDED",
        0,
    ),
    "deaf": (
        "import signal, os, time\nfor n in range(1, 32):\n"
        "    try: signal.signal(n, signal.SIG_IGN)\n"
        "    except (OSError, ValueError): pass\nos.execvp('sleep', ['sleep', '7654321'])\n",
        "TIMED-OUT",
        None,
    ),
    "closes-stdout": (
        "import os, time\nos.close(1)\nos.close(2)\ntime.sleep(0.3)\n",
        "SUCCEEDED",
        0,
    ),
    "killed": ("import os\nos.kill(os.getpid(), 9)\n", "FAILED", 137),
    "leaves-child": (
        "import subprocess\nsubprocess.Popen(['sleep', '7654321'])\nprint('bye')\n",
        "SUCCEEDED",
        0,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_f28_a_hostile_actor_ends_alone(machine: Machine, name: str) -> None:
    code, status, exit_code = HOSTILE[name]
    run = machine.run(machine.actor(f"hostile-{name}", code), "timeout=3")
    assert run["status"] == status, machine.log(run["id"])
    if exit_code is not None:
        assert run["exitCode"] == exit_code
    wait_for(lambda: not strays("7654321"), 5)


def test_a_memory_hog_is_told_why_it_ended(machine: Machine) -> None:
    code = "held = []\nwhile True:\n    held.append(bytearray(8 << 20))\n"
    run = machine.run(machine.actor("hog", code), "memory=128&timeout=60")
    assert run["status"] == "FAILED"
    assert "MB of memory" in run["statusMessage"] or "MemoryError" in machine.log(run["id"])


def test_f17_a_flood_of_log_keeps_its_end(machine: Machine) -> None:
    code = (
        "for n in range(120000):\n    print(n, 'x' * 40)\nprint('z' * 200000)\nprint('the end')\n"
    )
    run = machine.run(machine.actor("flood", code))
    assert run["status"] == "SUCCEEDED"
    text = machine.log(run["id"])
    assert len(text) <= 5_000_000
    assert text.rstrip().endswith("the end")


READS = [
    "/root/.bashrc",
    "/etc/shadow",
    "/proc/1/environ",
    "{home}/platform.sqlite3",
    "{home}/keys/fernet",
    "{home}/keys/secret",
    "{home}/platform/records",
    "{home}/platform/logs",
    "{redis}",
    "/work",
    "/home",
    "/var/log",
    "/sys/fs/cgroup/memory/callboard",
]


def test_an_actor_reads_nothing_of_the_machine(machine: Machine) -> None:
    """Row 3: secrets, databases, other runs and Redis are out of reach."""
    places = [
        place.format(home=machine.platform.home, redis=machine.redis.socket) for place in READS
    ]
    code = (
        "import os\n"
        f"for place in {places!r}:\n"
        "    try:\n"
        "        data = os.listdir(place) if os.path.isdir(place) else open(place, 'rb').read()\n"
        "        if data and b'ACTOR_RUN_ID' not in bytes(str(data), 'utf8'):\n"
        "            print('READ', place, str(data)[:60])\n"
        "    except OSError: pass\n"
        "print('pids', [p for p in os.listdir('/proc') if p.isdigit()])\n"
        "print('uid', os.getuid())\n"
        "try: open('/usr/planted', 'w'); print('WROTE')\n"
        "except OSError: pass\n"
    )
    run = machine.run(machine.actor("curious", code))
    text = machine.log(run["id"])
    assert run["status"] == "SUCCEEDED", text
    assert "READ " not in text
    assert "WROTE" not in text
    assert "uid 1000" in text
    pids = text.split("pids [", 1)[1].split("]", 1)[0]
    assert len(pids.split(",")) <= 4


def test_a_runs_token_reaches_only_its_own(machine: Machine) -> None:
    foreign = machine.ada.data("POST", "key-value-stores")["id"]
    code = (
        "import os, urllib.request, urllib.error\n"
        "def ask(method, path):\n"
        "    r = urllib.request.Request(os.environ['APIFY_API_BASE_URL'] + '/v2/' + path,\n"
        "        data=b'{}' if method in ('PUT', 'POST') else None, method=method,\n"
        "        headers={'Authorization': 'Bearer ' + os.environ['APIFY_TOKEN'],\n"
        "                 'Content-Type': 'application/json'})\n"
        "    try: return urllib.request.urlopen(r).status\n"
        "    except urllib.error.HTTPError as e: return e.code\n"
        f"print('DELETE', ask('DELETE', 'key-value-stores/{foreign}'))\n"
        f"print('PUT', ask('PUT', 'key-value-stores/{foreign}/records/a'))\n"
        "print('ACTOR', ask('DELETE', 'acts/' + os.environ['ACTOR_ID']))\n"
        "print('OWN', ask('PUT', 'key-value-stores/'\n"
        "    + os.environ['ACTOR_DEFAULT_KEY_VALUE_STORE_ID'] + '/records/a'))\n"
    )
    run = machine.run(machine.actor("reaching", code))
    text = machine.log(run["id"])
    assert "DELETE 403" in text, text
    assert "PUT 403" in text
    assert "ACTOR 403" in text
    assert "OWN 201" in text
