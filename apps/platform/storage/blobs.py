"""Files that are whole or absent: written aside, synced, then named by a committed row."""

import os
import shutil
from pathlib import Path
from typing import IO

from django.conf import settings


def folder(*names: str) -> Path:
    """A folder below the Platform's data; `names` are our own ids, never a client's text."""
    path = Path(settings.HOME) / "platform"
    return path.joinpath(*names)


def write(path: Path, content: IO[bytes]) -> int:
    """Bytes written; the file and its folder are on the disk when it returns."""
    made = not path.parent.exists()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            shutil.copyfileobj(content, file, 1 << 20)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    if made:
        sync_folder(path.parent.parent)
    return size


def sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
