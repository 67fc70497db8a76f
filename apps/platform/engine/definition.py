"""What a source says of itself: actor.json, input schema, README, start command."""

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apps.platform.engine.sources import BadSource

LARGEST_SCHEMA = 500_000
LARGEST_README = 1_000_000
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


def read(folder: Path) -> Definition:
    """Raises BadSource with a sentence when the source cannot be understood."""
    try:
        return _read(folder)
    except (ValueError, OSError) as problem:  # names that no file can have
        raise BadSource(f"The source cannot be read: {problem}") from None


def _read(folder: Path) -> Definition:
    actor = _with_storages(folder, _json(folder / ".actor" / "actor.json") or {})
    notes: list[str] = []
    runtime = "node" if (folder / "package.json").exists() else "python"
    docker = _dockerfile(folder, actor)
    command = _docker_command(docker, notes) or _usual_command(folder, runtime)
    return Definition(
        actor=actor,
        input_schema=_input_schema(folder, actor),
        readme=_readme(folder, actor),
        runtime=runtime,
        command=command,
        notes=notes,
        compiles=runtime == "node" and _compiles(folder, docker),
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
    """With lines that go on put together; "" without one."""
    places = [folder / ".actor" / "Dockerfile", folder / "Dockerfile"]
    if isinstance(actor.get("dockerfile"), str):
        places.insert(0, _inside(folder, folder / ".actor" / actor["dockerfile"]))
    for path in places:
        if path.is_file():
            return re.sub(r"\\\s*\n", " ", path.read_text(errors="replace"))
    return ""


def _docker_command(docker: str, notes: list[str]) -> list[str]:
    """CMD in exec or shell form; the last one counts."""
    command: list[str] = []
    for line in docker.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word.upper() == "CMD":
            command = _exec_form(rest.strip()) or ["sh", "-c", rest.strip()]
        elif word.upper() == "RUN" and not re.search(r"\b(pip|npm|uv)\b", rest):
            notes.append(f"Dockerfile: not run here: RUN {rest.strip()[:120]}")
        elif word.upper() == "FROM" and (version := _other_python(rest)):
            notes.append(f"Dockerfile: asks for Python {version}, this machine has {OWN_PYTHON}")
    return command


def _other_python(image: str) -> str:
    found = re.search(r"python[^:\s]*:(3\.\d+)", image)
    return found.group(1) if found and found.group(1) != OWN_PYTHON else ""


def _compiles(folder: Path, docker: str) -> bool:
    scripts = (_json(folder / "package.json") or {}).get("scripts")
    has_script = isinstance(scripts, dict) and bool(scripts.get("build"))
    return has_script and bool(re.search(r"^\s*RUN\b.*\bnpm run build\b", docker, re.M | re.I))


def _exec_form(text: str) -> list[str]:
    try:
        value = json.loads(text)
    except ValueError:
        return []
    return value if isinstance(value, list) and all(isinstance(v, str) for v in value) else []


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
