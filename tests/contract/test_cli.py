"""`apify-cli` from npm: log in, push a folder, call it, look at what came out."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.conftest import PUSHER, Cli
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.node]

ACTOR = {"actorSpecification": 1, "name": "from-cli", "version": "0.1", "buildTag": "latest"}
INPUT = {
    "title": "Pusher",
    "type": "object",
    "schemaVersion": 1,
    "properties": {
        "count": {"title": "Count", "type": "integer", "description": "How many", "default": 3}
    },
}


@pytest.fixture(scope="module")
def pushed(cli: Cli, stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an Actor that was pushed and built. For a new Actor the tool first asks a
    server on the internet, so that it is made before."""
    with stack.api() as api:
        assert api.post("actors", json={"name": ACTOR["name"]}).status_code == 201
    folder = tmp_path_factory.mktemp("actor")
    (folder / ".actor").mkdir()
    (folder / ".actor/actor.json").write_text(json.dumps({**ACTOR, "input": "./input.json"}))
    (folder / ".actor/input.json").write_text(json.dumps(INPUT))
    (folder / "Dockerfile").write_text('FROM apify/actor-python\nCMD ["python3", "main.py"]\n')
    (folder / "main.py").write_text(PUSHER)
    said = cli("push", "--force", cwd=folder)
    assert "from-cli" in said.stdout + said.stderr
    return folder


def told(cli: Cli, *arguments: str, cwd: Path | None = None) -> Any:
    return json.loads(cli(*arguments, "--json", cwd=cwd).stdout)


def test_it_logs_in(cli: Cli, stack: Stack) -> None:
    said = cli("info")
    assert stack.username in said.stdout + said.stderr


def test_it_pushes_and_calls(cli: Cli, pushed: Path, stack: Stack) -> None:
    done = told(cli, "call", "--input", '{"count": 5}', cwd=pushed)
    assert done["run"]["status"] == "SUCCEEDED"
    with stack.api() as api:
        items = api.get(f"datasets/{done['storage']['defaultDatasetId']}/items").json()
    assert [item["n"] for item in items] == [0, 1, 2, 3, 4]


def test_it_lists_actors_and_runs(cli: Cli, pushed: Path) -> None:
    run = told(cli, "call", cwd=pushed)["run"]["id"]
    actors = told(cli, "actors", "ls", "--my")
    assert "from-cli" in json.dumps(actors)
    runs = told(cli, "runs", "ls", cwd=pushed)
    assert runs["items"][0]["status"] == "SUCCEEDED"
    log = cli("runs", "log", run)
    assert "pushing 3 items" in log.stdout + log.stderr


def test_it_reads_storages(cli: Cli, pushed: Path) -> None:
    made = told(cli, "call", "--input", '{"count": 2}', cwd=pushed)["storage"]
    items = cli("datasets", "get-items", made["defaultDatasetId"], "--format", "json")
    assert [item["n"] for item in json.loads(items.stdout)] == [0, 1]
    keys = cli("key-value-stores", "keys", made["defaultKeyValueStoreId"])
    assert "OUTPUT" in keys.stdout + keys.stderr


def test_it_pulls_what_it_pushed(cli: Cli, pushed: Path, stack: Stack, tmp_path: Path) -> None:
    cli("pull", f"{stack.username}/from-cli", cwd=tmp_path)
    assert (tmp_path / "from-cli/main.py").read_text() == PUSHER
