"""What tests take from npm, in a cache folder of theirs, once for all workers and runs."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

import pytest

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "callboard-tests"


def npm_packages(name: str, **versions: str) -> Path:
    """The folder with `node_modules` that holds the packages; `_` stands for `-` in their names."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        pytest.skip("node and npm are not installed: apt-get install npm")
    wanted = [f"{package.replace('_', '-')}@{version}" for package, version in versions.items()]
    folder = CACHE / "-".join([name, *versions.values()])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            options = ["--silent", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts"]
            subprocess.run(["npm", "install", *options, "--prefix", folder, *wanted], check=True)
            (folder / "complete").touch()
    return folder
