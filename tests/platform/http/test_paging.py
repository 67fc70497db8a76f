"""Rules 34-46 and 52 of semantics.md, on the list of Actors, runs and builds."""

from typing import Any

import pytest

from tests.platform.conftest import Account, Platform

LISTS = ("acts", "actor-runs", "actor-builds", "datasets", "key-value-stores", "request-queues")


@pytest.fixture(scope="module")
def many(platform: Platform) -> Account:
    """An account with five Actors."""
    account = platform.account("many")
    for number in range(5):
        account.data("POST", "acts", json={"name": f"actor-{number}"})
    return account


def names(page: Any) -> list[int]:
    return [int(each["name"].removeprefix("actor-")) for each in page["items"]]


OTHERS = ("actor-tasks", "webhooks", "webhook-dispatches", "schedules", "store")


@pytest.mark.parametrize("path", [*LISTS, *OTHERS])
def test_rules_34_37_43_the_envelope_and_its_default(ada: Account, path: str) -> None:
    page = ada.data("GET", path)
    assert {"total", "offset", "limit", "count", "desc", "items"} <= set(page)
    assert (page["offset"], page["limit"], page["desc"]) == (0, 1000, False)
    assert page["count"] == len(page["items"])


@pytest.mark.parametrize("path", [*LISTS, *OTHERS])
def test_rules_34_40_the_limit_is_at_most_1000(ada: Account, path: str) -> None:
    assert ada.data("GET", f"{path}?limit=999999999999999999")["limit"] == 1000


@pytest.mark.parametrize("path", LISTS)
def test_rule_52_limit_0_asks_for_no_limit(ada: Account, path: str) -> None:
    assert ada.data("GET", f"{path}?limit=0")["limit"] == 1000


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("value", ["-1", "1e3", "x", "1.0", "0x1", "9" * 25, "٣", "1 2", "NaN"])
def test_numbers_that_are_none_are_refused(ada: Account, path: str, name: str, value: str) -> None:
    response = ada.http.get(path, params={name: value})
    assert (response.status_code, response.json()["error"]["type"]) == (400, "invalid-value")


def test_rules_35_36_38_41_a_page_of_the_middle(many: Account) -> None:
    page = many.data("GET", "acts?offset=1&limit=3")
    assert names(page) == [1, 2, 3]
    assert (page["total"], page["offset"], page["limit"], page["count"]) == (5, 1, 3, 3)


def test_rules_36_39_42_desc_reverses(many: Account) -> None:
    page = many.data("GET", "acts?desc=1&offset=1&limit=2")
    assert names(page) == [3, 2]
    assert (page["desc"], page["offset"]) == (True, 1)
    assert many.data("GET", "acts")["offset"] == 0


def test_rule_52_a_page_beyond_the_end_is_empty(many: Account) -> None:
    page = many.data("GET", "acts?offset=100")
    assert (page["items"], page["total"], page["offset"]) == ([], 5, 100)
    assert many.data("GET", "actor-runs?offset=900000000000000000")["items"] == []


def test_rule_46_versions_have_only_total_and_items(many: Account) -> None:
    assert set(many.data("GET", "acts/~actor-1/versions")) == {"total", "items"}


def test_the_official_client_iterates_to_the_end(many: Account) -> None:
    assert len(list(many.client.actors().iterate())) == 5
