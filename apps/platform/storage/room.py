"""A disk that is nearly full takes nothing new, so that what frees it still has room to work: a
database needs some for each deletion."""

import shutil
import sqlite3
from contextlib import closing
from typing import Any

from django.conf import settings

from apps.platform.domain.errors import ApiError

FULL = (
    "The Platform's disk is full. Delete runs, storages or builds, or make room on the machine, "
    "then try again."
)
BUSY = 1.0  # seconds to wait for the database's own count


def full() -> ApiError:
    return ApiError(507, "disk-full", FULL)


def check() -> None:
    """ApiError 507 when less is free than the setting asks for. It looks each time, at about two
    microseconds: what is written within one second can be more than what is kept back."""
    least = settings.PLATFORM_LEAST_ROOM_MBYTES << 20
    free = shutil.disk_usage(settings.HOME).free
    if free < least and free + _reusable() < least:
        raise full()


def _reusable() -> int:
    """Bytes inside SQLite's file that it fills before the file grows: what was deleted."""
    database: dict[str, Any] = settings.DATABASES["platform"]
    if "sqlite" not in database["ENGINE"]:
        return 0
    with closing(sqlite3.connect(database["NAME"], timeout=BUSY)) as connection:
        pages, size = (
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("freelist_count", "page_size")
        )
        return int(pages * size)
