"""Files that are whole or absent: written aside, synced, then named by a committed row."""

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO

from django.conf import settings

AT_ONCE = 16


def folder(*names: str) -> Path:
    """A folder below the Platform's data; `names` are our own ids, never a client's text."""
    path = Path(settings.HOME) / "platform"
    return path.joinpath(*names)


def write(path: Path, content: IO[bytes], *, later: list[Path] | None = None) -> int:
    """Bytes written; the file and its folder are on the disk when it returns, or with `later`,
    which the path is added to, after `sync`."""
    made = not path.parent.exists()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with path.open("xb") as file:
            shutil.copyfileobj(content, file, 1 << 20)
            file.flush()
            if later is None:
                os.fsync(file.fileno())
            size = file.tell()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    if later is not None:
        later.append(path)
        return size
    _sync(path.parent)
    if made:
        _sync(path.parent.parent)
    return size


def sync(paths: list[Path]) -> None:
    """Brings new files in new folders to the disk, at once: a file system commits them together,
    where one after the other each waits for a commit of its own."""
    folders = {each.parent for each in paths}
    above = {each.parent for each in folders}
    with ThreadPoolExecutor(AT_ONCE, "sync") as pool:
        for some in (paths, folders, above):
            list((map if len(paths) == 1 else pool.map)(_sync, some))


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
