"""Two datasets beside each other: counts and how full their fields are."""

import pytest

from tests.conftest import Browse
from tests.fakes import (
    ACTOR_ID,
    DATASET_ID,
    RUN_ID,
    STORE_ID,
    FakeApi,
    dataset_json,
    page,
    run_json,
)

PAGE = f"/storage/datasets/{DATASET_ID}/compare/"
API = f"/v2/datasets/{DATASET_ID}"
OTHER = f"/v2/datasets/{STORE_ID}"
RUNS = f"/v2/acts/{ACTOR_ID}/runs"


def tell(api: FakeApi) -> None:
    """This one of December, with the dataset of a run in November before it."""
    api.data("GET", API, dataset_json(itemCount=200))
    api.data("GET", OTHER, dataset_json(id=STORE_ID, itemCount=100, name="earlier"))
    now = {"price": {"nullCount": 80, "emptyCount": 20}, "title": {}, "sku": {"emptyCount": 2}}
    then = {"price": {"nullCount": 1}, "title": {}, "<b>": {}}
    api.data("GET", f"{API}/statistics", {"fieldStatistics": now})
    api.data("GET", f"{OTHER}/statistics", {"fieldStatistics": then})
    later = run_json(id="later", startedAt="2019-12-13T07:34:24.202Z", defaultDatasetId="later")
    earlier = run_json(id="earlier", defaultDatasetId=STORE_ID)
    api.data("GET", RUNS, page([later, run_json(id=RUN_ID), earlier]))


def test_it_is_compared_with_the_run_before(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    shown = browser("vera").get(PAGE).content.decode()
    assert "The run before" in shown
    assert "<b>" not in shown
    places = [shown.index(f">{name}") for name in ("&lt;b&gt;", "price", "title", "sku")]
    assert places == sorted(places)
    price = shown[places[1] : places[2]]
    assert ("50 %" in price, "99 %" in price, "-49" in price) == (True, True, True)
    assert "gone" in shown[places[0] : places[1]]
    assert "new here" in shown[places[3] :]
    assert fake_api.made("GET", RUNS)[0].query["status"] == "SUCCEEDED"


def test_another_can_be_named(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    shown = browser("vera").get(f"{PAGE}?against={STORE_ID}").content.decode()
    assert "The other" in shown
    assert "earlier" in shown
    assert not fake_api.made("GET", RUNS)


def test_a_name_as_the_list_shows_it_will_do(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.forget("GET", API)
    fake_api.data("GET", API, dataset_json(itemCount=200, username="jane35"))
    for part in ("", "/statistics"):
        fake_api.error("GET", f"/v2/datasets/earlier{part}", 404, "record-not-found")
    named = dataset_json(id=STORE_ID, itemCount=100, name="earlier")
    fake_api.data("GET", "/v2/datasets/jane35~earlier", named)
    fake_api.data("GET", "/v2/datasets/jane35~earlier/statistics", {"fieldStatistics": {}})
    assert "The other" in browser("vera").get(f"{PAGE}?against=earlier").content.decode()


def test_a_bad_name_is_told_and_asks_for_nothing_else(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    answer = browser("vera").get(PAGE, {"against": "<b>/../x"})
    assert answer.status_code == 400
    assert "Write the ID of a dataset" in answer.content.decode()
    assert "&lt;b&gt;/../x" in answer.content.decode()
    assert {call.path for call in fake_api.calls} == {API, f"{API}/statistics"}


@pytest.mark.parametrize("runs", [[], None])
def test_with_nothing_before_it_says_what_to_do(
    browser: Browse, fake_api: FakeApi, runs: list[object] | None
) -> None:
    tell(fake_api)
    fake_api.forget("GET", RUNS)
    if runs is None:
        fake_api.error("GET", RUNS, 404, "record-not-found")
    else:
        fake_api.data("GET", RUNS, page(runs))
    assert "Name another dataset above" in browser("vera").get(PAGE).content.decode()


def test_an_api_without_statistics_and_what_is_gone(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.forget("GET", f"{OTHER}/statistics")
    fake_api.error("GET", f"{OTHER}/statistics", 404, "not-found")
    assert "does not tell how full" in browser("vera").get(PAGE).content.decode()
    fake_api.forget("GET", OTHER)
    fake_api.error("GET", OTHER, 404, "record-not-found", "Dataset was not found.")
    assert "Dataset was not found." in browser("vera").get(PAGE).content.decode()
    fake_api.forget("GET", API)
    fake_api.error("GET", API, 404, "record-not-found", "Gone.")
    assert browser("vera").get(PAGE).status_code == 404
