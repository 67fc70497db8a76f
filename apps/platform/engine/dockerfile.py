"""What a Dockerfile asks for, as far as a runner without images can honour it (rules 67-87).

The last stage counts; what its builder stages install or compile counts too. Every instruction
that cannot be honoured becomes a sentence for the build's log.
"""

import json
import posixpath
import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from apps.platform.engine import docker_run

HOMES = {"python": "/usr/src/app", "node": "/usr/src/app"}  # where Actors' base images start
SILENT = frozenset({"LABEL", "MAINTAINER", "EXPOSE", "USER"})
FAMILY = re.compile(r"(?:^|[/-])(python|node)(?:[-:@]|$)")
VERSION = re.compile(r":v?(\d+(?:\.\d+)?)")
VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))")
HEREDOC = re.compile(r"<<-?[\"']?(\w+)")
OWN = frozenset({"PATH", "HOME", "LD_PRELOAD", "LD_LIBRARY_PATH", "PYTHONHOME"})
MOST_VARIABLES = 200


@dataclass
class Recipe:
    """`runtime` is python, node or "" when the image tells nothing; `folder` is where the command
    starts, below the source; `packages` are for pip, `modules` for npm, `copies` pairs of paths in
    the source."""

    runtime: str = ""
    version: str = ""
    command: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    packages: list[str] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)  # more lists of packages for pip
    copies: list[tuple[str, str]] = field(default_factory=list)
    compiles: bool = False
    folder: str = "."
    notes: list[str] = field(default_factory=list)


@dataclass
class _Stage:
    runtime: str = ""
    version: str = ""
    here: str = "/"
    root: str = ""  # where the source lies in the image, once something was copied
    command: list[str] = field(default_factory=list)
    entry: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    copies: list[tuple[str, str]] = field(default_factory=list)


class _Reader:
    def __init__(self) -> None:
        self.recipe = Recipe()
        self.stage = _Stage()
        self.names: dict[str, _Stage] = {}
        self.count = 0
        self.arguments: dict[str, str] = {}
        self.words: dict[str, Callable[[str], None]] = {
            "FROM": self._from,
            "ARG": self._arg,
            "ENV": self._env,
            "WORKDIR": self._workdir,
            "COPY": self._copy,
            "ADD": self._copy,
            "RUN": self._run,
            "CMD": self._cmd,
            "ENTRYPOINT": self._entrypoint,
        }

    def take(self, word: str, rest: str) -> None:
        known = self.words.get(word)
        if known:
            known(rest)
        elif word not in SILENT:
            self.note(f"not honoured: {word} {rest[:120]}".rstrip())

    def note(self, text: str) -> None:
        self.recipe.notes.append(f"Dockerfile: {text}")

    def filled(self, text: str) -> str:
        known = self.arguments | self.stage.variables

        def value(found: "re.Match[str]") -> str:
            return known.get(found[1] or found[3], found[2] or "")

        return VARIABLE.sub(value, text)

    def _from(self, rest: str) -> None:
        words = [word for word in self.filled(rest).split() if not word.startswith("--")]
        image = words[0] if words else ""
        family = FAMILY.search(image.rpartition("@")[0] or image)
        if image in self.names:
            old = self.names[image]
            self.stage = replace(old, variables=dict(old.variables), copies=list(old.copies))
        elif family:
            version = VERSION.search(image)
            number = version.group(1) if version else ""
            if family[1] == "python" and not number.startswith("3"):
                number = ""  # the version of something else in the image
            self.stage = _Stage(family[1], number, HOMES[family[1]])
        else:
            self.stage = _Stage()
            if image not in {"", "scratch", "x"}:
                self.note(f"FROM {image[:120]} is no image of Python or Node, it is not used")
        for name in (words[2] if len(words) > 2 else "", str(self.count)):  # noqa: PLR2004 - FROM image AS name
            self.names[name] = self.stage
        self.count += 1

    def _arg(self, rest: str) -> None:
        name, mark, value = rest.strip().partition("=")
        if mark:
            self.arguments.setdefault(name.strip(), self.filled(value.strip("\"' ")))

    def _env(self, rest: str) -> None:
        words = _split(rest)
        if words and "=" not in words[0]:
            name, _, value = rest.strip().partition(" ")
            words = [f"{name}={value.strip()}"]
        for word in words:
            name, _, value = word.partition("=")
            if name in OWN:
                self.note(f"not honoured: ENV {name}, the runner sets it")
            elif len(self.stage.variables) < MOST_VARIABLES and name:
                self.stage.variables[name] = self.filled(value)

    def _workdir(self, rest: str) -> None:
        self.stage.here = posixpath.normpath(
            posixpath.join(self.stage.here, self.filled(rest.strip().strip("\"'")))
        )

    def _copy(self, rest: str) -> None:
        words = _exec_form(rest) or _split(self.filled(rest))
        options = [word for word in words if word.startswith("--")]
        paths = [word for word in words if not word.startswith("--")]
        sources, to = paths[:-1], paths[-1] if paths else ""
        if not sources or any("://" in each for each in sources):
            self.note(f"not honoured: COPY {rest[:120]}")
            return
        stage = next((each.partition("=")[2] for each in options if "--from" in each), "")
        if stage and stage not in self.names:
            self.note(f"not honoured: COPY {rest[:120]}, there is no such stage here")
            return
        target = posixpath.normpath(posixpath.join(self.stage.here, to))
        origin = self.names[stage] if stage else None
        self.stage.root = self.stage.root or (target if "." in sources or "./" in sources else "")
        self.stage.root = self.stage.root or self.stage.here
        for each in sources:
            at = _inside(origin.root or origin.here, each) if origin else each
            self._place(at, target, to, len(sources) > 1, rest)

    def _place(self, at: str, target: str, to: str, many: bool, rest: str) -> None:
        """Notes where in the source a file must be that the image has elsewhere."""
        wanted = posixpath.relpath(target, self.stage.root)
        at = posixpath.normpath(at.lstrip("/")) if at else ""
        if not at or at.startswith("..") or wanted.startswith(".."):
            self.note(f"not honoured: COPY {rest[:120]}, it leads outside the source")
            return
        into = to.endswith(("/", ".")) or many
        name = posixpath.basename(at)  # of a folder, what is in it is copied
        beside = "." in name and posixpath.normpath(posixpath.join(wanted, name)) == at
        if at not in {".", wanted} and not (into and beside):
            self.stage.copies.append((at, wanted + "/" if into else wanted))

    def _run(self, rest: str) -> None:
        found = docker_run.read(rest)
        self.recipe.packages += found.packages
        self.recipe.modules += found.modules
        self.recipe.files += found.files
        self.recipe.compiles = self.recipe.compiles or found.compiles
        for each in found.others:
            self.note(f"not run here: RUN {each[:120]}")

    def _cmd(self, rest: str) -> None:
        self.stage.command = _exec_form(rest) or ["sh", "-c", rest.strip()]

    def _entrypoint(self, rest: str) -> None:
        self.stage.entry = _exec_form(rest) or ["sh", "-c", rest.strip()]

    def end(self) -> Recipe:
        stage, recipe = self.stage, self.recipe
        recipe.runtime, recipe.version = stage.runtime, stage.version
        recipe.command = [*stage.entry, *stage.command]
        recipe.variables, recipe.copies = stage.variables, stage.copies
        folder = posixpath.relpath(stage.here, stage.root) if stage.root else "."
        if folder.startswith(".."):
            self.note(f"not honoured: WORKDIR {stage.here}, it lies outside the source")
            folder = "."
        recipe.folder = folder
        return recipe


def read(text: str) -> Recipe:
    reader = _Reader()
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    until = ""
    for line in re.sub(r"\\\s*\n", " ", "\n".join(lines)).splitlines():
        if until:
            until = "" if line.strip() == until else until
            continue
        word, _, rest = line.strip().partition(" ")
        if not word:
            continue
        heredoc = HEREDOC.search(rest)
        if heredoc and word.upper() in {"RUN", "COPY", "ADD"}:
            until = heredoc[1]
            reader.note(f"not honoured: {word.upper()} {rest.strip()[:100]}, text that follows it")
            continue
        reader.take(word.upper(), rest.strip())
    return reader.end()


def _inside(root: str, path: str) -> str:
    """`path` of another stage as one of the source; "" when it is not below its root."""
    found = posixpath.relpath(posixpath.join(root, path), root)
    return "" if found.startswith("..") else found


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _exec_form(text: str) -> list[str]:
    try:
        value = json.loads(text)
    except ValueError:
        return []
    return value if isinstance(value, list) and all(isinstance(v, str) for v in value) else []


def lay_out(recipe: Recipe, folder: Path) -> list[str]:
    """Copies within the source what the image has at another place; sentences for the rest."""
    return [
        f"Dockerfile: not honoured: COPY {at}, it is not in the source"
        for at, to in recipe.copies
        if not docker_run.copied(folder, at, to)
    ]
