import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.conftest import Browse
from tests.fakes import (
    ACTOR_ID,
    BUILD_ID,
    DATASET_ID,
    RUN_ID,
    FakeApi,
    build_json,
    dataset_json,
    page,
    run_json,
)

LIST = "/storage/datasets/"
PAGE = f"{LIST}{DATASET_ID}/"
API = f"/v2/datasets/{DATASET_ID}"
ITEMS = f"{API}/items"
OVERVIEW = {
    "title": "Overview",
    "transformation": {"fields": ["b", "a"], "unwind": "c", "flatten": ["d"], "omit": 5},
    "display": {"component": "table", "properties": {"a": {"label": "The <A>"}, "b": None}},
}
DEFINITION = {"storages": {"dataset": {"views": {"overview": OVERVIEW, "odd": "text"}}}}


def tell(fake_api: FakeApi, items: list[Any], *, total: int | None = None, **changes: Any) -> None:
    headers = {"x-apify-pagination-total": str(len(items) if total is None else total)}
    fake_api.data("GET", API, dataset_json(**changes))
    fake_api.raw("GET", ITEMS, json.dumps(items).encode(), headers=headers)
    fake_api.data("GET", f"/v2/actor-runs/{RUN_ID}", run_json())
    fake_api.data("GET", f"/v2/actor-builds/{BUILD_ID}", build_json(actorDefinition=DEFINITION))


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    cache.clear()


def html(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_lists_datasets_with_one_call(browser: Browse, fake_api: FakeApi) -> None:
    named = dataset_json(name="prices", stats={"storageBytes": 4_200_000})
    fake_api.data("GET", "/v2/datasets", page([named, dataset_json(id="Zz1")]))
    shown = html(browser("vera"), LIST)
    assert "prices" in shown
    assert "4.2 MB" in shown
    assert "Unnamed" in shown
    [call] = fake_api.calls
    assert call.query == {"offset": "0", "limit": "20", "desc": "1", "unnamed": "1"}


def test_unnamed_ones_can_be_left_out(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/datasets", page([]))
    html(browser("vera"), f"{LIST}?unnamed=0")
    assert fake_api.calls[0].query["unnamed"] == "0"
    html(browser("vera"), f"{LIST}?unnamed=0&unnamed=1")
    assert fake_api.calls[1].query["unnamed"] == "1"


def test_search_looks_through_the_newest_by_name_and_id(browser: Browse, fake_api: FakeApi) -> None:
    items = [dataset_json(id=f"Id{n}", name=f"name-{n}") for n in range(30)]
    fake_api.data("GET", "/v2/datasets", page(items))
    shown = html(browser("vera"), f"{LIST}?q=NAME-2")
    assert "name-2<" in shown
    assert "name-29" in shown
    assert "name-3<" not in shown
    assert "Searched the newest 1000" in shown
    assert fake_api.calls[0].query["limit"] == "1000"


@pytest.mark.parametrize(
    ("query", "words"), [("", "No datasets yet"), ("?q=nothing", "No dataset matches")]
)
def test_an_empty_list_says_what_to_expect(
    browser: Browse, fake_api: FakeApi, query: str, words: str
) -> None:
    fake_api.data("GET", "/v2/datasets", page([]))
    assert words in html(browser("vera"), LIST + query)


def test_a_dataset_shows_its_items_as_a_table(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, [{"url": "https://a.test/1", "price": {"amount": 129.5}}], name="prices")
    shown = html(browser("vera"), PAGE)
    assert "<h1>prices" in shown
    assert "price.amount" in shown
    assert '<td class="num">129.5</td>' in shown
    assert len(fake_api.calls) == 4
    html(browser("vera"), PAGE)
    assert len(fake_api.calls) == 6


def test_it_pages_deep_into_millions(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, [{"a": 1}], total=5_000_000)
    shown = html(browser("vera"), f"{PAGE}?page=90000&limit=50")
    assert fake_api.made("GET", ITEMS)[0].query["offset"] == "4499950"
    assert "4,499,951" in shown
    assert "of 100,000" in shown


def test_items_as_json_and_one_alone(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, [{"a": 1.50}], total=9)
    assert "&quot;a&quot;" in html(browser("vera"), f"{PAGE}?view=json")
    shown = html(browser("vera"), f"{PAGE}?view=json&item=7&desc=1")
    query = fake_api.made("GET", ITEMS)[1].query
    assert (query["offset"], query["limit"], query["desc"]) == ("6", "1", "1")
    assert 'id="item-7"' in shown


def test_chosen_columns_stay_in_the_address(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, [{"a": 1, "b": 2, "#h": 3}], total=500)
    shown = html(browser("vera"), f"{PAGE}?fields=b&fields=%23h&hidden=1")
    assert '<span class="mono">b</span>' in shown
    assert '<span class="mono">#h</span>' in shown
    assert '<span class="mono">a</span>' not in shown
    assert "fields=b&amp;fields=%23h&amp;hidden=1&amp;page=2" in shown


def test_an_empty_dataset_says_so(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, [], itemCount=0)
    assert "No items yet" in html(browser("vera"), PAGE)


@pytest.mark.parametrize("query", ["?page=9", "?item=999", "?view=json&page=9"])
def test_beyond_the_last_item_leads_back(browser: Browse, fake_api: FakeApi, query: str) -> None:
    tell(fake_api, [], total=3)
    shown = html(browser("vera"), PAGE + query)
    assert "The dataset ends before." in shown
    assert ">First page</a>" in shown
    assert "Previous item" not in shown


def test_one_item_leads_to_those_beside_it(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, [{"a": 1}], total=3)
    shown = html(browser("vera"), f"{PAGE}?view=json&item=2")
    assert f'rel="prev" href="{PAGE}?view=json&amp;item=1"' in shown
    assert f'rel="next" href="{PAGE}?view=json&amp;item=3"' in shown
    assert "Next item" not in html(browser("vera"), f"{PAGE}?view=json&item=3")


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=x", "?limit=-1", "?item=0", "?item=9" * 9, "?fields=", "?view=x"]
)
def test_no_query_breaks_the_page(browser: Browse, fake_api: FakeApi, query: str) -> None:
    tell(fake_api, [{"a": 1}])
    html(browser("vera"), PAGE + query)


def test_htmx_gets_the_items_alone(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, [{"a": 1}])
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"}
    answer = browser("vera").get(PAGE, headers=headers)
    assert answer.content.decode().lstrip().startswith('<div class="stack" id="items">')


def test_a_dataset_that_is_gone_is_a_page(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.error("GET", API, 404, "record-not-found", "Dataset was not found")
    fake_api.error("GET", ITEMS, 404, "record-not-found", "Dataset was not found")
    answer = browser("vera").get(PAGE)
    assert answer.status_code == 404
    assert b"Dataset was not found" in answer.content


def test_a_half_sent_page_of_items_is_an_error(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", API, dataset_json())
    fake_api.raw("GET", ITEMS, b'[{"a":1},{"b"', headers={"content-length": "900"})
    assert browser("vera").get(PAGE).status_code == 502


@pytest.mark.parametrize("path", ["", f"{DATASET_ID}/", f"{DATASET_ID}/export"])
def test_nobody_without_a_seat_sees_data(browser: Browse, path: str, fake_api: FakeApi) -> None:
    assert browser("").get(LIST + path).status_code == 302
    assert browser("eve").get(LIST + path).status_code == 403
    assert not fake_api.calls


def test_the_dialog_has_an_address_of_its_own(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, [{"a": 1}])
    shown = html(browser("vera"), f"{PAGE}?dialog=export&format=csv&delimiter=tab&fields=a")
    assert '<dialog class="dialog" id="export" aria-labelledby="export-title" open>' in shown
    assert 'value="csv" checked' in shown
    assert '<option value="tab" selected>' in shown
    assert f"http://api.test/v2/datasets/{DATASET_ID}/items?format=csv&amp;fields=a" in shown
    assert "token=" not in shown


def test_the_dialog_names_what_it_cannot_do(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, [{"a": 1}])
    answer = browser("vera").get(f"{PAGE}export?format=exe&limit=x&offset=-1&delimiter=ab")
    assert answer.status_code == 302
    shown = html(browser("vera"), answer["Location"])
    for words in ("Choose JSON", "Give a whole number", "Give one character"):
        assert words in shown


def test_a_view_of_the_definition_chooses_and_names_columns(
    browser: Browse, fake_api: FakeApi
) -> None:
    tell(fake_api, [{"b": 1, "a": 2}])
    shown = html(browser("vera"), f"{PAGE}?named=overview")
    sent = fake_api.made("GET", ITEMS)[0].query
    assert {name: sent[name] for name in ("fields", "unwind", "flatten")} == {
        "fields": "b,a", "unwind": "c", "flatten": "d",
    }  # fmt: skip
    assert "omit" not in sent
    assert "The &lt;A&gt;" in shown
    assert 'aria-current="page">Overview' in shown
    dialog = html(browser("vera"), f"{PAGE}?named=overview&dialog=export")
    assert "fields=b%2Ca&amp;unwind=c&amp;flatten=d" in dialog


def test_a_dataset_without_its_run_has_no_views(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, [{"a": 1}])
    fake_api.forget("GET", f"/v2/actor-runs/{RUN_ID}")
    fake_api.error("GET", f"/v2/actor-runs/{RUN_ID}", 404, "record-not-found")
    assert "Overview" not in html(browser("vera"), f"{PAGE}?named=overview")


def test_columns_are_remembered_for_the_actor(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, [{"a": 1, "b": 2}])
    client = browser("vera")
    chosen = {"fields": ["b"], "of": ACTOR_ID, "kept": ["limit=20", "x=a b"]}
    answer = client.post(f"{PAGE}columns/", chosen)
    assert (answer.status_code, answer["Location"]) == (303, f"{PAGE}?limit=20&x=a+b&fields=b")
    assert '<span class="mono">a</span></th>' not in html(client, PAGE)
    assert "Kept for all datasets of this Actor" in html(client, PAGE)
    assert '<span class="mono">a</span></th>' in html(browser("olga"), PAGE)
    assert client.post(f"{PAGE}columns/", {"every": "1", "of": ACTOR_ID})["Location"] == f"{PAGE}?"
    assert '<span class="mono">a</span></th>' in html(client, PAGE)


def test_choosing_columns_asks_nothing_and_needs_a_seat(browser: Browse, fake_api: FakeApi) -> None:
    url = f"{PAGE}columns/"
    assert browser("vera").get(url).status_code == 405
    assert browser("eve").post(url, {"fields": "a"}).status_code == 403
    assert browser("vera").post(url, {"fields": "a" * 999, "of": "../x"}).status_code == 303
    assert not fake_api.calls


def test_fill_rates_of_all_items_come_from_the_api(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, [{"a": 1, "b": {"c": 1}}], itemCount=200)
    told = {"a": {"nullCount": 20, "emptyCount": 30}, "b": {"emptyCount": 0}}
    fake_api.data("GET", f"{API}/statistics", {"fieldStatistics": told})
    shown = html(browser("vera"), f"{PAGE}?rates=all")
    assert "75 %</span>" in shown
    assert "Filled in 100 % of the items of the dataset" in shown


def test_an_api_without_statistics_leaves_those_of_the_page(
    browser: Browse, fake_api: FakeApi
) -> None:
    tell(fake_api, [{"a": 1}])
    fake_api.error("GET", f"{API}/statistics", 404, "not-found", "No such page")
    shown = html(browser("vera"), f"{PAGE}?rates=all")
    assert "Filled in 100 % of the items on this page" in shown
    assert "No such page" in shown
