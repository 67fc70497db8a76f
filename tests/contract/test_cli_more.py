"""`apify-cli` from npm: from a template to a large push, builds, runs and storages by hand."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.conftest import PUSHER, Cli
from tests.contract.test_cli import told
from tests.stack import Stack

pytestmark = [pytest.mark.processes, pytest.mark.node]
LARGE = 4 << 20  # above 3 MB the tool uploads a zip archive
TEMPLATE = {
    ".actor/actor.json": json.dumps(
        {"actorSpecification": 1, "name": "from-template", "version": "0.1", "buildTag": "latest"}
    ),
    "Dockerfile": 'FROM apify/actor-python\nCMD ["python3", "-m", "app"]\n',
    "app/__init__.py": "",
    "app/__main__.py": PUSHER,
    "requirements.txt": "",
}


@pytest.fixture(scope="module")
def project(cli: Cli, stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of a template that `init` made a project of, pushed once; `create`
    looks for templates on the internet."""
    folder = tmp_path_factory.mktemp("created")
    with stack.api() as api:  # for one that is new the tool asks a server on the internet first
        assert api.post("actors", json={"name": "from-template"}).status_code == 201
    for name, text in TEMPLATE.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    cli("init", "from-template", "--yes", cwd=folder)
    assert json.loads((folder / ".actor/actor.json").read_text())["name"] == "from-template"
    cli("push", "--force", cwd=folder)
    return folder


def test_a_push_of_more_than_three_megabytes(cli: Cli, project: Path, stack: Stack) -> None:
    """The archive goes through a key-value store and the build takes it from there."""
    (project / "large.bin").write_bytes(b"x" * LARGE)  # the tool may send a large zip cut off
    check = "print('large', len(open('large.bin', 'rb').read()), flush=True)\n"
    (project / "app/__main__.py").write_text(check + PUSHER)
    cli("push", "--force", cwd=project)
    done = told(cli, "call", cwd=project)["run"]
    assert done["status"] == "SUCCEEDED"
    with stack.api() as api:
        assert f"large {LARGE}" in api.get(f"logs/{done['id']}").text
        found = api.get(f"acts/{stack.username}~from-template").json()["data"]
    assert [each["sourceType"] for each in found["versions"]] == ["TARBALL"]


def test_builds_from_the_command_line(cli: Cli, project: Path) -> None:
    made = told(cli, "builds", "create", "--version", "0.1", cwd=project)["build"]
    cli("builds", "wait", made["id"])
    assert told(cli, "builds", "info", made["id"])["status"] == "SUCCEEDED"
    listed = told(cli, "builds", "ls", cwd=project)["items"]
    assert made["id"] in [each["id"] for each in listed]
    log = cli("builds", "log", made["id"])
    assert log.stdout + log.stderr


def test_runs_from_the_command_line(cli: Cli, project: Path, stack: Stack) -> None:
    info = told(cli, "actors", "info", f"{stack.username}/from-template")
    assert "from-template" in json.dumps(info)
    # it does not wait, and exits with 1 when the run has not succeeded by then
    name = f"{stack.username}/from-template"
    run: Any = json.loads(cli("actors", "start", name, "--json", codes=(0, 1)).stdout)
    assert run["ok"] is True
    run_id = run.get("id") or run["run"]["id"]
    cli("runs", "wait", run_id)
    assert told(cli, "runs", "info", run_id)["status"] == "SUCCEEDED"
    cli("runs", "rm", run_id, "--yes")
    with stack.api() as api:
        assert api.get(f"actor-runs/{run_id}").status_code == 404


def test_storages_from_the_command_line(cli: Cli, stack: Stack) -> None:
    dataset = told(cli, "datasets", "create", "cli-items")["id"]
    cli("datasets", "push-items", dataset, '[{"a": 1}, {"a": 2}]')
    table = cli("datasets", "get-items", dataset, "--format", "csv").stdout
    assert table.lstrip("\ufeff").split() == ["a", "1", "2"]
    assert dataset in json.dumps(told(cli, "datasets", "ls"))
    store = told(cli, "key-value-stores", "create", "cli-store")["id"]
    assert "cli-store" in cli("key-value-stores", "ls").stdout  # while it is empty
    cli("key-value-stores", "set-value", store, "page", "<p>1</p>", "--content-type", "text/html")
    assert "<p>1</p>" in cli("key-value-stores", "get-value", store, "page").stdout
    assert store in json.dumps(told(cli, "key-value-stores", "ls"))
    for kind, each in (("datasets", dataset), ("key-value-stores", store)):
        cli(kind, "rm", each, "--yes")
        with stack.api() as api:
            assert api.get(f"{kind}/{each}").status_code == 404
