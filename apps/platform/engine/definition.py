"""What a source says of itself: actor.json, input schema, README, start command."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apps.platform.engine import docker_run, dockerfile, interpreters
from apps.platform.engine.sources import BadSource

LARGEST_SCHEMA = 500_000
LARGEST_README = 1_000_000
LARGEST_DOCKERFILE = 200_000
DEEPEST = 10  # levels of fields that are looked at
MOST_NAMED = 20

NOT_SEALED = (
    "Input schema: {} is secret in forms but not encrypted in records, since only fields of the "
    "first level can be. Mark the field that it belongs to instead"
)


@dataclass(frozen=True)
class Definition:
    actor: dict[str, Any]
    input_schema: dict[str, Any] | None
    readme: str
    runtime: str  # python or node
    command: list[str]
    notes: list[str]  # sentences for the log
    compiles: bool = False  # the Dockerfile says `npm run build`
    packages: tuple[str, ...] = ()  # besides those that requirements.txt or package.json name
    variables: dict[str, str] = field(default_factory=dict)  # of the Dockerfile's ENV
    program: str = ""  # another Python or Node than the usual one
    context: Path = Path()  # the folder from which the image would be made: what can be run


def read(folder: Path, home: str = "") -> Definition:
    """`home` is the Actor's own folder below `folder`, "" when that is all of it. BadSource with a
    sentence when the source cannot be understood."""
    try:
        return _read(folder, folder / home)
    except (ValueError, OSError) as problem:  # names that no file can have
        raise BadSource(f"The source cannot be read: {problem}") from None


def _read(folder: Path, home: Path) -> Definition:
    actor = _with_storages(folder, home, _json(home / ".actor" / "actor.json") or {})
    context = context_of(folder, home, actor)
    recipe = dockerfile.read(_dockerfile(folder, home, actor))
    runtime = recipe.runtime or ("node" if (context / "package.json").exists() else "python")
    program, said = interpreters.other(runtime, recipe.version)
    notes = [f"Dockerfile: {said}"] if said else []
    notes += [*recipe.notes, *dockerfile.lay_out(recipe, context)]
    input_schema = _input_schema(folder, home, actor)
    notes += [NOT_SEALED.format(name) for name in _deep_secrets(input_schema)]
    return Definition(
        actor=actor,
        input_schema=input_schema,
        readme=_readme(folder, home, actor),
        runtime=runtime,
        command=_command(recipe, context, runtime),
        packages=_pip(recipe, context, notes) if runtime == "python" else tuple(recipe.modules),
        variables=recipe.variables,
        program=str(program or ""),
        context=context,
        notes=notes,
        compiles=runtime == "node" and recipe.compiles and _compiles(context),
    )


def context_of(folder: Path, home: Path, actor: dict[str, Any]) -> Path:
    """`dockerContextDir`, relative to actor.json: how an Actor reaches what lies beside its own
    folder; BadSource when it is not in the source."""
    given = actor.get("dockerContextDir")
    if not isinstance(given, str):
        return home
    context = _inside(folder, home / ".actor" / given).resolve()
    if not context.is_dir():
        raise BadSource(f"dockerContextDir in actor.json is no folder: {given[:200]!r}")
    return context


def reaches_out(home: Path) -> bool:
    """Whether actor.json names a folder or Dockerfile that is not in the Actor's own folder."""
    actor = _json(home / ".actor" / "actor.json") or {}
    named = [actor.get("dockerContextDir"), actor.get("dockerfile")]
    places = [(home / ".actor" / name).resolve() for name in named if isinstance(name, str)]
    return any(not place.is_relative_to(home.resolve()) for place in places)


def _with_storages(folder: Path, home: Path, actor: dict[str, Any]) -> dict[str, Any]:
    """Definitions of storages that are files of their own, in place of their names."""
    storages = actor.get("storages")
    if not isinstance(storages, dict):
        return actor
    found = {
        kind: _json(_inside(folder, home / ".actor" / value)) if isinstance(value, str) else value
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


def _input_schema(folder: Path, home: Path, actor: dict[str, Any]) -> dict[str, Any] | None:
    given = actor.get("input")
    if isinstance(given, dict):
        return given
    places = [home / ".actor" / "INPUT_SCHEMA.json", home / "INPUT_SCHEMA.json"]
    places += [home / ".actor" / "input_schema.json"]
    if isinstance(given, str):
        places.insert(0, _inside(folder, home / ".actor" / given))
    for path in places:
        if path.is_file() and path.stat().st_size > LARGEST_SCHEMA:
            raise BadSource(f"{path.name} is larger than {LARGEST_SCHEMA} bytes")
        schema = _json(path)
        if schema is not None:
            return schema
    return None


def _deep_secrets(schema: dict[str, Any] | None) -> list[str]:
    """Fields with `isSecret` inside fields without: `login.password`, `logins[].password`."""
    found = []
    level = [("", schema)]
    for depth in range(DEEPEST):
        below: list[tuple[str, Any]] = []
        for name, spec in level:
            properties = spec.get("properties") if isinstance(spec, dict) else None
            for key, each in (properties if isinstance(properties, dict) else {}).items():
                inner = f"{name}.{key}".lstrip(".")
                if not isinstance(each, dict) or each.get("isSecret") is True:
                    found += [inner[:200]] if depth and isinstance(each, dict) else []
                    continue
                below += [(inner, each), (f"{inner}[]", each.get("items"))]
        level = below
    return found[:MOST_NAMED]


def _readme(folder: Path, home: Path, actor: dict[str, Any]) -> str:
    places = [home / ".actor" / "README.md", home / ".actor" / "ACTOR.md", home / "README.md"]
    if isinstance(actor.get("readme"), str):
        places.insert(0, _inside(folder, home / ".actor" / actor["readme"]))
    for path in places:
        if path.is_file():
            return path.read_text(errors="replace")[:LARGEST_README]
    return ""


def _inside(folder: Path, path: Path) -> Path:
    if not path.resolve().is_relative_to(folder.resolve()):
        raise BadSource(f"{path.name!r} in actor.json leads outside the source")
    return path


def _dockerfile(folder: Path, home: Path, actor: dict[str, Any]) -> str:
    """Its text; "" without one."""
    places = [home / ".actor" / "Dockerfile", home / "Dockerfile"]
    if isinstance(actor.get("dockerfile"), str):
        places.insert(0, _inside(folder, home / ".actor" / actor["dockerfile"]))
    for path in places:
        if path.is_file():
            return path.read_text(errors="replace")[:LARGEST_DOCKERFILE]
    return ""


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
