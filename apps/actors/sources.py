"""The files of a version, for reading."""

import base64
import binascii
from dataclasses import dataclass

from console.api.models.actors import Actor, SourceFile, Version

LONGEST = 200_000


@dataclass(frozen=True)
class Shown:
    """`text` is None for a file that is no text; `cut` when there is more of it."""

    versions: list[Version]
    version: Version | None
    files: list[SourceFile]
    file: SourceFile | None
    text: str | None
    cut: bool


def newest(actor: Actor) -> str:
    """The version number that a build without one builds."""
    return actor.versions[-1].version_number if actor.versions else ""


def shown(actor: Actor, version_number: str, file_name: str) -> Shown:
    versions = list(actor.versions)
    wanted = version_number or newest(actor)
    version = next((each for each in versions if each.version_number == wanted), None)
    files = [each for each in (version.source_files or [] if version else []) if not each.folder]
    files.sort(key=lambda each: each.name)
    file = next((each for each in files if each.name == file_name), files[0] if files else None)
    text = text_of(file) if file else None
    cut = text is not None and len(text) > LONGEST
    return Shown(versions, version, files, file, text[:LONGEST] if text else text, cut)


def text_of(file: SourceFile) -> str | None:
    if file.format != "BASE64":
        return file.content
    try:
        return base64.b64decode(file.content).decode()
    except (binascii.Error, ValueError):
        return None
