"""What a box writes: a folder of its own on the disk, measured and thrown away at its end.

In memory it would count as the Actor's, or as nobody's where there are no control groups.
"""

import os
import shutil
from pathlib import Path

from apps.platform.models import Build, Run
from apps.platform.storage import blobs

PARTS = ("upper", "over", "tmp")  # the written layer of /actor, the overlay's own, /tmp


def make(name: str) -> Path:
    """A new folder for the box `name` (id and fence of its row)."""
    folder = blobs.folder("scratch", name)
    remove(folder)
    for part in PARTS:
        (folder / part).mkdir(mode=0o700, parents=True)
    return folder


def remove(folder: Path) -> None:
    """An overlay and an Actor leave folders that nobody may enter."""
    if not folder.exists():
        return
    for place, folders, _ in os.walk(folder):
        for each in folders:
            path = Path(place) / each
            if not path.is_symlink():
                path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def size(folder: Path) -> int:
    """Bytes on the disk, holes not counted."""
    total = 0
    for place, _, files in os.walk(folder):
        for name in files:
            try:
                total += os.lstat(os.path.join(place, name)).st_blocks * 512  # noqa: PTH118 - called for many files
            except OSError:
                continue
    return total


def sweep() -> None:
    """Removes what runners left that were killed."""
    root = blobs.folder("scratch")
    for folder in root.iterdir() if root.exists() else ():
        work_id, _, fence = folder.name.partition("-")
        if not any(
            kind._default_manager.filter(id=work_id, fence=fence, lease_until__isnull=False)
            .exclude(owner="")
            .exists()
            for kind in (Run, Build)
        ):
            remove(folder)


def copy(code: Path, folder: Path, links: dict[str, Path]) -> None:
    """Where no overlay can be laid: a copy of `code` that may be written to, with `links` in it."""
    shutil.copytree(code, folder / "upper", symlinks=True, dirs_exist_ok=True)
    for name, target in links.items():
        (folder / "upper" / name).symlink_to(target)
