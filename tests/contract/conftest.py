"""The official clients, unchanged, before a whole Callboard with its runner."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from apify_client import ApifyClient

from tests.faults.actors import CALL, make
from tests.npm import npm_packages
from tests.stack import Stack, running

# Says hello, pushes `count` items, keeps an output: what a small Actor does.
PUSHER = (
    CALL
    + """
store = os.environ["ACTOR_DEFAULT_KEY_VALUE_STORE_ID"]
given = json.loads(call("GET", f"key-value-stores/{store}/records/INPUT") or b"{}")
items = [{"n": n, "text": "item %d" % n} for n in range(given.get("count", 3))]
print("pushing", len(items), "items", flush=True)
call("POST", "datasets/" + os.environ["ACTOR_DEFAULT_DATASET_ID"] + "/items", items)
call("PUT", f"key-value-stores/{store}/records/OUTPUT", {"pushed": len(items)})
sys.exit(given.get("exit", 0))
"""
)

Node = Callable[[str], Any]
Cli = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running(tmp_path_factory.mktemp("contract") / "home") as started:
        yield started


@pytest.fixture(scope="package")
def client(stack: Stack) -> ApifyClient:
    return ApifyClient(stack.api_token, api_url=stack.api_url, api_public_url=stack.api_url)


@pytest.fixture(scope="package")
def pusher(stack: Stack) -> str:
    """The id of a built Actor."""
    with stack.api() as api:
        return make(api, "pusher", PUSHER)


@pytest.fixture(scope="session")
def packages() -> Path:
    """The folder with `node_modules`."""
    return npm_packages("clients", apify_client="2.25.0", apify_cli="1.10.0")


@pytest.fixture
def node(stack: Stack, packages: Path, tmp_path: Path) -> Node:
    """Runs the body of an async function that has `client` and returns what it returns."""

    def run(code: str) -> Any:
        script = tmp_path / "script.cjs"
        script.write_text(
            f"const {{ ApifyClient }} = require({json.dumps(str(packages))}"
            " + '/node_modules/apify-client');\n"
            "const [baseUrl, token] = [process.env.BASE_URL, process.env.TOKEN];\n"
            "const client = new ApifyClient({ baseUrl, publicBaseUrl: baseUrl, token });\n"
            f"(async () => {{ {code} }})().then(\n"
            "  (value) => console.log(JSON.stringify(value ?? null)),\n"
            "  (error) => { console.error(error); process.exit(1); });\n"
        )
        environment = {**os.environ, "BASE_URL": stack.api_url, "TOKEN": stack.api_token}
        done = subprocess.run(
            ["node", script],
            check=False,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


@pytest.fixture(scope="package")
def cli(stack: Stack, packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Cli:
    """`apify` with a home folder of its own, pointed at the Platform."""
    home = tmp_path_factory.mktemp("cli")
    environment = {
        **os.environ,
        "HOME": str(home),
        "APIFY_CLIENT_BASE_URL": stack.api_url,
        "APIFY_CONSOLE_URL": stack.console_url,
        "APIFY_CLI_DISABLE_TELEMETRY": "1",
        "APIFY_CLI_SKIP_UPDATE_CHECK": "1",
        "APIFY_DISABLE_KEYRING": "1",
        "NO_COLOR": "1",
        "CI": "1",
    }

    def run(
        *arguments: str, cwd: Path | None = None, codes: tuple[int, ...] = (0,)
    ) -> "subprocess.CompletedProcess[str]":
        done = subprocess.run(
            [packages / "node_modules/.bin/apify", *arguments],
            check=False,
            cwd=cwd or home,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode in codes, done.stdout + done.stderr
        return done

    run("login", "--token", stack.api_token)
    return run
