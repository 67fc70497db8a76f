"""The files of a version: as a tree, as text, and as a list with one change made."""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from console.api.models.actors import Actor, SourceFile, Version

LONGEST = 200_000
BAD_NAME = re.compile(r"^/|\\|//|/$|(^|/)\.\.?(/|$)|[\x00-\x1f\x7f]")
LONGEST_NAME = 300
Files = Sequence[SourceFile]


class NotDone(Exception):
    """A sentence for the person whose change cannot be made."""


@dataclass(frozen=True)
class Node:
    """A row of the tree; `path` is the whole name."""

    path: str
    depth: int
    is_folder: bool

    @property
    def label(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Shown:
    """`path` is the file or folder looked at; `text` is None for what is no text; `cut` when there
    is more of it than can be edited."""

    version: Version | None
    tree: list[Node]
    path: str
    is_folder: bool
    text: str | None
    cut: bool


def newest(actor: Actor) -> str:
    """The version number that a build without one builds."""
    return actor.versions[-1].version_number if actor.versions else ""


def version_of(actor: Actor, number: str) -> Version | None:
    wanted = number or newest(actor)
    return next((each for each in actor.versions if each.version_number == wanted), None)


def is_hidden(version: Version) -> bool:
    """Of somebody else's public Actor the API tells neither files nor addresses."""
    told = (version.source_files, version.env_vars, version.git_repo_url, version.tarball_url)
    return all(each is None for each in (*told, version.git_hub_gist_url))


def shown(version: Version | None, path: str) -> Shown:
    files = version.source_files or [] if version else []
    nodes = tree(files)
    node = next((each for each in nodes if each.path == path), None)
    node = node or next((each for each in nodes if not each.is_folder), None)
    if node is None or node.is_folder:
        return Shown(version, nodes, node.path if node else "", bool(node), None, cut=False)
    text = text_of(next(each for each in files if each.name == node.path))
    cut = text is not None and len(text) > LONGEST
    return Shown(version, nodes, node.path, False, text[:LONGEST] if text else text, cut)


def tree(files: Files) -> list[Node]:
    """Folders first in each folder; those that only the names of files tell are there too."""
    folders = {each.name.strip("/") for each in files if each.folder}
    names = {each.name for each in files if not each.folder}
    for name in folders | names:
        parts = name.split("/")[:-1]
        folders |= {"/".join(parts[: n + 1]) for n in range(len(parts))}
    nodes = [Node(name, name.count("/"), True) for name in folders]
    nodes += [Node(name, name.count("/"), False) for name in names]
    return sorted(nodes, key=lambda node: _order(node.path, node.is_folder))


def _order(path: str, is_folder: bool) -> list[tuple[int, str]]:
    *above, name = path.split("/")
    return [*((0, part.casefold()) for part in above), (0 if is_folder else 1, name.casefold())]


def text_of(file: SourceFile) -> str | None:
    if file.format != "BASE64":
        return file.content
    try:
        return base64.b64decode(file.content).decode()
    except (binascii.Error, ValueError):
        return None


def text_in(files: Files, path: str) -> str | None:
    """None when it is not there or no text."""
    file = next((each for each in files if each.name == path and not each.folder), None)
    return text_of(file) if file else None


def checked(files: Files, name: str) -> str:
    """A name that nothing has yet; raises NotDone."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or BAD_NAME.search(name):
        raise NotDone("Write a name such as src/main.py, with / between folders.")
    kinds = {node.path: node.is_folder for node in tree(files)}
    if name in kinds:
        raise NotDone(f"There is {'a folder' if kinds[name] else 'a file'} {name} already.")
    above = name
    while "/" in above:
        above = above.rpartition("/")[0]
        if kinds.get(above) is False:
            raise NotDone(f"{above} is a file, so nothing can be inside it.")
    return name


def written(files: Files, name: str, text: str) -> list[SourceFile]:
    """With `name` holding `text`, in its place or at the end."""
    old = text_in(files, name) or ""
    text = text.replace("\r\n", "\n")
    text = text.replace("\n", "\r\n") if "\r\n" in old else text
    return placed(files, SourceFile(name=name, format="TEXT", content=text))


def placed(files: Files, new: SourceFile) -> list[SourceFile]:
    found = [new if each.name == new.name else each for each in files]
    return found if new in found else [*found, new]


def uploaded(name: str, content: bytes) -> SourceFile:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        packed = base64.b64encode(content).decode()
        return SourceFile(name=name, format="BASE64", content=packed)
    return SourceFile(name=name, format="TEXT", content=text)


def renamed(files: Files, old: str, new: str) -> list[SourceFile]:
    """A folder takes along what is inside it."""
    others = without(files, old)
    if len(others) == len(files):
        raise NotDone(f"{old} is not there any more.")
    new = checked(others, new)
    moved = {id(each) for each in files} - {id(each) for each in others}
    return [
        _named(each, new + each.name[len(old) :]) if id(each) in moved else each for each in files
    ]


def _named(file: SourceFile, name: str) -> SourceFile:
    return SourceFile(name=name, format=file.format, content=file.content, folder=file.folder)


def without(files: Files, path: str) -> list[SourceFile]:
    inside = f"{path}/"
    return [each for each in files if each.name != path and not each.name.startswith(inside)]


def wire(files: Iterable[SourceFile]) -> list[dict[str, Any]]:
    """As `sourceFiles` of the API."""
    return [
        {"name": each.name, "folder": True}
        if each.folder
        else {"name": each.name, "format": each.format, "content": each.content}
        for each in files
    ]
