"""Files that no row names any more: a process died between the row's end and theirs."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from apps.platform.domain.ids import ID
from apps.platform.models import Build, KeyValueStore, Record, Run
from apps.platform.storage import blobs

YOUNGEST = timedelta(days=1)  # what is being made has no row for a moment
AT_ONCE = 500


def clear(moment: datetime) -> int:
    """Deletes the folders of records, logs and builds without a row, and files of records that no
    row names; how many there were."""
    before = (moment - YOUNGEST).timestamp()
    places: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("records/*", (KeyValueStore,)),
        ("logs/*/*", (Run, Build)),
        ("builds/*", (Build,)),
    )
    cleared = 0
    for pattern, kinds in places:
        old = _old(blobs.folder().glob(pattern), before)
        while some := {path.name: path for path in islice(old, AT_ONCE)}:
            for kind in kinds:
                for known in kind.objects.filter(id__in=some).values_list("id", flat=True):
                    some.pop(known, None)
            for path in some.values():
                shutil.rmtree(path, ignore_errors=True)
            cleared += len(some)
    return cleared + sum(_clear_files(path, before) for path in blobs.folder("records").glob("*"))


def _clear_files(folder: Path, before: float) -> int:
    """A writer died between a record's file and its row, or its row and the file before."""
    old = {path.name: path for path in _old(folder.glob("*"), before)}
    if old:
        named = Record.objects.filter(store_id=folder.name).values_list("file", flat=True)
        for file in named.iterator():
            old.pop(file, None)
    for path in old.values():
        path.unlink(missing_ok=True)
    return len(old)


def _old(paths: Iterator[Path], before: float) -> Iterator[Path]:
    for path in paths:
        try:
            if ID.match(path.name) and path.stat().st_mtime < before:
                yield path
        except FileNotFoundError:
            continue
