"""The processes of docs/deployment.md, each started by itself, over PostgreSQL and a Redis."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.postgres_server import free_port, postgres_server
from tests.redis_server import RedisServer
from tests.stack import ROOT, environment, finished, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.slow, pytest.mark.sandbox]
TABLE = re.compile(r"^\| (Console|Platform|Worker|Runner) \| `([^`]+)`", re.MULTILINE)


@dataclass
class Deployment:
    environment: dict[str, str]
    console_url: str
    api_url: str

    def manage(self, *arguments: str, text: str = "") -> str:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=text,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    with ExitStack() as stack:
        address = stack.enter_context(postgres_server("console", "platform"))
        redis = RedisServer()
        redis.start()
        stack.callback(redis.close)
        ports = {"Console": free_port(), "Platform": free_port()}
        urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        variables = {
            **environment(tmp_path),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "DATABASE_URL": f"{address}/console",
            "PLATFORM_DATABASE_URL": f"{address}/platform",
            "REDIS_URL": redis.url,
            "CALLBOARD_PLATFORM_URL": urls["Platform"],
            "CALLBOARD_CONSOLE_URL": urls["Console"],
        }
        found = Deployment(variables, urls["Console"], urls["Platform"])
        found.manage("migrate", "-v", "0")
        found.manage("migrate", "--database", "platform", "-v", "0")
        for name, command in TABLE.findall((ROOT / "docs/deployment.md").read_text()):
            stack.enter_context(started(name, command, ports, variables, tmp_path))
        wait_for(lambda: all(map(answers, urls.values())), 60)
        yield found


def started(
    name: str, command: str, ports: dict[str, int], variables: dict[str, str], home: Path
) -> ExitStack:
    """The process of a row; ended when the stack is."""
    words = shlex.split(command)
    own = dict(word.split("=", 1) for word in words if re.match(r"[A-Z_]+=", word))
    argv = [word for word in words if not re.match(r"[A-Z_]+=", word)]
    if name in ports:
        argv[argv.index("--port") + 1] = str(ports[name])
    stack = ExitStack()
    log = stack.enter_context((home / f"{name}.log").open("w"))
    process = subprocess.Popen(argv, cwd=ROOT, env=variables | own, stdout=log, stderr=log)
    stack.callback(process.wait, 60)
    stack.callback(process.terminate)
    return stack


def answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False, timeout=5).status_code < 500
    except httpx.TransportError:
        return False


def test_hello_world_over_postgresql(deployment: Deployment) -> None:
    """Accounts as the document tells, a run by hand and by a schedule, the Console's page."""
    token = deployment.manage("platform_user", "admin")
    deployment.manage("load_samples", "--user", "admin")
    connect = ["connect_workspace", "--name", "Home", "--api-url", deployment.api_url]
    deployment.manage(*connect, "--api-token-stdin", text=token + "\n")
    link = re.search(r"http\S+", deployment.manage("console_user", "admin", "--role", "admin"))
    assert link
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(
        base_url=f"{deployment.api_url}/v2/", headers=headers, trust_env=False, timeout=70
    ) as api:
        actor = api.get("acts/admin~hello-world").json()["data"]["id"]
        build = "actor-builds?limit=3"
        wait_for(lambda: all(each["finishedAt"] for each in api.get(build).json()["data"]["items"]))
        run = finished(api, api.post(f"acts/{actor}/runs").json()["data"]["id"])
        assert run["status"] == "SUCCEEDED"
        assert api.get(f"datasets/{run['defaultDatasetId']}/items").json()
        actions = [{"type": "RUN_ACTOR", "actorId": actor}]
        body = {"cronExpression": "*/10 * * * * *", "isEnabled": True, "actions": actions}
        schedule = api.post("schedules", json=body).json()["data"]["id"]
        log = f"schedules/{schedule}/log"
        line = wait_for(lambda: api.get(log).json()["data"], 30)[0]
        assert line["message"].startswith("Schedule invoked")
        api.delete(f"schedules/{schedule}")
        usage = api.get("users/me/usage/monthly").json()["data"]
        assert usage["monthlyServiceUsage"]["ACTOR_COMPUTE_UNITS"]["quantity"] > 0
    with httpx.Client(follow_redirects=True, trust_env=False, timeout=30) as browser:
        browser.get(link[0]).raise_for_status()
        page = browser.get(f"{deployment.console_url}/runs/{run['id']}/")
        assert page.status_code == 200
        assert "Hello world" in page.text


@pytest.mark.parametrize("part", ["api", "storages", "clock", "http"])
def test_the_platform_s_tests_over_postgresql(part: str) -> None:
    with postgres_server("platform") as address:
        variables = {**os.environ, "PLATFORM_DATABASE_URL": f"{address}/platform"}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not node",
             f"tests/platform/{part}"],
            cwd=ROOT, env=variables, check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-20000:]
