"""Actors of the Store and what they cost (endpoint 106; rules 27, 59-62, 256-261)."""

from collections.abc import Iterator
from typing import Any

import pytest
from apify_client._models import StoreActor

from tests.platform.api.conftest import Make, set_status, version
from tests.platform.conftest import Account, Platform

PUBLIC: list[dict[str, Any]] = [
    {
        "name": "maps-scraper",
        "title": "Places of maps",
        "description": "Reads addresses and 100% of reviews",
        "categories": ["TRAVEL", "LEAD_GENERATION"],
    },
    {
        "name": "price-watch",
        "title": "Prices",
        "description": "Watches shops, with maps of them",
        "categories": ["ECOMMERCE", "\u017divot"],
        "pricingInfos": [
            {"pricingModel": "FREE", "startedAt": "2020-01-01T00:00:00.000Z"},
            {
                "pricingModel": "PRICE_PER_DATASET_ITEM",
                "startedAt": "2021-01-01T00:00:00.000Z",
                "unitName": "result",
                "pricePerUnitUsd": 0.01,
            },
            {"pricingModel": "FLAT_PRICE_PER_MONTH", "startedAt": "2999-01-01T00:00:00.000Z"},
        ],
    },
    {"name": "third", "title": "Third", "description": "Last", "categories": ["TRAVEL"]},
]


@pytest.fixture(scope="module")
def seller(platform: Platform) -> Iterator[Account]:
    """An account with three public Actors, of which the last was run most, and two others."""
    account = platform.account("seller", "--profile", "name=Sel Ler", "--email", "s@x.cz")
    for body in PUBLIC:
        account.data("POST", "acts", json=body | {"isPublic": True, "versions": [version()]})
    account.data("POST", "acts", json={"name": "maps-private"})
    gone = {"name": "maps-gone", "title": "t", "categories": ["AI"], "isDeprecated": True}
    account.data("POST", "acts", json=gone | {"isPublic": True})
    platform.sql("UPDATE actor SET total_runs=9 WHERE name='third'")
    yield account
    platform.sql(
        "UPDATE actor SET is_public=false"
        " WHERE user_id=(SELECT id FROM \"user\" WHERE username='seller')"
    )


def names(platform: Platform, **query: str) -> list[str]:
    answer = platform.anonymous.get("store", params={"username": "seller"} | query)
    assert answer.status_code == 200, answer.text
    return [item["name"] for item in answer.json()["data"]["items"]]


def test_rules_27_256_public_actors_need_no_token(platform: Platform, seller: Account) -> None:
    assert sorted(names(platform)) == ["maps-scraper", "price-watch", "third"]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("maps", ["maps-scraper", "price-watch"]),  # a name is nearer than a description
        ("PLACES", ["maps-scraper"]),
        ("watches shops", ["price-watch"]),
        ("shops places", []),
        ("seller third", ["third"]),
        ("100%", ["maps-scraper"]),
        ("zzz", []),
        ("secret recipe", ["third"]),
    ],
)
def test_rule_257_each_word_is_searched_everywhere(
    platform: Platform, seller: Account, search: str, found: list[str]
) -> None:
    third = seller.data("GET", "acts/~third")
    if "latest" not in third["taggedBuilds"]:
        build = seller.data("POST", f"acts/{third['id']}/builds?version=0.1")["id"]
        statement = "UPDATE build SET status='SUCCEEDED', readme='A Secret Recipe' WHERE id=?"
        platform.sql(statement, build)
        tagged = {"taggedBuilds": {"latest": {"buildId": build}}}
        seller.data("PUT", f"acts/{third['id']}", json=tagged)
    assert names(platform, search=search) == found


def test_rule_258_orders(platform: Platform, seller: Account) -> None:
    platform.sql("UPDATE actor SET modified_at='2030-01-01' WHERE name='maps-scraper'")
    assert names(platform, sortBy="popularity")[0] == "third"
    assert names(platform)[0] == "third"
    assert names(platform, sortBy="newest") == ["third", "price-watch", "maps-scraper"]
    assert names(platform, sortBy="lastUpdate")[0] == "maps-scraper"
    assert len(names(platform, sortBy="nothing")) == 3


def test_rule_259_category_and_username(platform: Platform, seller: Account) -> None:
    assert sorted(names(platform, category="TRAVEL")) == ["maps-scraper", "third"]
    assert names(platform, category="LEAD_GENERATION") == ["maps-scraper"]
    assert names(platform, category="\u017divot") == ["price-watch"]
    assert names(platform, category="TRAV") == []
    assert names(platform, category='"') == []
    assert names(platform, username="nobody") == []


def test_rule_260_pricing_model_of_today(platform: Platform, seller: Account) -> None:
    assert names(platform, pricingModel="PRICE_PER_DATASET_ITEM") == ["price-watch"]
    assert len(names(platform, pricingModel="FREE")) == 2
    assert names(platform, pricingModel="FLAT_PRICE_PER_MONTH") == []
    answer = platform.anonymous.get("store?pricingModel=DEAR")
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid-value"


def test_rule_261_what_the_list_shows(platform: Platform, seller: Account) -> None:
    page = seller.data("GET", "store?username=seller&search=price&limit=1")
    assert {name: page[name] for name in ("total", "offset", "limit", "desc", "count")} == {
        "total": 1,
        "offset": 0,
        "limit": 1,
        "desc": False,
        "count": 1,
    }
    (item,) = page["items"]
    StoreActor.model_validate(item)
    assert (item["userFullName"], item["categories"]) == ("Sel Ler", ["ECOMMERCE", "\u017divot"])
    assert item["currentPricingInfo"]["pricePerUnitUsd"] == 0.01
    assert len(item["stats"]) == 8
    assert names(platform, offset="1", limit="1", sortBy="newest") == ["price-watch"]
    listed = seller.client.store().list(username="seller", limit=2)
    assert (listed.total, listed.count) == (3, 2)


def test_rules_64_261_users_are_counted(
    platform: Platform, seller: Account, ben: Account, ada: Account, make_build: Make
) -> None:
    actor = seller.data("GET", "acts/~maps-scraper")
    make_build(actor, seller)
    for account in (ben, ada, ben):
        run = account.data("POST", f"acts/{actor['id']}/runs")
        set_status(platform, run["id"], "SUCCEEDED")
    platform.sql("UPDATE run SET started_at='2020-01-01' WHERE id=?", run["id"])
    platform.sql(
        "UPDATE run SET started_at='2020-01-01' WHERE actor_id=? AND "
        "user_id=(SELECT id FROM \"user\" WHERE username='ada')",
        actor["id"],
    )
    stats = seller.data("GET", f"acts/{actor['id']}")["stats"]
    assert (stats["totalUsers"], stats["totalUsers7Days"], stats["totalRuns"]) == (2, 1, 3)
    (item,) = seller.data("GET", "store?username=seller&search=scraper")["items"]
    assert item["stats"] == stats


def test_rule_62_a_public_actor_has_title_and_categories(seller: Account) -> None:
    for body in ({"title": "t"}, {"categories": ["AI"]}, {"title": "", "categories": ["AI"]}):
        answer = seller.http.post("acts", json={"name": "half-done", "isPublic": True} | body)
        assert answer.status_code == 400
    answer = seller.http.put("acts/~third", json={"categories": []})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "infos",
    [
        "x",
        [1],
        [{}],
        [{"pricingModel": "PAY_PER_EVENT", "pricingPerEvent": 1}],
        [{"pricingModel": "DEAR"}],
        [{"pricingModel": "FREE", "startedAt": 1}],
    ],
)
def test_rule_65_prices_that_are_none(seller: Account, infos: Any) -> None:
    answer = seller.http.put("acts/~third", json={"pricingInfos": infos})
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid-value"


def test_rules_63_65_prices_are_kept(seller: Account) -> None:
    models = ["FREE", "PAY_PER_EVENT", "FLAT_PRICE_PER_MONTH", "PRICE_PER_DATASET_ITEM"]
    body = {"pricingInfos": [{"pricingModel": model} for model in models]}
    made = seller.data("POST", "acts", json=body)
    infos = seller.data("GET", f"acts/{made['id']}")["pricingInfos"]
    assert [info["pricingModel"] for info in infos] == models
    assert {"apifyMarginPercentage", "createdAt", "startedAt"} < set(infos[1])
    assert seller.client.actor(made["id"]).get() is not None
    assert seller.http.delete(f"acts/{made['id']}").status_code == 204


def test_rules_266_269_profile_and_email(platform: Platform, seller: Account) -> None:
    me = seller.data("GET", "users/me")
    assert (me["email"], me["profile"]["name"]) == ("s@x.cz", "Sel Ler")
    shown = platform.anonymous.get("users/seller").json()["data"]
    assert shown["profile"]["name"] == "Sel Ler"
    assert "email" not in shown


def test_rule_272_the_command_sets_limits(platform: Platform, seller: Account) -> None:
    assert platform.manage("platform_user", "seller", "--limit", "maxActorCount=77") == seller.token
    assert seller.data("GET", "users/me/limits")["limits"]["maxActorCount"] == 77
    assert seller.data("GET", "users/me")["plan"]["maxActorCount"] == 77
