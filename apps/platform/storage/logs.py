"""Logs: append-only, byte-addressed, the trailing characters kept (semantics.md rule 262).

A log is a folder of segments, each named by the address of its first byte. Old segments go when
the younger ones hold enough; addresses never change.
"""

import errno
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

from apps.platform.storage import blobs

SEGMENT = 1 << 20
STEP = 1 << 18
_CONTINUATION = bytes(range(0x80, 0xC0))


@contextmanager
def full_disk_ignored() -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        if problem.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise


class LogWriter:
    """Appends to one log; each `append` can be read at once. Safe to share between threads."""

    def __init__(self, log_id: str) -> None:
        self._folder = _folder(log_id)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._guard = threading.Lock()
        self._at = size(log_id)
        self._segment_start = -1
        self._file: IO[bytes] | None = None

    def append(self, data: bytes) -> None:
        with self._guard:
            for begin in range(0, len(data), SEGMENT):
                self._write(data[begin : begin + SEGMENT])

    def close(self) -> None:
        with self._guard:
            if self._file:
                self._file.close()
                self._file = None

    def _write(self, data: bytes) -> None:
        """A full disk loses what is said, it does not stop who says it."""
        with full_disk_ignored():
            if self._file is None or self._at - self._segment_start >= SEGMENT:
                if self._file:
                    self._file.close()
                    self._file = None
                start = self._at
                self._file = (self._folder / f"{start:020d}").open("ab", buffering=0)
                self._segment_start = start
                _prune(self._folder)
            self._at += self._file.write(data)


def size(log_id: str) -> int:
    """The address behind the last byte; 0 when there is no log."""
    segments = _segments(_folder(log_id))
    return segments[-1][0] + segments[-1][1].stat().st_size if segments else 0


def first(log_id: str) -> int:
    """The address of the first byte that is kept, on a character boundary."""
    segments = _segments(_folder(log_id))
    if not segments:
        return 0
    left = int(settings.PLATFORM_LOG_MAX_CHARS)
    for start, path in reversed(segments):
        data = path.read_bytes()
        chars = _characters(data)
        if chars > left:
            return start + _tail_start(data, left)
        left -= chars
    return segments[0][0]


def read(log_id: str, start: int, end: int) -> Iterator[bytes]:
    """The bytes from `start` to `end` in parts; what is no longer kept is left out."""
    for begin, path in _segments(_folder(log_id)):
        if begin >= end:
            return
        try:
            file = path.open("rb")
        except FileNotFoundError:
            continue
        with file:
            if start > begin:
                file.seek(start - begin)
            at = max(start, begin)
            while at < end and (part := file.read(min(STEP, end - at))):
                yield part
                at += len(part)


def delete(log_id: str) -> None:
    shutil.rmtree(_folder(log_id), ignore_errors=True)


def _folder(log_id: str) -> Path:
    return blobs.folder("logs", log_id[:2], log_id)


def _segments(folder: Path) -> list[tuple[int, Path]]:
    try:
        names = sorted(path.name for path in folder.iterdir())
    except FileNotFoundError:
        return []
    return [(int(name), folder / name) for name in names]


def _prune(folder: Path) -> None:
    """Drops segments that hold nothing of the trailing characters."""
    left = int(settings.PLATFORM_LOG_MAX_CHARS)
    for _, path in reversed(_segments(folder)):
        if left <= 0:
            path.unlink(missing_ok=True)
        else:
            left -= _characters(path.read_bytes())


def _characters(data: bytes) -> int:
    return len(data.translate(None, delete=_CONTINUATION))


def _tail_start(data: bytes, characters: int) -> int:
    """Where the last `characters` of `data` begin."""
    if characters <= 0:
        return len(data)
    at = len(data)
    while characters > 0:
        step = max(at - characters, 0)
        characters -= _characters(data[step:at])
        at = step
    while at and 0x80 <= data[at] < 0xC0:  # noqa: PLR2004 - a UTF-8 continuation byte
        at -= 1
    return at
