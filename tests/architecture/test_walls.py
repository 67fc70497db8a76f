"""The walls of the house, each with a violation planted to show that it would be seen."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# contract, module that a careless person adds to, what they write there
PLANTS = [
    ("wall-1-console", "apps/runs/planted.py", "import apps.platform.models"),
    ("wall-1-platform", "apps/platform/api/planted.py", "import console.keys"),
    ("wall-2", "console/api/planted.py", "import django.utils.timezone"),
    ("wall-3", "console/ui/planted.py", "import apps.runs.apps"),
    ("wall-4", "apps/runs/planted.py", "import apps.actors.apps"),
    ("wall-5", "apps/platform/storage/planted.py", "import apps.platform.engine"),
    ("wall-5-http", "apps/platform/http/planted.py", "import apps.platform.models"),
    ("wall-6-domain", "apps/platform/domain/planted.py", "import django.utils.timezone"),
    ("wall-6-inside", "apps/platform/engine/planted.py", "import starlette.requests"),
    ("wall-7", "apps/runs/planted.py", "import httpx"),
    ("wall-7-platform", "apps/platform/clock/planted.py", "import httpcore"),
]


def lint(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as l; l()"]
    return subprocess.run(
        [*command, "--no-cache", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    ignore = shutil.ignore_patterns("__pycache__", "samples", "node_modules")
    for name in ("console", "apps", "tests/architecture"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignore)
    shutil.copy(ROOT / "tests/__init__.py", tmp_path / "tests")
    return tmp_path


def test_walls_stand() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("contract", "module", "line"), PLANTS, ids=[p[0] for p in PLANTS])
def test_a_planted_violation_is_seen(copy: Path, contract: str, module: str, line: str) -> None:
    (copy / module).write_text(line + "\n")
    done = lint(copy, "--contract", contract)
    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout


def test_every_contract_has_a_plant() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    named = [line.split('"')[1] for line in text.splitlines() if line.startswith("id = ")]
    assert sorted(named) == sorted(plant[0] for plant in PLANTS)


def test_nothing_of_the_standard_library_goes_around_the_guarded_client() -> None:
    """What import-linter cannot see: it takes the standard library's packages as one."""
    around = re.compile(r"urllib\.request|http\.client|create_connection|open_connection|urlopen")
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "apps/platform").rglob("*.py")
        if "samples" not in path.parts and around.search(path.read_text())
    }
    # these reach runs' own servers, at addresses that the Platform itself gave them
    assert found == {"apps/platform/api/web.py", "apps/platform/engine/web.py"}
