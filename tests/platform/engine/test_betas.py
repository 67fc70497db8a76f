"""Rule 78: builds with beta versions of Apify's npm packages."""

import json
from pathlib import Path

import pytest

from apps.platform.engine.packages import betas
from tests.platform.engine.conftest import Machine

NAMES = {"apify": "^3.0.0", "@crawlee/core": "3", "left-pad": "1", "apify-clients": "1"}


def test_rule_78_apifys_packages_are_asked_for_as_betas(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(json.dumps({"dependencies": NAMES}))
    assert betas(tmp_path) == ("@crawlee/core@beta", "apify@beta")


@pytest.mark.parametrize("text", ["", "[]", "{", '{"dependencies": 3}'])
def test_a_strange_package_file_asks_for_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "package.json").write_text(text)
    assert betas(tmp_path) == ()


@pytest.mark.node
@pytest.mark.sandbox
def test_rule_78_a_build_asks_npm_for_them(machine: Machine) -> None:
    """A registry without a beta says so in the log, and the build goes on with the latest."""
    about = {"name": "x", "dependencies": {"apify-client": "2"}, "scripts": {"start": "node a.js"}}
    files = [
        {"name": "package.json", "format": "TEXT", "content": json.dumps(about)},
        {"name": "a.js", "format": "TEXT", "content": "console.log('hi')"},
    ]
    actor = machine.actor_of("betas", files)
    path = f"acts/{actor}/builds?version=0.0&betaPackages=1&waitForFinish=60"
    build = machine.ada.data("POST", path)
    assert build["status"] == "SUCCEEDED"
    assert build["options"]["betaPackages"] is True
    log = machine.log(build["id"])
    installed = machine.platform.home / "platform"
    found = list(installed.glob("**/node_modules/apify-client/package.json"))
    versions = {json.loads(path.read_text())["version"] for path in found}
    assert "apify-client@beta" in log or any("beta" in version for version in versions)
