"""A disk that is nearly full takes nothing new, so that what frees it still has room to work: a
database needs some for each deletion."""

import shutil
import sqlite3
import time
from contextlib import closing
from typing import Any

from django.conf import settings

from apps.platform.domain.errors import ApiError

FULL = (
    "The Platform's disk is full. Delete runs, storages or builds, or make room on the machine, "
    "then try again."
)
LOOK = 1.0  # seconds for which it holds that there is room


def full() -> ApiError:
    return ApiError(507, "disk-full", FULL)


class Room:
    """`check` costs a look at the disk once a second; each time while it is full, so that room that
    was made counts at once."""

    def __init__(self) -> None:
        self._looked = -LOOK
        self._enough = True

    def check(self) -> None:
        """ApiError 507 when less is free than the setting asks for."""
        moment = time.monotonic()
        if not self._enough or moment - self._looked >= LOOK:
            self._looked = moment
            least = settings.PLATFORM_LEAST_ROOM_MBYTES << 20
            free = shutil.disk_usage(settings.HOME).free
            self._enough = free >= least or free + _reusable() >= least
        if not self._enough:
            raise full()


def _reusable() -> int:
    """Bytes inside SQLite's file that it fills before the file grows: what was deleted."""
    database: dict[str, Any] = settings.DATABASES["platform"]
    if "sqlite" not in database["ENGINE"]:
        return 0
    with closing(sqlite3.connect(database["NAME"], timeout=LOOK)) as connection:
        pages, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("freelist_count", "page_size")
        )
        return int(pages * size)
