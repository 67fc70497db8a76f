from django.http import HttpResponse

from apps.store.forms import PRICES, SORTS, StoreFilters
from console.api.errors import ApiError
from console.api.models.store import CATEGORIES
from console.api.models.users import PublicUser
from console.api.resources.store import list_store
from console.api.resources.users import get_public_user
from console.request import ConsoleRequest, needs
from console.ui.listing import list_page


@needs("read")
def store(request: ConsoleRequest) -> HttpResponse:
    asked = StoreFilters(request.GET).values()
    known = {*CATEGORIES, asked["category"]} - {""}
    maker = maker_of(request, asked["username"])
    return list_page(
        request,
        template="store/list.html",
        fetch=lambda params: request.api.run(
            list_store(
                offset=params.offset,
                limit=params.limit,
                search=asked["search"] or None,
                sort_by=asked["sort"] or None,
                category=asked["category"] or None,
                username=asked["username"] or None,
                pricing_model=asked["pricing"] or None,
            )
        ),
        context={
            "asked": asked,
            "maker": maker,
            "is_filtered": any(asked.values()),
            "sorts": SORTS,
            "prices": PRICES,
            "categories": sorted(known),
        },
    )


def maker_of(request: ConsoleRequest, username: str) -> PublicUser | None:
    """Who made the Actors that are asked for; None when nobody in particular, or not known."""
    if not username:
        return None
    try:
        return request.api.run(get_public_user(username))
    except ApiError:
        return None
