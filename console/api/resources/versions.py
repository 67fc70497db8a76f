"""Versions of an Actor and their variables: /v2/acts/{actorId}/versions (endpoints 6-15)."""

from typing import Any

import msgspec

from console.api.calls import JSON, Call, path
from console.api.models.actors import EnvVar, Version
from console.api.models.base import Listing
from console.api.reading import data, nothing

VERSION = "/v2/acts/{}/versions/{}"
VARIABLE = VERSION + "/env-vars/{}"


def list_versions(actor_id: str) -> Call[Listing[Version]]:
    return Call("GET", path("/v2/acts/{}/versions", actor_id), data(Listing[Version]))


def get_version(actor_id: str, version_number: str) -> Call[Version]:
    return Call("GET", path(VERSION, actor_id, version_number), data(Version))


def create_version(actor_id: str, fields: dict[str, Any]) -> Call[Version]:
    """`versionNumber` and `sourceType` are needed (rule 67)."""
    address = path("/v2/acts/{}/versions", actor_id)
    return Call("POST", address, data(Version), body=msgspec.json.encode(fields), content_type=JSON)


def update_version(actor_id: str, version_number: str, changes: dict[str, Any]) -> Call[Version]:
    """What is not named stays (rule 72); `sourceFiles` and `envVars` are replaced whole."""
    address = path(VERSION, actor_id, version_number)
    body = msgspec.json.encode(changes)
    return Call("PUT", address, data(Version), body=body, content_type=JSON)


def delete_version(actor_id: str, version_number: str) -> Call[None]:
    return Call("DELETE", path(VERSION, actor_id, version_number), nothing)


def create_env_var(actor_id: str, version_number: str, fields: dict[str, Any]) -> Call[EnvVar]:
    """`name` and `value` are needed (rule 73)."""
    address = path(VERSION, actor_id, version_number) + "/env-vars"
    return Call("POST", address, data(EnvVar), body=msgspec.json.encode(fields), content_type=JSON)


def update_env_var(
    actor_id: str, version_number: str, name: str, changes: dict[str, Any]
) -> Call[EnvVar]:
    """Rule 75; the value of a secret is never read back (rule 74)."""
    address = path(VARIABLE, actor_id, version_number, name)
    body = msgspec.json.encode(changes)
    return Call("PUT", address, data(EnvVar), body=body, content_type=JSON)


def delete_env_var(actor_id: str, version_number: str, name: str) -> Call[None]:
    return Call("DELETE", path(VARIABLE, actor_id, version_number, name), nothing)
