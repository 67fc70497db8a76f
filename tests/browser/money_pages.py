"""Pages of the store, usage and limits, and those that find things."""

from collections.abc import Callable

from tests.apps.search.test_search import tell_names
from tests.apps.store.test_store import offer
from tests.apps.usage.made import tell_limits, tell_month
from tests.fakes import FakeApi, page


def offers(api: FakeApi) -> None:
    api.data("GET", "/v2/store", page([offer(), offer(name="n" * 60, title="T" * 60)]))


def by_ben(api: FakeApi) -> None:
    offers(api)
    profile = {
        "bio": "Makes Actors.",
        "websiteUrl": "https://ben.example/",
        "githubUsername": "ben",
    }
    api.data("GET", "/v2/users/ben", {"username": "ben", "profile": profile})


def quiet(api: FakeApi) -> None:
    """Nothing is asked."""


MONEY_PAGES: dict[str, tuple[str, str, Callable[[FakeApi], None]]] = {
    "API calls": ("vera", "/api-calls/?call=GET+/v2/acts/AbC&call=GET+/v2/acts", quiet),
    "search": ("vera", "/search/", quiet),
    "search by name": ("vera", "/search/?q=price", tell_names),
    "store": ("vera", "/store/", offers),
    "store of one maker": ("vera", "/store/?username=ben", by_ben),
    "usage": ("vera", "/usage/", tell_month),
    "limits": ("ada", "/limits/", tell_limits),
}
