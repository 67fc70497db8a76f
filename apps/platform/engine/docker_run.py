"""The commands of a Dockerfile's RUN, and its COPY, for a runner that has no image."""

import posixpath
import re
import shlex
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from apps.platform.engine.sources import LARGEST_TOTAL

HARMLESS = re.compile(
    r"(echo|true|ls|cat|rm|mkdir|chown|chmod|set|which|printf|pwd|cd)\b"
    r"|(npm|pnpm|yarn)( --\w+)* (set|list|ls|cache|config|prune|--version|-v|install --version)\b"
    r"|(node|python3?|pip3?|npm|uv) (--version|-V|-v)\b|pip3? (freeze|list|check|cache)\b"
    r"|python3? -m (compileall|pip (freeze|list|check))\b"
)
PIP = re.compile(r"(?:python3? -m )?pip3? install\b|uv pip install\b")
NODE = re.compile(r"(npm (install|i|ci)|pnpm (install|i)|yarn( install)?)$")
ADD = re.compile(r"(?:npm (?:install|i|add)|pnpm (?:install|i|add)|yarn add) (.+)")
BUILD = re.compile(r"(npm|pnpm|yarn) run build\b")
_WITH_VALUE = """
-r --requirement -c --constraint -i --index-url --extra-index-url -f --find-links -t --target
--trusted-host --timeout --retries --prefix --root --cache-dir --python --platform
"""
WITH_VALUE = frozenset(_WITH_VALUE.split())
TOOLS = frozenset({"pip", "setuptools", "wheel", "uv"})  # what the runner has or does not need
NAME = re.compile(r"[A-Za-z0-9][\w.-]*(\[[\w,.-]+\])?([<>=!~]=?[\w.*+!<>=,~ -]+)?\Z", re.ASCII)
NODE_NAME = re.compile(r"(@[\w.-]+/)?[A-Za-z0-9][\w.-]*(@[\w.*^~<>=-]+)?\Z", re.ASCII)


@dataclass
class Commands:
    packages: list[str] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)  # the same for npm
    files: list[str] = field(default_factory=list)
    compiles: bool = False
    others: list[str] = field(default_factory=list)  # what cannot be honoured


def read(text: str) -> Commands:
    found = Commands()
    plain = re.sub(r"^(--\w+=\S+\s+)+", "", text.strip())
    for each in re.split(r"&&|\|\||;", plain):
        command = " ".join(each.strip(" ()").split())
        if not command or HARMLESS.match(command):
            continue
        if match := PIP.match(command):
            _pip(command, command[match.end() :], found)
        elif BUILD.match(command):
            found.compiles = True
        else:
            _npm(command, found)
    return found


def _npm(command: str, found: Commands) -> None:
    plain = _without_options(command)
    if NODE.match(plain):
        return
    named = ADD.match(plain)
    words = [word.strip("'\"") for word in named[1].split()] if named else []
    if words and all(NODE_NAME.match(word) for word in words):
        found.modules += words
    else:
        found.others.append(command)


def _without_options(command: str) -> str:
    return " ".join(word for word in command.split() if not word.startswith("-") or word == "-g")


def _pip(command: str, rest: str, found: Commands) -> None:
    try:
        words = iter(shlex.split(rest))
    except ValueError:
        found.others.append(command)
        return
    for word in words:
        if word in WITH_VALUE:
            value = next(words, "")
            if word in {"-r", "--requirement"}:
                found.files.append(value)
        elif word.startswith("-"):
            continue
        elif NAME.match(word):
            found.packages += [] if word in TOOLS else [word]
        else:
            found.others.append(f"pip install {word}")


def copied(folder: Path, at: str, to: str) -> bool:
    """Whether what `at` names is at `to`, both below `folder`, a pattern or not."""
    sources = [path for path in folder.glob(at) if not path.is_symlink()]
    if not sources:
        return any(mark in at for mark in "*?[") or (folder / to).exists()
    for source in sources:
        into = to.endswith("/") and source.is_file()
        target = folder / posixpath.normpath(posixpath.join(to, source.name) if into else to)
        if target == source or target.is_relative_to(source) or target.is_symlink():
            continue
        clash = target.exists() and source.is_dir() != target.is_dir()
        if clash or _size(source) > LARGEST_TOTAL // 4:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():  # what is in it is laid over what is there
            shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copy(source, target)
    return True


def _size(path: Path) -> int:
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return sum(each.lstat().st_size for each in files)
