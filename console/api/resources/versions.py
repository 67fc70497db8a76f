"""Versions of an Actor: /v2/acts/{actorId}/versions (endpoints 6, 8)."""

from console.api.calls import Call, path
from console.api.models.actors import Version
from console.api.models.base import Listing
from console.api.reading import data


def list_versions(actor_id: str) -> Call[Listing[Version]]:
    return Call("GET", path("/v2/acts/{}/versions", actor_id), data(Listing[Version]))


def get_version(actor_id: str, version_number: str) -> Call[Version]:
    return Call("GET", path("/v2/acts/{}/versions/{}", actor_id, version_number), data(Version))
