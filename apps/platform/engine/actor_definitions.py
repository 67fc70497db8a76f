"""`actorDefinition` of a build: `.actor/actor.json` with the files it names put in their place.

People write that file, so what has another type than clients expect is left out.
"""

import re
from typing import Any

from apps.platform.models import Build

VERSION = re.compile(r"[0-9]+(\.[0-9]+)+\Z")
LEAST_MEMORY = 128
KINDS: dict[str, type | tuple[type, ...]] = {
    "name": str,
    "title": str,
    "description": str,
    "version": str,
    "buildTag": str,
    "meta": dict,
    "environmentVariables": dict,
    "dockerfile": str,
    "dockerContextDir": str,
    "changelog": str,
    "output": dict,
    "defaultMemoryMbytes": (int, str),
    "minMemoryMbytes": int,
    "maxMemoryMbytes": int,
    "usesStandbyMode": bool,
    "webServerSchema": dict,
    "webServerMcpPath": str,
}


def of(build: Build) -> dict[str, Any] | None:
    written = build.actor_definition
    if not isinstance(written, dict):
        return None
    shown = {
        name: written[name]
        for name, kind in KINDS.items()
        if isinstance(written.get(name), kind) and _is_sound(name, written[name])
    }
    shown["actorSpecification"] = 1
    storages = written.get("storages")
    if isinstance(storages, dict):
        shown["storages"] = {name: it for name, it in storages.items() if isinstance(it, dict)}
    if isinstance(build.input_schema, dict):
        shown["input"] = build.input_schema
    if build.readme is not None:
        shown["readme"] = build.readme
    return shown


def _is_sound(name: str, value: Any) -> bool:
    if name == "version":
        return bool(VERSION.match(value))
    if name in {"minMemoryMbytes", "maxMemoryMbytes"}:
        return not isinstance(value, bool) and value >= LEAST_MEMORY
    if name == "environmentVariables":
        return all(isinstance(each, str) for each in value.values())
    return name != "meta" or isinstance(value.get("templateId", ""), str)
