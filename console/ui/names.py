"""Names of Actors by id: lists of runs hold only ids, and names hardly ever change."""

from django.core.cache import cache

from console.api.errors import ApiError
from console.api.resources.actors import get_actor, list_actors
from console.request import ConsoleRequest

KEPT = 60  # seconds
MOST = 1000


def actor_names(request: ConsoleRequest) -> dict[str, str]:
    """One call a minute for a workspace; without it the ids are shown."""
    key = key_of(request)
    known: dict[str, str] | None = cache.get(key)
    if known is None:
        try:
            listed = request.api.run(list_actors(limit=MOST, desc=True))
        except ApiError:
            return {}
        known = {actor.id: actor.title or actor.name for actor in listed.items}
        cache.set(key, known, KEPT)
    return known


def key_of(request: ConsoleRequest) -> str:
    return f"actor-names-{request.workspace.id}"


def name_known(request: ConsoleRequest, actor_id: str | None) -> str:
    """For pages that have no call to spare: "" unless another page asked a while ago."""
    known: dict[str, str] = cache.get(key_of(request)) or {}
    return known.get(actor_id or "", "")


def name_of(request: ConsoleRequest, actor_id: str | None) -> str:
    """The Actor's title, also of one that is not in the list; its id when it is gone."""
    if actor_id is None:
        return "Unknown Actor"
    known = actor_names(request).get(actor_id)
    if known:
        return known
    try:
        actor = request.api.run(get_actor(actor_id))
    except ApiError:
        return actor_id
    return actor.title or actor.name
