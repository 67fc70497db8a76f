"""From a version's source files to a folder (reliability-security.md rows 19, 20)."""

import base64
import binascii
from pathlib import Path, PurePosixPath
from typing import Any

MOST_FILES = 10_000
LARGEST_FILE = 64 << 20
LARGEST_TOTAL = 256 << 20
LONGEST_NAME = 1024


class BadSource(Exception):
    """A sentence for the build's log."""


def unpack(files: list[dict[str, Any]], folder: Path) -> None:
    """Writes `files` ([{name, format TEXT|BASE64, content}]) below the new `folder`."""
    if len(files) > MOST_FILES:
        raise BadSource(f"The source has more than {MOST_FILES} files")
    total = 0
    for file in files:
        if file.get("folder"):
            continue
        content = content_of(file)
        total += len(content)
        if len(content) > LARGEST_FILE or total > LARGEST_TOTAL:
            raise BadSource(f"The source is too large at {file.get('name')!r}")
        path = folder / safe_name(file.get("name"))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as problem:
            raise BadSource(f"{path.name!r} cannot be written: {problem.strerror}") from None


def safe_name(name: object) -> PurePosixPath:
    """A relative path that stays where it is put; BadSource otherwise."""
    if not isinstance(name, str) or not name or len(name) > LONGEST_NAME:
        raise BadSource("A source file has no proper name")
    path = PurePosixPath(name.removeprefix("./"))
    if path.is_absolute() or ".." in path.parts or "\0" in name or "\\" in name or not path.parts:
        raise BadSource(f"The name {name!r} leads outside the source")
    return path


def content_of(file: dict[str, Any]) -> bytes:
    content = file.get("content") or ""
    if file.get("format") != "BASE64":
        return str(content).encode(errors="replace")
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise BadSource(f"{file.get('name')!r} is not valid Base64") from None
