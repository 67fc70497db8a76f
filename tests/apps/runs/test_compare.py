import json
from typing import Any

import pytest

from tests.apps.runs.test_pages import HOSTILE, forgotten, html
from tests.conftest import Browse
from tests.fakes import (
    BUILD_ID,
    FakeApi,
    actor_json,
    build_json,
    dataset_json,
    page,
    queue_json,
    run_json,
)

__all__ = ["forgotten"]
A, B = "firstRun000000001", "secondRun00000001"
PAGE = f"/runs/compare/?a={A}&b={B}"


def tell_run(fake_api: FakeApi, run_id: str, given: Any, log: str, **changes: Any) -> None:
    api = f"/v2/actor-runs/{run_id}"
    fake_api.data("GET", api, run_json(id=run_id, buildId=BUILD_ID, **changes))
    fake_api.data("GET", f"{api}/dataset", dataset_json())
    fake_api.data("GET", f"{api}/request-queue", queue_json())
    fake_api.raw("GET", f"{api}/key-value-store/records/INPUT", json.dumps(given).encode())
    fake_api.raw("GET", f"/v2/logs/{run_id}", log.encode(), content_type="text/plain")


def tell(fake_api: FakeApi) -> None:
    schema = {"properties": {"key": {"title": "Key", "type": "string", "isSecret": True}}}
    build = build_json(inputSchema=json.dumps(schema), actorDefinition=None)
    fake_api.data("GET", f"/v2/actor-builds/{BUILD_ID}", build)
    fake_api.data("GET", "/v2/acts", page([actor_json(title="Crawler")]))
    same = {"key": "canary", "same": True}
    tell_run(fake_api, A, {**same, "pages": 5, "old": 1}, "first \x1b[31mline\x1b[0m\n")
    tell_run(fake_api, B, {**same, "pages": 7, "text": HOSTILE}, HOSTILE, status="FAILED")


def test_what_differs_stands_first(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    shown = html(browser, PAGE)
    assert "3 of 5 fields differ" in shown
    inputs = shown.split("Fields of both inputs")[1]
    assert inputs.index(">pages<") < inputs.index(">same<")
    assert "not given" in inputs
    assert "first line" in shown


def test_secrets_and_strangers_texts_do_no_harm(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    shown = html(browser, PAGE)
    assert "canary" not in shown
    assert "<img" not in shown


def test_parts_that_are_missing_leave_the_rest(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    for path in (f"/v2/logs/{A}", f"/v2/actor-runs/{A}/dataset"):
        fake_api.forget("GET", path)
        fake_api.error("GET", path, 404, "record-not-found")
    record = f"/v2/actor-runs/{A}/key-value-store/records/INPUT"
    fake_api.forget("GET", record)
    fake_api.error("GET", record, 404, "record-not-found")
    shown = html(browser, PAGE)
    assert "The log could not be read" in shown
    assert "This run has no input" in shown


def test_without_a_run_there_is_nothing_to_compare(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api)
    fake_api.forget("GET", f"/v2/actor-runs/{B}")
    fake_api.error("GET", f"/v2/actor-runs/{B}", 404, "record-not-found", "Run was not found")
    assert browser("vera").get(PAGE).status_code == 404
    assert "No two runs were named" in html(browser, "/runs/compare/?a=one")


def test_the_ticked_rows_lead_to_the_page(browser: Browse) -> None:
    led = browser("vera").post("/runs/compare/", {"run": [B, A]})
    assert (led.status_code, led["Location"]) == (303, PAGE)


@pytest.mark.parametrize("ticked", [[], ["one"], ["one", "two", "three"]])
def test_other_than_two_lead_back(browser: Browse, ticked: list[str]) -> None:
    assert browser("vera").post("/runs/compare/", {"run": ticked})["Location"] == "/runs/"
