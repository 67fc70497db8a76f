"""What a source says of itself: actor.json, input schema, README, start command."""

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apps.platform.engine.sources import BadSource

LARGEST_SCHEMA = 500_000
LARGEST_README = 1_000_000


@dataclass(frozen=True)
class Definition:
    actor: dict[str, Any]
    input_schema: dict[str, Any] | None
    readme: str
    runtime: str  # python or node
    command: list[str]
    notes: list[str]  # sentences for the log


def read(folder: Path) -> Definition:
    """Raises BadSource with a sentence when the source cannot be understood."""
    actor = _json(folder / ".actor" / "actor.json") or {}
    notes: list[str] = []
    runtime = "node" if (folder / "package.json").exists() else "python"
    command = _docker_command(folder, actor, notes) or _usual_command(folder, runtime)
    return Definition(
        actor=actor,
        input_schema=_input_schema(folder, actor),
        readme=_readme(folder, actor),
        runtime=runtime,
        command=command,
        notes=notes,
    )


def _json(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        value = json.loads(path.read_text(errors="replace"))
    except (ValueError, RecursionError) as problem:
        raise BadSource(f"{path.name} is not valid JSON: {problem}") from None
    if not isinstance(value, dict):
        raise BadSource(f"{path.name} must hold a JSON object")
    return value


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


def _docker_command(folder: Path, actor: dict[str, Any], notes: list[str]) -> list[str]:
    """CMD of the Dockerfile in exec or shell form; the last one counts."""
    places = [folder / ".actor" / "Dockerfile", folder / "Dockerfile"]
    if isinstance(actor.get("dockerfile"), str):
        places.insert(0, _inside(folder, folder / ".actor" / actor["dockerfile"]))
    for path in places:
        if path.is_file():
            return _command_in(path.read_text(errors="replace"), notes)
    return []


def _command_in(text: str, notes: list[str]) -> list[str]:
    joined = re.sub(r"\\\s*\n", " ", text)
    command: list[str] = []
    for line in joined.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word.upper() == "CMD":
            command = _exec_form(rest.strip()) or ["sh", "-c", rest.strip()]
        elif word.upper() == "RUN" and not re.search(r"\b(pip|npm|uv)\b", rest):
            notes.append(f"Dockerfile: not run here: RUN {rest.strip()[:120]}")
    return command


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
    script = (package.get("scripts") or {}).get("start", "")
    if (
        isinstance(script, str)
        and script.startswith("node ")
        and not re.search(r"[&|;<>$]", script)
    ):
        return shlex.split(script)  # npm itself would cost a fifth of a second
    if script:
        return ["npm", "start", "--silent"]
    main = package.get("main") or "main.js"
    if (folder / main).exists():
        return ["node", main]
    raise BadSource("package.json has neither a start script nor a main file that exists")
