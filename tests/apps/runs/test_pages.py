import json
from typing import Any

import pytest
from django.core.cache import cache

from tests.conftest import Browse
from tests.fakes import (
    ACTOR_ID,
    BUILD_ID,
    RUN_ID,
    FakeApi,
    actor_json,
    build_json,
    dataset_json,
    page,
    queue_json,
    run_json,
    store_json,
)

PAGE = f"/runs/{RUN_ID}/"
API = f"/v2/actor-runs/{RUN_ID}"
HOSTILE = '<img src=x onerror="alert(1)">'


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """Names of Actors are kept for a minute, longer than a test lasts."""
    cache.clear()


def tell(fake_api: FakeApi, log: str = "2026-01-01T00:00:00.000Z hello\n", **changes: Any) -> None:
    """Everything that some tab of a run's page asks for."""
    items = changes.pop("items", [{"a": 1}])
    fake_api.data("GET", "/v2/acts", page([actor_json(title="Crawler")]))
    fake_api.data("GET", API, run_json(**changes))
    fake_api.data("GET", f"{API}/dataset", dataset_json(itemCount=len(items)))
    fake_api.data("GET", f"{API}/request-queue", queue_json())
    fake_api.data("GET", f"{API}/key-value-store", store_json())
    fake_api.data("GET", f"{API}/key-value-store/keys", {"items": [{"key": "INPUT", "size": 2}]})
    headers = {"x-apify-pagination-total": str(len(items))}
    fake_api.raw("GET", f"{API}/dataset/items", json.dumps(items).encode(), headers=headers)
    fake_api.raw("GET", f"/v2/logs/{RUN_ID}", log.encode(), content_type="text/plain")


def html(browser: Browse, url: str, name: str = "vera") -> str:
    answer = browser(name).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_is_one_call_and_the_names(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/acts", page([actor_json(title="Crawler")]))
    fake_api.data("GET", "/v2/actor-runs", page([run_json(statusMessage="Crawled 7")]))
    shown = html(browser, "/runs/")
    assert 'data-status="' in shown
    assert "Crawler" in shown
    assert RUN_ID in shown
    assert [call.path for call in fake_api.calls] == ["/v2/actor-runs", "/v2/acts"]
    assert fake_api.calls[0].query == {"offset": "0", "limit": "50", "desc": "1"}


@pytest.mark.parametrize(("asked", "sent"), [("FAILED", "FAILED"), ("NONSENSE", None), ("", None)])
def test_the_list_is_filtered_by_status(
    browser: Browse, fake_api: FakeApi, asked: str, sent: str | None
) -> None:
    fake_api.data("GET", "/v2/acts", page([]))
    fake_api.data("GET", "/v2/actor-runs", page([]))
    html(browser, f"/runs/?status={asked}")
    assert fake_api.made("GET", "/v2/actor-runs")[0].query.get("status") == sent


def test_texts_of_strangers_are_escaped_in_the_list(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", "/v2/acts", page([actor_json(title=HOSTILE)]))
    runs = [run_json(statusMessage=HOSTILE, buildNumber=HOSTILE)]
    fake_api.data("GET", "/v2/actor-runs", page(runs))
    assert "<img" not in html(browser, "/runs/")


@pytest.mark.parametrize("tab", ["", "output/", "log/", "storage/"])
def test_every_tab_shows_status_and_tabs(browser: Browse, fake_api: FakeApi, tab: str) -> None:
    tell(fake_api, status="SUCCEEDED", statusMessage="All good")
    shown = html(browser, PAGE + tab)
    assert 'data-status="SUCCEEDED"' in shown
    assert "All good" in shown
    for label in ("Output", "Log", "Input", "Storage"):
        assert f">{label}" in shown


@pytest.mark.parametrize(
    ("status", "items", "tab"),
    [("SUCCEEDED", [{"a": 1}], "Output"), ("SUCCEEDED", [], "Log"), ("RUNNING", [{"a": 1}], "Log")],
)
def test_the_page_opens_where_there_is_something_to_see(
    browser: Browse, fake_api: FakeApi, status: str, items: list[Any], tab: str
) -> None:
    tell(fake_api, status=status, items=items)
    shown = html(browser, PAGE)
    current = shown.split('aria-label="Run"')[1].split('aria-current="page"')[1]
    assert current.split("<span>")[1].startswith(tab)


def test_lines_are_anchors_and_nothing_in_them_acts(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, log=f"2026-01-01T00:00:00.000Z {HOSTILE}\n", statusMessage=HOSTILE)
    shown = html(browser, PAGE + "log/")
    assert 'id="L1"' in shown
    assert 'href="?line=1#L1"' in shown
    assert "<img" not in shown


def test_the_log_is_searched_on_the_server(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, log="".join(f"2026-01-01T00:00:00.000Z n{n}\n" for n in range(50)))
    shown = html(browser, PAGE + "log/?find=n7")
    assert "1 of 1" in shown
    assert "<mark>n7</mark>" in shown


def test_the_input_is_shown_with_secrets_masked(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, buildId=BUILD_ID)
    schema = {"properties": {"key": {"title": "Key", "type": "string", "isSecret": True}}}
    build = build_json(inputSchema=json.dumps(schema), actorDefinition=None)
    fake_api.data("GET", f"/v2/actor-builds/{BUILD_ID}", build)
    body = json.dumps({"key": "canary", "other": HOSTILE}).encode()
    fake_api.raw("GET", f"{API}/key-value-store/records/INPUT", body)
    shown = html(browser, PAGE + "input/")
    assert "canary" not in shown
    assert "<img" not in shown
    assert "Key" in shown


def test_a_run_without_input_says_so(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.error("GET", f"{API}/key-value-store/records/INPUT", 404, "record-not-found")
    assert "This run has no input" in html(browser, PAGE + "input/")


def test_a_run_that_is_not_there_is_404(browser: Browse, fake_api: FakeApi) -> None:
    for path in ("", "/dataset", "/request-queue"):
        fake_api.error("GET", API + path, 404, "record-not-found", "Run was not found")
    fake_api.error("GET", f"/v2/logs/{RUN_ID}", 404, "record-not-found")
    answer = browser("vera").get(PAGE + "log/")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("name", "buttons"),
    [
        ("vera", []),
        ("luke", ["Start again"]),
        ("olga", ["Start again", "Resurrect", "Delete"]),
    ],
)
def test_only_what_a_role_may_is_offered(
    browser: Browse, fake_api: FakeApi, name: str, buttons: list[str]
) -> None:
    tell(fake_api, status="FAILED", actId=ACTOR_ID)
    shown = html(browser, PAGE + "log/", name)
    offered = [word for word in ("Start again", "Resurrect", "Delete") if f">{word}" in shown]
    assert sorted(offered) == sorted(buttons)


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, True),
        ({"isContainerServerReady": False}, False),
        ({"status": "SUCCEEDED"}, False),
        ({"containerUrl": "javascript:alert(1)"}, False),
    ],
)
def test_the_live_view_is_there_while_the_actor_serves(
    browser: Browse, fake_api: FakeApi, changes: dict[str, Any], shown: bool
) -> None:
    serving: dict[str, Any] = {
        "status": "RUNNING",
        "containerUrl": "http://127.0.0.1:8010/web/key/",
        "isContainerServerReady": True,
    }
    tell(fake_api, **serving | changes)
    text = html(browser, PAGE)
    assert ("Live view" in text) == shown
    assert 'href="javascript' not in text


def test_an_input_that_no_page_can_hold_is_shown_escaped(
    browser: Browse, fake_api: FakeApi
) -> None:
    tell(fake_api, buildId=BUILD_ID)
    fake_api.data("GET", f"/v2/actor-builds/{BUILD_ID}", build_json())
    body = json.dumps({"half\ud800": "pair\ud800"}).encode()
    fake_api.raw("GET", f"{API}/key-value-store/records/INPUT", body)
    assert r"pair\ud800" in html(browser, PAGE + "input/")


GONE = ("dataset", "dataset/items", "request-queue", "key-value-store", "key-value-store/keys")


@pytest.mark.parametrize("tab", ["", "output/", "log/", "input/", "storage/", "integrations/"])
def test_a_run_outlives_its_storages(browser: Browse, fake_api: FakeApi, tab: str) -> None:
    tell(fake_api, status="SUCCEEDED", statusMessage="All good")
    for address in [f"/v2/logs/{RUN_ID}", *(f"{API}/{part}" for part in GONE)]:
        fake_api.forget("GET", address)
        fake_api.error("GET", address, 404, "record-not-found")
    fake_api.error("GET", f"{API}/key-value-store/records/INPUT", 404, "record-not-found")
    shown = html(browser, PAGE + tab, "olga")
    assert "All good" in shown
    assert shown.count("<small>gone</small>") == 2
    assert "Export" not in shown


def test_a_run_that_is_gone_is_no_page(browser: Browse, fake_api: FakeApi) -> None:
    for address in (API, f"{API}/dataset"):
        fake_api.error("GET", address, 404, "record-not-found")
    assert browser("olga").get(PAGE).status_code == 404


def test_figures_are_told_as_a_person_says_them(browser: Browse, fake_api: FakeApi) -> None:
    options = {"build": "latest", "timeoutSecs": 5400, "memoryMbytes": 2048}
    used = {"DATASET_READS": 4, "ACTOR_COMPUTE_UNITS": 0.5, "KEY_VALUE_STORE_READS": 0}
    prices = {"DATASET_READS": 0.01, "ACTOR_COMPUTE_UNITS": 0.2}
    tell(fake_api, options=options, usage=used, usageUsd=prices, status="SUCCEEDED")
    shown = browser("vera").get(f"{PAGE}log/").content.decode()
    assert "<dd>1 h 30 m</dd>" in shown
    assert "<dd>2 GB</dd>" in shown
    assert shown.index("<dt>Actor compute units</dt>") < shown.index("<dt>Dataset reads</dt>")
    assert "$0.20" in shown
    assert "Key-value store reads" not in shown


def test_what_most_people_want_comes_last(browser: Browse, fake_api: FakeApi) -> None:
    """As on every page: the quiet ones first, the primary one at the end."""
    tell(fake_api, status="SUCCEEDED", items=[{"a": 1}])
    shown = browser("olga").get(f"{PAGE}output/").content.decode()
    names = ("Delete</button>", "Export</button>", "Resurrect</button>", "Start again</a>")
    places = [shown.index(name) for name in names]
    assert places == sorted(places)


def test_a_run_of_a_task_leads_to_it(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, actorTaskId="tASk1tASk1tASk1tA")
    crumbs = html(browser, f"{PAGE}log/").partition('aria-label="Breadcrumb"')[2]
    assert '<a href="/tasks/tASk1tASk1tASk1tA/">Task</a>' in crumbs.partition("</nav>")[0]
