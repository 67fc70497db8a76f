"""A real Platform: uvicorn in a process of its own, with its own data folder and database.

`platform` serves the whole session. Tests that write straight to its database do so with
`platform.shell(...)` or over HTTP: their own process has another database.
"""

import importlib
import os
import secrets
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from apify_client import ApifyClient

ROOT = Path(__file__).resolve().parents[2]
NO_LIMITS = (
    *("--limit", "maxActorMemoryGbytes=1000000"),
    *("--limit", "maxConcurrentActorJobs=1000000"),
)
SERVE = "import sys; from console.serve import main; main(*sys.argv[1:])"


@dataclass
class Account:
    """A user of the Platform and ways to call as that user."""

    url: str
    username: str
    token: str
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        headers = {"Authorization": f"Bearer {self.token}"}
        self.http = httpx.Client(
            base_url=f"{self.url}/v2/", headers=headers, trust_env=False, timeout=70
        )

    @property
    def client(self) -> ApifyClient:
        return ApifyClient(self.token, api_url=self.url, api_public_url=self.url)

    def data(self, method: str, path: str, **options: Any) -> Any:
        """`data` of an answer that must be a success."""
        response = self.http.request(method, path, **options)
        assert response.is_success, response.text
        return response.json()["data"]


@dataclass
class Platform:
    url: str
    home: Path
    environment: dict[str, str]
    anonymous: httpx.Client = field(init=False)
    accounts: list[Account] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.anonymous = httpx.Client(base_url=f"{self.url}/v2/", trust_env=False, timeout=70)

    def close(self) -> None:
        self.anonymous.close()
        for account in self.accounts:
            account.http.close()

    def manage(self, *arguments: str, text: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def shell(self, code: str) -> str:
        """Runs Python beside the server, with the Platform's models at hand; its output."""
        prelude = "from apps.platform.models import *\n"
        return self.manage("shell", "--no-imports", "-v", "0", "-c", prelude + code)

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Runs a statement, its values marked by `?`, on the server's own database."""
        with closing(self._connect()) as connection:
            cursor = connection.cursor()
            cursor.execute(statement.replace("?", "%s") if self.postgres else statement, values)
            rows = cursor.fetchall() if cursor.description else []
            connection.commit()
            return rows

    @property
    def postgres(self) -> str:
        """Its address, when the rows are there."""
        return self.environment.get("PLATFORM_DATABASE_URL", "")

    def _connect(self) -> Any:
        if self.postgres:
            return importlib.import_module("psycopg").connect(self.postgres)
        return sqlite3.connect(self.home / "platform.sqlite3", timeout=20)

    def account(self, username: str = "", *options: str) -> Account:
        username = username or f"user-{secrets.token_hex(4)}"
        token = self.manage("platform_user", username, *options)
        self.accounts.append(Account(self.url, username, token))
        return self.accounts[-1]


def own_database() -> dict[str, str]:
    """With `PLATFORM_DATABASE_URL`, an empty one on the same server: two data folders with their
    keys cannot share one."""
    given = os.environ.get("PLATFORM_DATABASE_URL", "")
    if not given:
        return {}
    name = f"platform_{secrets.token_hex(4)}"
    with importlib.import_module("psycopg").connect(given, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return {"PLATFORM_DATABASE_URL": f"{given.rpartition('/')[0]}/{name}"}


def start_platform(home: Path, **variables: str) -> Generator[Platform]:
    """A server on a free port of loopback over `home`; stopped when the iterator goes on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        environment = {
            **os.environ,
            "CALLBOARD_HOME": str(home),
            "CALLBOARD_BOOTSTRAP": "off",
            "CALLBOARD_PLATFORM_URL": url,
            "CALLBOARD_PLATFORM_RATE_LIMITS": "0",
            **own_database(),
            **variables,
        }
        migrate = [sys.executable, "manage.py", "migrate", "--database", "platform", "-v", "0"]
        subprocess.run(migrate, cwd=ROOT, env=environment, check=True)
        with (home / "platform.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", SERVE, "apps.platform.asgi:app", str(listener.fileno())],
                cwd=ROOT,
                env=environment,
                pass_fds=[listener.fileno()],
                stdout=log,
                stderr=log,
            )
        try:
            wait_until_it_answers(url, process, home / "platform.log")
            server = Platform(url, home, environment)
            try:
                yield server
            finally:
                server.close()
        finally:
            process.terminate()
            process.wait(20)


def wait_until_it_answers(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"{url}/v2/users/me", trust_env=False, timeout=2)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    yield from start_platform(tmp_path_factory.mktemp("platform"))


@pytest.fixture(scope="session")
def ada(platform: Platform) -> Account:
    """Its runs are never executed here, so nothing frees what they hold."""
    return platform.account("ada", *NO_LIMITS)


@pytest.fixture(scope="session")
def ben(platform: Platform) -> Account:
    """Another user."""
    return platform.account("ben")
