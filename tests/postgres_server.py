"""A real PostgreSQL for tests, when the machine has Debian's and the driver is installed."""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = "postgres"  # whom Debian's package makes: root may not run it


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def postgres_server(*databases: str) -> Iterator[str]:
    """The start of its databases' addresses; skips when it is not there."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries or importlib.util.find_spec("psycopg") is None:
        pytest.skip("apt-get install postgresql, and the packages of requirements-postgres.lock")
    user = NOBODY if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="cb-pg-", ignore_cleanup_errors=True) as folder:
        if user:
            shutil.chown(folder, user)

        def run(program: str, *arguments: str) -> None:
            subprocess.run(
                [binaries[-1] / program, *arguments],
                cwd=folder,
                user=user,
                check=True,
                stdout=subprocess.DEVNULL,
            )

        data = f"{folder}/data"
        run("initdb", "-D", data, "-A", "trust", "-U", "callboard", "--no-sync")
        port = free_port()
        options = f"-k {folder} -c listen_addresses=127.0.0.1 -p {port} -c fsync=off"
        run("pg_ctl", "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start")
        try:
            for name in databases:
                run("createdb", "-h", folder, "-p", str(port), "-U", "callboard", name)
            yield f"postgres://callboard@127.0.0.1:{port}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
