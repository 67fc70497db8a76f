"""The store's page (endpoint 106)."""

from typing import Any

import pytest

from tests.conftest import Browse
from tests.fakes import ACTOR_ID, FakeApi, page


def offer(**changes: Any) -> dict[str, Any]:
    return {
        "id": ACTOR_ID,
        "name": "price-watch",
        "username": "ben",
        "title": "Price <watch>",
        "description": "Reads prices.",
        "userFullName": "Ben",
        "categories": ["LEAD_GENERATION", "AI"],
        "stats": {"totalRuns": 12345, "totalUsers": 7},
        "currentPricingInfo": {"pricingModel": "FREE"},
        **changes,
    }


def test_it_shows_what_is_offered(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/store", page([offer()]))
    text = browser("vera").get("/store/").content.decode()
    assert "Price &lt;watch&gt;" in text
    assert "12,345 runs" in text
    assert "Lead generation" in text
    assert "<span>Free</span>" in text
    assert f'href="/actors/{ACTOR_ID}/"' in text
    assert f'href="/actors/{ACTOR_ID}/information/"' in text


def test_it_searches_sorts_and_filters_in_one_call(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/store", page([]))
    query = "search=price&sort=newest&category=AI&pricing=FREE&username=ben&limit=20&page=2"
    fake_api.data("GET", "/v2/users/ben", {"username": "ben"})
    text = browser("vera").get(f"/store/?{query}").content.decode()
    (call,) = fake_api.made("GET", "/v2/store")
    assert call.query == {
        "search": "price",
        "sortBy": "newest",
        "category": "AI",
        "pricingModel": "FREE",
        "username": "ben",
        "limit": "20",
        "offset": "20",
    }
    assert "Nothing in the store fits" in text


def test_an_odd_filter_is_left_out(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/store", page([]))
    assert browser("vera").get(f"/store/?sort=odd&pricing=x&search={'a' * 201}").status_code == 200
    (call,) = fake_api.made("GET", "/v2/store")
    assert set(call.query) == {"limit", "offset"}


def test_an_empty_store_says_how_to_fill_it(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/store", page([]))
    assert "makes it public" in browser("vera").get("/store/").content.decode()


def test_it_survives_what_an_actor_lacks(browser: Browse, fake_api: FakeApi) -> None:
    bare = {"id": ACTOR_ID, "name": "bare"}
    odd = offer(currentPricingInfo={"pricingModel": 3}, categories=None, stats=None)
    fake_api.data("GET", "/v2/store", page([bare, odd]))
    answer = browser("vera").get("/store/")
    assert answer.status_code == 200
    assert "No description." in answer.content.decode()


@pytest.mark.parametrize("website", ["https://ben.example/", "javascript:alert(1)"])
def test_who_made_them_is_told(browser: Browse, fake_api: FakeApi, website: str) -> None:
    fake_api.data("GET", "/v2/store", page([offer()]))
    profile = {"name": "Ben <b>", "bio": "Makes Actors.", "websiteUrl": website}
    fake_api.data("GET", "/v2/users/ben", {"username": "ben", "profile": profile})
    text = browser("vera").get("/store/?username=ben").content.decode()
    assert "By Ben &lt;b&gt;" in text
    assert "Makes Actors." in text
    assert (f'href="{website}"' in text) is website.startswith("https")


def test_a_maker_that_is_not_known_has_no_profile(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/store", page([]))
    fake_api.error("GET", "/v2/users/ben", 404, "record-not-found")
    assert "By ben" in browser("vera").get("/store/?username=ben").content.decode()
