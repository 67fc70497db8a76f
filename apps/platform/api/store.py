"""Public Actors of all accounts (endpoint 106; semantics.md rules 256-261)."""

from collections.abc import Iterator
from typing import Any

import msgspec
from django.conf import settings
from django.db.models import (
    Case,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from starlette.responses import Response

from apps.platform.api import actor_fields
from apps.platform.domain import charging, pricing
from apps.platform.domain.clock import now
from apps.platform.domain.errors import invalid_value
from apps.platform.http import envelope
from apps.platform.http.params import Page
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route
from apps.platform.models import Actor, Build

LONGEST_SEARCH = 200
MOST_WORDS = 8
# the better the place of a word, the lower the sum
PLACES = {"title": 0, "name": 0, "user__username": 2, "description": 3}
IN_README = 5
POPULAR = ("-total_runs", "-created_at", "id")
ORDERS: dict[str, tuple[str, ...]] = {
    "popularity": POPULAR,
    "newest": ("-created_at", "id"),
    "lastUpdate": ("-modified_at", "id"),
}


def list_store(request: ApiRequest) -> Response:
    query, page = request.query, request.query.page()
    rows = Actor.objects.filter(is_public=True, is_deprecated=False)
    if query.text("username"):
        rows = rows.filter(user__username=query.text("username"))
    if query.text("category"):
        rows = _of_category(rows, query.text("category") or "")
    words = (query.text("search") or "")[:LONGEST_SEARCH].split()[:MOST_WORDS]
    if words:
        rows = _found(rows, words)
    order = ORDERS.get(query.text("sortBy") or "", ("rank", *POPULAR) if words else POPULAR)
    model = query.text("pricingModel")
    rows = _priced(rows, model) if model else rows
    found = rows.select_related("user").order_by(*order)[page.offset : page.offset + page.limit]
    shown = list(_shapes(list(found)))
    return envelope.listing(shown, rows.count(), Page(page.offset, page.limit, desc=False))


def _of_category(rows: QuerySet[Actor], category: str) -> QuerySet[Actor]:
    """Categories are a JSON array, which not every database can look into: its text is searched,
    as written with and without escapes."""
    plain = msgspec.json.encode(category).decode()
    escaped = plain.encode("ascii", "backslashreplace").decode()
    rows = rows.annotate(named=Cast("categories", TextField()))
    return rows.filter(Q(named__contains=plain) | Q(named__contains=escaped))


def _found(rows: QuerySet[Actor], words: list[str]) -> QuerySet[Actor]:
    """Actors in which each word is somewhere, with `rank`."""
    rank: Any = Value(0)
    rows = rows.annotate(latest=KT("tagged_builds__latest__buildId"))
    for word in words:
        readme = Exists(Build.objects.filter(id=OuterRef("latest"), readme__icontains=word))
        somewhere = Q(readme)
        places = []
        for place, weight in PLACES.items():
            here = Q(**{f"{place}__icontains": word})
            somewhere |= here
            places.append(When(here, then=Value(weight)))
        rows = rows.filter(somewhere)
        rank = rank + Case(*places, default=Value(IN_README), output_field=IntegerField())
    return rows.annotate(rank=rank)


def _priced(rows: QuerySet[Actor], model: str) -> QuerySet[Actor]:
    if model not in pricing.MODELS:
        raise invalid_value(f"pricingModel must be one of {', '.join(pricing.MODELS)}")
    kept = [
        actor_id
        for actor_id, extra in rows.values_list("id", "extra")
        if _price(extra)["pricingModel"] == model
    ]
    return rows.filter(id__in=kept)


def _shapes(actors: list[Actor]) -> Iterator[dict[str, Any]]:
    users = actor_fields.users_of([actor.id for actor in actors])
    for actor in actors:
        owner = actor.user
        yield {
            "id": actor.id,
            "title": actor.title,
            "name": actor.name,
            "username": owner.username,
            "userFullName": owner.profile.get("name") or owner.username,
            "description": actor.description or "",
            "categories": actor.categories,
            "notice": actor.extra.get("notice") or "NONE",
            "pictureUrl": actor.extra.get("pictureUrl"),
            "userPictureUrl": owner.profile.get("pictureUrl"),
            "url": f"{settings.CONSOLE_URL}/actors/{actor.id}/",
            "stats": actor_fields.stats(actor) | users.get(actor.id, {}),
            "currentPricingInfo": _price(actor.extra),
        }


def _price(extra: dict[str, Any]) -> dict[str, Any]:
    found = charging.pricing_at(extra.get("pricingInfos", []), now())
    return found or {"pricingModel": pricing.FREE}


ROUTES = [Route("GET", "/v2/store", list_store, auth="none")]
