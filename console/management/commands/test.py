import os
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

CHROMIUM = Path("/usr/bin/chromium")
MOST_WORKERS = 4  # each may hold a browser and a whole Callboard: about 1 GB


def left_out() -> list[tuple[str, str]]:
    """(marker, sentence) of what this machine cannot run."""
    found = []
    if not CHROMIUM.exists():
        found.append(("browser", "the browser tests: Debian's package chromium is not installed"))
    if shutil.which("node") is None or shutil.which("npm") is None:
        found.append(("node", "the tests that need Node: node and npm are not installed"))
    if sys.platform != "linux":
        found.append(("sandbox", "the sandbox tests: they need Linux"))
    return found


def spread() -> list[str]:
    """One worker for each core (`-- -n 0` has none): tests/sharing.py shares the tests out."""
    cores = os.cpu_count() or 1
    return ["-n", str(min(cores, MOST_WORKERS))] if cores > 1 else []


class Command(BaseCommand):
    help = "Run the whole test suite; further arguments go to pytest."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("pytest", nargs="*", help="arguments for pytest, after --")

    def handle(self, *args: Any, **options: Any) -> None:
        missing = left_out()
        expression = " and ".join(["not slow", *(f"not {marker}" for marker, _ in missing)])
        command = [sys.executable, "-m", "pytest", *spread(), "-m", expression]
        command += options["pytest"]
        code = subprocess.run(command, cwd=settings.BASE_DIR, check=False).returncode
        for _, sentence in missing:
            self.stderr.write(f"Left out: {sentence}.")
        self.stderr.write(
            "Left out: the long fault campaign. Run it with: manage.py test -- -m slow"
        )
        sys.exit(code)
