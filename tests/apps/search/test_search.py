"""Search over everything that has a name or an ID."""

import pytest
from django.core.cache import cache

from apps.search.finding import fit
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, DATASET_ID, RUN_ID, FakeApi, actor_json, page, run_json

LISTS = (
    "acts",
    "actor-tasks",
    "schedules",
    "webhooks",
    "datasets",
    "key-value-stores",
    "request-queues",
)
ONE = (*LISTS, "actor-runs", "actor-builds")


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    cache.clear()


def tell_names(api: FakeApi) -> None:
    for path in LISTS:
        api.data("GET", f"/v2/{path}", page([]))
    for path, items in {
        "acts": [actor_json(title="Price <watch>"), actor_json(id="b" * 17, title="The price")],
        "datasets": [{"id": DATASET_ID, "name": "old-prices"}],
    }.items():
        api.forget("GET", f"/v2/{path}")
        api.data("GET", f"/v2/{path}", page(items))


def ask(browser: Browse, text: str) -> str:
    return browser("vera").get("/search/", {"q": text}).content.decode().partition("<main")[2]


def test_without_a_word_it_lists_the_pages(browser: Browse, fake_api: FakeApi) -> None:
    text = ask(browser, "")
    assert 'href="/runs/"' in text
    assert not fake_api.calls


def test_it_finds_names_of_every_kind_best_first(browser: Browse, fake_api: FakeApi) -> None:
    tell_names(fake_api)
    text = ask(browser, "PRICE")
    places = [text.index(each) for each in ("Price &lt;watch&gt;", "The price", "old-prices")]
    assert places == sorted(places)
    assert f'href="/actors/{ACTOR_ID}/"' in text
    assert f'href="/storage/datasets/{DATASET_ID}/"' in text


def test_names_are_asked_for_once_in_a_while(browser: Browse, fake_api: FakeApi) -> None:
    tell_names(fake_api)
    ask(browser, "price")
    ask(browser, "prices")
    assert len(fake_api.calls) == len(LISTS)


def test_a_kind_that_fails_costs_only_itself(browser: Browse, fake_api: FakeApi) -> None:
    tell_names(fake_api)
    fake_api.forget("GET", "/v2/schedules")
    fake_api.error("GET", "/v2/schedules", 403, "insufficient-permissions")
    assert "old-prices" in ask(browser, "old")


def test_an_id_is_looked_up(browser: Browse, fake_api: FakeApi) -> None:
    tell_names(fake_api)
    for path in ONE:
        fake_api.error("GET", f"/v2/{path}/{RUN_ID}", 404, "record-not-found")
    fake_api.forget("GET", f"/v2/actor-runs/{RUN_ID}")
    fake_api.data("GET", f"/v2/actor-runs/{RUN_ID}", run_json())
    assert f'href="/runs/{RUN_ID}/"' in ask(browser, RUN_ID)


@pytest.mark.parametrize("text", ["zzz", "<script>", "a" * 500])
def test_nothing_found_is_said(browser: Browse, fake_api: FakeApi, text: str) -> None:
    tell_names(fake_api)
    shown = ask(browser, text)
    assert "Nothing is called" in shown
    assert "<script>" not in shown


def test_the_palette_gets_the_list_alone(browser: Browse, fake_api: FakeApi) -> None:
    tell_names(fake_api)
    answer = browser("vera").get("/search/", {"q": "old"}, headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<ul class="found"')


@pytest.mark.parametrize(
    ("name", "wanted", "rank"),
    [("ab", "ab", 0), ("abc", "ab", 1), ("x-ab", "ab", 2), ("xab", "ab", 3), ("x", "ab", None)],
)
def test_how_well_a_name_fits(name: str, wanted: str, rank: int | None) -> None:
    assert fit(name, wanted) == rank
