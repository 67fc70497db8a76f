"""Actors: /v2/acts (endpoints 1-5)."""

from typing import Any

import msgspec

from console.api.calls import JSON, Call, params, path
from console.api.models.actors import Actor, ActorSummary
from console.api.models.base import Page
from console.api.reading import data, nothing


def list_actors(
    *, offset: int = 0, limit: int = 100, desc: bool = False, my: bool | None = None
) -> Call[Page[ActorSummary]]:
    """Actors created or used by the account; with `my` only its own (rule 59)."""
    return Call(
        "GET",
        "/v2/acts",
        data(Page[ActorSummary]),
        params(offset=offset, limit=limit, desc=desc, my=my),
    )


def get_actor(actor_id: str) -> Call[Actor]:
    """`actor_id` may also be `username~name` (rule 32)."""
    return Call("GET", path("/v2/acts/{}", actor_id), data(Actor))


def create_actor(fields: dict[str, Any]) -> Call[Actor]:
    """Names as the API spells them; `versions` may be empty (rule 61)."""
    body = msgspec.json.encode(fields)
    return Call("POST", "/v2/acts", data(Actor), body=body, content_type=JSON)


def update_actor(actor_id: str, changes: dict[str, Any]) -> Call[Actor]:
    """Properties left out keep their value (rule 65); names as the API spells them."""
    return Call(
        "PUT",
        path("/v2/acts/{}", actor_id),
        data(Actor),
        body=msgspec.json.encode(changes),
        content_type=JSON,
    )


def delete_actor(actor_id: str) -> Call[None]:
    return Call("DELETE", path("/v2/acts/{}", actor_id), nothing)
