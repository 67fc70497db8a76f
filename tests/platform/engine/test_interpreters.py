"""Another Python or Node than the usual one, when the Dockerfile names it and it is there."""

import json
import os
from pathlib import Path

import pytest

from apps.platform.engine import interpreters
from tests.platform.engine.conftest import Machine

OTHERS = [f"3.{minor}" for minor in range(9, 16) if f"3.{minor}" != interpreters.OWN_PYTHON]


@pytest.mark.parametrize("version", ["", "3", interpreters.OWN_PYTHON])
def test_the_usual_python_needs_nothing(version: str) -> None:
    assert interpreters.other("python", version) == (None, "")


def test_a_version_that_is_not_there_is_a_sentence() -> None:
    found, said = interpreters.other("python", "3.2")
    assert found is None
    assert said == (
        f"asks for Python 3.2, which this machine does not have: {interpreters.OWN_PYTHON} is used"
    )


def test_the_nearest_python_stands_in_for_a_newer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    minor = int(interpreters.OWN_PYTHON.partition(".")[2])
    there = {f"3.{minor + 1}": Path("/one"), f"3.{minor + 2}": Path("/two")}
    monkeypatch.setattr(interpreters, "_python", there.get)
    found, said = interpreters.other("python", f"3.{minor + 4}")
    assert found == Path("/two")
    assert said.endswith(f"which this machine does not have: 3.{minor + 2} is used")
    assert interpreters.other("python", "3.x")[0] is interpreters.other("python", "4")[0] is None
    assert interpreters.other("python", f"3.{minor - 1}")[0] is None


def test_another_node_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not interpreters.node_major():
        pytest.skip("no Node")
    for name, text in (("node", "echo v6.1.0"), ("npm", "")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert interpreters.other("node", "6.14") == (tmp_path, "Node 6 of this machine is used")
    assert interpreters.other("node", "5")[0] is None


def test_an_actor_runs_with_another_python(machine: Machine) -> None:
    exact = "of this machine is used"
    there = [each for each in OTHERS if interpreters.other("python", each)[1].endswith(exact)]
    if not there:
        pytest.skip("this machine has one Python")
    version = there[-1]
    files = {
        "Dockerfile": f"FROM apify/actor-python:{version}\nCOPY . ./\nCMD python main.py\n",
        "main.py": "import sys; print('version', '%d.%d' % sys.version_info[:2])",
    }
    listed = [{"name": name, "format": "TEXT", "content": files[name]} for name in files]
    run = machine.run(machine.actor_of("other-python", listed))
    assert f"version {version}" in machine.log(run["id"])
    assert f"Python {version} of this machine is used" in machine.log(run["buildId"])


@pytest.mark.node
def test_run_npm_install_reaches_the_run(machine: Machine) -> None:
    files = {
        "Dockerfile": "FROM node\nCOPY . ./\nRUN npm install ms@2.1.3\nCMD node main.js\n",
        "main.js": "console.log('a day is', require('ms')('1d'))",
        "package.json": json.dumps({"main": "main.js"}),
    }
    listed = [{"name": name, "format": "TEXT", "content": files[name]} for name in files]
    run = machine.run(machine.actor_of("npm-by-dockerfile", listed))
    assert "a day is 86400000" in machine.log(run["id"])
