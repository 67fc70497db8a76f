"""The store of public Actors: /v2/store (endpoint 106)."""

from console.api.calls import Call, params
from console.api.models.base import Page
from console.api.models.store import StoreActor
from console.api.reading import data


def list_store(
    *,
    offset: int = 0,
    limit: int = 100,
    search: str | None = None,
    sort_by: str | None = None,
    category: str | None = None,
    username: str | None = None,
    pricing_model: str | None = None,
) -> Call[Page[StoreActor]]:
    """`sort_by` is relevance, popularity, newest or lastUpdate (rules 256-260)."""
    return Call(
        "GET",
        "/v2/store",
        data(Page[StoreActor]),
        params(
            offset=offset,
            limit=limit,
            search=search,
            sort_by=sort_by,
            category=category,
            username=username,
            pricing_model=pricing_model,
        ),
    )
