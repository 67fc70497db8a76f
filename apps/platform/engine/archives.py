"""Zip and tar files to a folder (reliability-security.md row 20).

Neither `tarfile`'s filters nor the sizes in headers are trusted: members are walked, only regular
files and folders are taken, bytes are counted while they are written.
"""

import bz2
import gzip
import lzma
import shutil
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from apps.platform.engine.sources import (
    LARGEST_FILE,
    LARGEST_TOTAL,
    MOST_FILES,
    BadSource,
    safe_name,
)

MOST_RATIO = 200  # of the unpacked to the packed size
FREE = 10 << 20  # bytes below which the ratio does not matter
STEP = 64 << 10
LONGEST_HEADER = 1 << 20
FOLDER, FILE = 0o04, 0o10  # the upper bits of a unix mode


def _plain(path: Path) -> IO[bytes]:
    return path.open("rb")


OPENERS: tuple[tuple[bytes, Callable[[Path], Any]], ...] = (
    (b"\x1f\x8b", gzip.open),
    (b"BZh", bz2.open),
    (b"\xfd7zXZ\x00", lzma.open),
)
BROKEN = (
    OSError,
    EOFError,
    ValueError,
    RuntimeError,  # an encrypted zip
    NotImplementedError,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)


def unpack(archive: Path, folder: Path) -> None:
    """Writes what is in `archive` below the new `folder`; BadSource for all that is not proper."""
    try:
        members = _zip(archive) if zipfile.is_zipfile(archive) else _tar(archive)
        _write(members, folder, archive.stat().st_size)
    except BROKEN as problem:
        raise BadSource(f"The archive cannot be unpacked: {problem}") from None
    _strip(folder)


Member = tuple[str, IO[bytes]]


def _write(members: Iterator[Member], folder: Path, packed: int) -> None:
    total = 0
    for count, (name, content) in enumerate(members):
        if count >= MOST_FILES:
            raise BadSource(f"The archive has more than {MOST_FILES} files")
        path = folder / safe_name(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        size = 0
        with path.open("xb") as file:
            while part := content.read(STEP):
                size += len(part)
                total += len(part)
                _check(name, size, total, packed)
                file.write(part)


def _check(name: str, size: int, total: int, packed: int) -> None:
    if size > LARGEST_FILE:
        raise BadSource(f"{name[:200]!r} is larger than {LARGEST_FILE >> 20} MiB")
    if total > LARGEST_TOTAL:
        raise BadSource(f"The archive holds more than {LARGEST_TOTAL >> 20} MiB")
    if total > max(FREE, packed * MOST_RATIO):
        raise BadSource(f"The archive unpacks to more than {MOST_RATIO} times its size")


def _zip(archive: Path) -> Iterator[Member]:
    with zipfile.ZipFile(archive) as opened:
        for member in opened.infolist():
            kind = member.external_attr >> 28
            if member.is_dir() or kind == FOLDER:
                safe_name(member.filename)
                continue
            if kind not in {0, FILE}:
                raise BadSource(f"{member.filename[:200]!r} is a link or a device")
            with opened.open(member) as content:
                yield member.filename, content


class _Sober:
    """A tar's bytes; nobody reads a header of gigabytes into memory through it."""

    def __init__(self, inner: IO[bytes]) -> None:
        self.inner = inner
        self.tell, self.seek = inner.tell, inner.seek

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= LONGEST_HEADER:
            raise BadSource("The archive has a header that is too long")
        return self.inner.read(size)


def _tar(archive: Path) -> Iterator[Member]:
    with archive.open("rb") as file:
        start = file.read(6)
    opener = next((each for mark, each in OPENERS if start.startswith(mark)), _plain)
    with (
        opener(archive) as raw,
        tarfile.open(fileobj=_Sober(raw), mode="r:") as opened,  # type: ignore[call-overload] # reads, seeks and tells, as tarfile asks
    ):
        seen = 0
        for member in opened:
            seen += 1
            opened.members = []  # or all headers of a huge archive stay in memory
            if seen > 2 * MOST_FILES:
                raise BadSource(f"The archive has more than {MOST_FILES} files and folders")
            if member.isdir():
                continue
            if not member.isreg() or member.issparse():
                raise BadSource(f"{member.name[:200]!r} is a link or a device")
            if member.size > LARGEST_FILE:
                raise BadSource(f"{member.name[:200]!r} is larger than {LARGEST_FILE >> 20} MiB")
            content = opened.extractfile(member)
            if content:
                yield member.name, content


def _strip(folder: Path) -> None:
    """A single folder around everything, as code hosts put it, is not part of the source."""
    inside = list(folder.iterdir())
    if len(inside) != 1 or not inside[0].is_dir() or inside[0].name in {".actor", "src"}:
        return
    aside = folder.with_suffix(".around")
    shutil.rmtree(aside, ignore_errors=True)
    inside[0].rename(aside)
    folder.rmdir()
    aside.rename(folder)
