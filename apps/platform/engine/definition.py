"""What a source says of itself: actor.json, input schema, README, start command."""

import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apps.platform.engine import docker_run, dockerfile, packages
from apps.platform.engine.sources import BadSource

LARGEST_SCHEMA = 500_000
LARGEST_README = 1_000_000
LARGEST_DOCKERFILE = 200_000
OWN_PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True)
class Definition:
    actor: dict[str, Any]
    input_schema: dict[str, Any] | None
    readme: str
    runtime: str  # python or node
    command: list[str]
    notes: list[str]  # sentences for the log
    compiles: bool = False  # the Dockerfile says `npm run build`
    packages: tuple[str, ...] = ()  # for pip, besides requirements.txt
    variables: dict[str, str] = field(default_factory=dict)  # of the Dockerfile's ENV


def read(folder: Path) -> Definition:
    """Raises BadSource with a sentence when the source cannot be understood."""
    try:
        return _read(folder)
    except (ValueError, OSError) as problem:  # names that no file can have
        raise BadSource(f"The source cannot be read: {problem}") from None


def _read(folder: Path) -> Definition:
    actor = _with_storages(folder, _json(folder / ".actor" / "actor.json") or {})
    recipe = dockerfile.read(_dockerfile(folder, actor))
    notes = [*_other_version(recipe), *recipe.notes, *dockerfile.lay_out(recipe, folder)]
    runtime = recipe.runtime or ("node" if (folder / "package.json").exists() else "python")
    return Definition(
        actor=actor,
        input_schema=_input_schema(folder, actor),
        readme=_readme(folder, actor),
        runtime=runtime,
        command=_command(recipe, folder, runtime),
        packages=_pip(recipe, folder, notes) if runtime == "python" else (),
        variables=recipe.variables,
        notes=notes,
        compiles=runtime == "node" and recipe.compiles and _compiles(folder),
    )


def _with_storages(folder: Path, actor: dict[str, Any]) -> dict[str, Any]:
    """Definitions of storages that are files of their own, in place of their names."""
    storages = actor.get("storages")
    if not isinstance(storages, dict):
        return actor
    found = {
        kind: _json(_inside(folder, folder / ".actor" / value)) if isinstance(value, str) else value
        for kind, value in storages.items()
    }
    return {**actor, "storages": found}


def _json(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        value = json.loads(path.read_text(errors="replace"), parse_constant=_refuse)
    except (ValueError, RecursionError) as problem:
        raise BadSource(f"{path.name} is not valid JSON: {problem}") from None
    if not isinstance(value, dict):
        raise BadSource(f"{path.name} must hold a JSON object")
    return value


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _input_schema(folder: Path, actor: dict[str, Any]) -> dict[str, Any] | None:
    given = actor.get("input")
    if isinstance(given, dict):
        return given
    places = [folder / ".actor" / "INPUT_SCHEMA.json", folder / "INPUT_SCHEMA.json"]
    places += [folder / ".actor" / "input_schema.json"]
    if isinstance(given, str):
        places.insert(0, _inside(folder, folder / ".actor" / given))
    for path in places:
        if path.is_file() and path.stat().st_size > LARGEST_SCHEMA:
            raise BadSource(f"{path.name} is larger than {LARGEST_SCHEMA} bytes")
        schema = _json(path)
        if schema is not None:
            return schema
    return None


def _readme(folder: Path, actor: dict[str, Any]) -> str:
    places = [folder / ".actor" / "README.md", folder / ".actor" / "ACTOR.md", folder / "README.md"]
    if isinstance(actor.get("readme"), str):
        places.insert(0, _inside(folder, folder / ".actor" / actor["readme"]))
    for path in places:
        if path.is_file():
            return path.read_text(errors="replace")[:LARGEST_README]
    return ""


def _inside(folder: Path, path: Path) -> Path:
    if not path.resolve().is_relative_to(folder.resolve()):
        raise BadSource(f"{path.name!r} in actor.json leads outside the source")
    return path


def _dockerfile(folder: Path, actor: dict[str, Any]) -> str:
    """Its text; "" without one."""
    places = [folder / ".actor" / "Dockerfile", folder / "Dockerfile"]
    if isinstance(actor.get("dockerfile"), str):
        places.insert(0, _inside(folder, folder / ".actor" / actor["dockerfile"]))
    for path in places:
        if path.is_file():
            return path.read_text(errors="replace")[:LARGEST_DOCKERFILE]
    return ""


def _other_version(recipe: dockerfile.Recipe) -> list[str]:
    """A sentence when the image's version is not the one that this machine has."""
    if recipe.runtime == "python" and recipe.version not in {"", "3", OWN_PYTHON}:
        return [f"Dockerfile: asks for Python {recipe.version}, this machine has {OWN_PYTHON}"]
    if recipe.runtime == "node" and recipe.version:
        own, wanted = packages.node_major(), recipe.version.partition(".")[0]
        if own and own != wanted:
            return [f"Dockerfile: asks for Node {wanted}, this machine has {own}"]
    return []


def _command(recipe: dockerfile.Recipe, folder: Path, runtime: str) -> list[str]:
    command = recipe.command or _usual_command(folder, runtime)
    if recipe.folder == "." or not (folder / recipe.folder).is_dir():
        return command
    return ["sh", "-c", 'cd "$0" && exec "$@"', recipe.folder, *command]


def _pip(recipe: dockerfile.Recipe, folder: Path, notes: list[str]) -> tuple[str, ...]:
    """Packages that the Dockerfile installs besides requirements.txt."""
    found = list(recipe.packages)
    for name in recipe.files:
        path = _inside(folder, folder / name)
        if path == folder / "requirements.txt":
            continue
        if not path.is_file():
            notes.append(f"Dockerfile: not run here: pip install -r {name[:120]}, it is not there")
            continue
        lines = path.read_text(errors="replace").splitlines()
        plain = [line.split("#")[0].strip() for line in lines]
        found += [line for line in plain if docker_run.NAME.match(line)]
    return tuple(dict.fromkeys(found))


def _compiles(folder: Path) -> bool:
    scripts = (_json(folder / "package.json") or {}).get("scripts")
    return isinstance(scripts, dict) and bool(scripts.get("build"))


def _usual_command(folder: Path, runtime: str) -> list[str]:
    if runtime == "node":
        return _node_command(folder)
    if (folder / "src" / "__main__.py").exists():
        return ["python", "-m", "src"]
    for name in ("main.py", "src/main.py", "__main__.py"):
        if (folder / name).exists():
            return ["python", name]
    packages = sorted(folder.glob("*/__main__.py"))
    if packages:
        return ["python", "-m", packages[0].parent.name]
    raise BadSource(
        "Nothing to start: add main.py, src/__main__.py, package.json or a Dockerfile with CMD"
    )


def _node_command(folder: Path) -> list[str]:
    package = _json(folder / "package.json") or {}
    scripts = package.get("scripts")
    script = scripts.get("start") if isinstance(scripts, dict) else None
    if isinstance(script, str) and script.strip():
        if script.startswith("node ") and not re.search(r"[&|;<>$'\"\\]", script):
            return script.split()  # npm itself would cost a fifth of a second
        return ["npm", "start", "--silent"]
    main = package.get("main") or "main.js"
    if isinstance(main, str) and (folder / main).exists():
        return ["node", main]
    raise BadSource("package.json has neither a start script nor a main file that exists")
