"""Where an Actor's own web server listens, and the address that reaches it from outside.

All runs of a machine share its network, so each gets a port of its own.
"""

import socket

from django.conf import settings

from apps.platform.models import Run

PATH = "/web/"
SECONDS = 0.5


def url_of(run: Run) -> str:
    """The run's containerUrl: its key is not the run's id, which many people may know."""
    return f"{settings.PLATFORM_URL}{PATH}{run.web_key}/"


def new_address() -> str:
    """host:port with a port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("", 0))
        return f"{settings.PLATFORM_RUNNER_HOST}:{probe.getsockname()[1]}"


def answers(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), SECONDS):
            return True
    except OSError:
        return False
