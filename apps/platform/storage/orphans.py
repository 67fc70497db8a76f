"""Files that no row names any more: a process died between the row's end and theirs."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from apps.platform.domain.ids import ID
from apps.platform.models import Build, KeyValueStore, Run
from apps.platform.storage import blobs

YOUNGEST = timedelta(days=1)  # what is being made has no row for a moment
AT_ONCE = 500


def clear(moment: datetime) -> int:
    """Deletes the folders of records, logs and builds without a row; how many there were."""
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
    return cleared


def _old(paths: Iterator[Path], before: float) -> Iterator[Path]:
    for path in paths:
        try:
            if ID.match(path.name) and path.stat().st_mtime < before:
                yield path
        except FileNotFoundError:
            continue
