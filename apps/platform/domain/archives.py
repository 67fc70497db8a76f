"""Zip archives that are sent while they are written: no file, flat memory."""

import zipfile
from collections.abc import Iterable, Iterator


class Sink:
    """Takes what an archive writes; not seekable, so that it writes from front to end."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        parts, self.parts = self.parts, []
        return b"".join(parts)


def opened(sink: Sink) -> zipfile.ZipFile:
    archive: zipfile.ZipFile = zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1)  # type: ignore[call-overload] # it needs no more of a file than Sink has
    return archive


def zipped(members: Iterable[tuple[str, Iterable[bytes]]]) -> Iterator[bytes]:
    """`members` are names without slashes and contents of any length."""
    sink = Sink()
    with opened(sink) as archive:
        for name, parts in members:
            safe = name if name.strip(".") else f"_{name}"  # no folder's own name
            with archive.open(safe, "w", force_zip64=True) as file:
                for part in parts:
                    file.write(part)
                    yield sink.taken()
    yield sink.taken()
