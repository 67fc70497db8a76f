"""The checkers that read the whole tree; each is one command a person can run too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent

COMMANDS = {
    "format": ["ruff", "format", "--check", "."],
    "lint": ["ruff", "check", "."],
    "types": ["mypy", "."],
    "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
    "deploy": ["python", "manage.py", "check"],
    "packages": ["uv", "pip", "check", "--python", sys.executable],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_checker_is_content(name: str, tmp_path: Path) -> None:
    program, *rest = COMMANDS[name]
    environment = {**os.environ, "CALLBOARD_BOOTSTRAP": "off", "CALLBOARD_HOME": str(tmp_path)}
    done = subprocess.run(
        [BIN / program, *rest],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def requirements(text: str) -> set[str]:
    return {line.split()[0] for line in text.splitlines() if "==" in line and line[0].isalnum()}


def test_tests_run_on_the_packages_that_ship() -> None:
    shipped = requirements((ROOT / "requirements.lock").read_text())
    tested = requirements((ROOT / "requirements-dev.lock").read_text())
    assert shipped
    assert shipped <= tested


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_a_hash(name: str) -> None:
    blocks = (ROOT / name).read_text().split("\n")
    starts = [i for i, line in enumerate(blocks) if "==" in line and line[:1].isalnum()]
    assert all("--hash=sha256:" in blocks[i + 1] for i in starts)
