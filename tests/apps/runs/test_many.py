"""Actions on many runs: an outcome for each, by selection and by the list's filter."""

import json
from typing import Any, NamedTuple

import pytest

from apps.runs import bulk
from tests.apps.runs.test_pages import forgotten
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, RUN_ID, FakeApi, actor_json, page, run_json

__all__ = ["forgotten"]
RUNS = "/v2/actor-runs"
ENDED, ON = "endedRun000000001", "runningRun0000001"


class Many(NamedTuple):
    url: str
    method: str
    path: str
    takes: str
    may: str
    may_not: str

    def of(self, run_id: str) -> str:
        return f"{RUNS}/{run_id}{self.path}"


MANY = {
    "abort": Many("/runs/abort/", "POST", "/abort", ON, "olga", "luke"),
    "resurrect": Many("/runs/resurrect/", "POST", "/resurrect", ENDED, "olga", "luke"),
    "delete": Many("/runs/delete/", "DELETE", "", ENDED, "olga", "luke"),
}


@pytest.fixture(params=MANY, ids=list(MANY))
def many(request: pytest.FixtureRequest) -> Many:
    return MANY[request.param]


def answer(fake_api: FakeApi, many: Many, *ids: str) -> None:
    for run_id in ids:
        if many.method == "DELETE":
            fake_api.raw("DELETE", many.of(run_id), b"", status=204)
        else:
            fake_api.data("POST", many.of(run_id), run_json(id=run_id, status="ABORTING"))


def test_each_selected_run_has_its_outcome(browser: Browse, fake_api: FakeApi, many: Many) -> None:
    answer(fake_api, many, "one", "two")
    fake_api.error(many.method, many.of("bad"), 400, "run-failed", "It <b>cannot</b> be.")
    done = browser(many.may).post(many.url, {"run": ["one", "bad", "two", "one"]})
    shown = done.content.decode()
    assert done.status_code == 200
    assert "2 of 3 done" in shown
    assert "It &lt;b&gt;cannot&lt;/b&gt; be." in shown
    assert len(fake_api.calls) == 3


def test_many_refuse_get(browser: Browse, fake_api: FakeApi, many: Many) -> None:
    assert browser(many.may).get(many.url).status_code == 405
    assert not fake_api.calls


def test_many_refuse_who_may_not(browser: Browse, fake_api: FakeApi, many: Many) -> None:
    assert browser(many.may_not).post(many.url, {"run": "one"}).status_code == 403
    assert not fake_api.calls


def test_many_tell_what_is_missing(browser: Browse, fake_api: FakeApi, many: Many) -> None:
    fake_api.error(many.method, many.of("gone"), 404, "record-not-found", "It was not found")
    shown = browser(many.may).post(many.url, {"run": "gone"}).content.decode()
    assert ("Was gone already" if many.method == "DELETE" else "It was not found") in shown
    nothing = browser(many.may).post(many.url)
    assert "There was nothing to do" in nothing.content.decode()


def test_all_of_a_filter_are_acted_upon_once(
    browser: Browse, fake_api: FakeApi, many: Many
) -> None:
    """Not those that started after the page was made, nor those that this can do nothing with."""
    began = "2026-01-01T10:00:00.000Z"
    runs = [
        run_json(id="later", startedAt="2026-01-01T12:30:00.000Z"),
        run_json(id=ENDED, status="FAILED", startedAt=began),
        run_json(id=ON, status="RUNNING", startedAt=began, finishedAt=None),
    ]
    fake_api.data("GET", "/v2/acts", page([actor_json(title="Crawler")]))
    fake_api.data("GET", f"/v2/acts/{ACTOR_ID}/runs", page(runs))
    answer(fake_api, many, many.takes)
    form = {"filter": f"actor={ACTOR_ID}&limit=20", "until": "2026-01-01T12:00:00.000Z"}
    shown = browser(many.may).post(many.url, form).content.decode()
    assert "1 of 1 done" in shown
    assert "1 left alone" in shown
    assert fake_api.calls[0].query == {"offset": "0", "limit": "1000", "desc": "1"}


@pytest.mark.parametrize("wanted", ["status=FAILED", "started=hour", "q=another"])
def test_runs_that_do_not_fit_an_ignored_filter_stay(
    browser: Browse, fake_api: FakeApi, wanted: str
) -> None:
    fake_api.data("GET", "/v2/acts", page([]))
    fake_api.data("GET", RUNS, page([run_json(id=ENDED, status="SUCCEEDED")]))
    shown = browser("olga").post("/runs/delete/", {"filter": wanted, "until": "?"})
    assert "There was nothing to do" in shown.content.decode()


def test_what_is_not_reached_in_time_is_offered_again(
    browser: Browse, fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "SECONDS", -1.0)
    shown = browser("olga").post("/runs/delete/", {"run": ["one", "two"]}).content.decode()
    assert "2 runs were not reached yet" in shown
    assert 'name="run" value="two"' in shown
    assert not fake_api.calls


def tell_again(fake_api: FakeApi, **options: Any) -> None:
    run = run_json(options={"build": "beta", "timeoutSecs": 60, "memoryMbytes": 512, **options})
    fake_api.data("GET", f"{RUNS}/{RUN_ID}", run)
    record = f"{RUNS}/{RUN_ID}/key-value-store/records/INPUT"
    fake_api.raw("GET", record, json.dumps({"x": 1}).encode())
    fake_api.data("POST", f"/v2/acts/{ACTOR_ID}/runs", run_json(id="newRun00000000001"))


def test_runs_start_again_with_their_input_and_options(browser: Browse, fake_api: FakeApi) -> None:
    tell_again(fake_api, maxTotalChargeUsd=1.5, maxItems=7)
    form = {"run": RUN_ID, "intent": "k"}
    for _ in range(2):
        shown = browser("luke").post("/runs/start/", form).content.decode()
        assert "/runs/newRun00000000001/" in shown
    (sent,) = fake_api.made("POST", f"/v2/acts/{ACTOR_ID}/runs")
    assert sent.json() == {"x": 1}
    assert sent.query == {
        "build": "beta",
        "timeout": "60",
        "memory": "512",
        "maxItems": "7",
        "maxTotalChargeUsd": "1.500000",
    }


def test_a_run_without_input_starts_again_without(browser: Browse, fake_api: FakeApi) -> None:
    tell_again(fake_api)
    record = f"{RUNS}/{RUN_ID}/key-value-store/records/INPUT"
    fake_api.forget("GET", record)
    fake_api.error("GET", record, 404, "record-not-found")
    assert "1 of 1 done" in browser("luke").post("/runs/start/", {"run": RUN_ID}).content.decode()
    fake_api.forget("GET", record)
    fake_api.error("GET", record, 403, "insufficient-permissions", "Not yours")
    assert "Not yours" in browser("luke").post("/runs/start/", {"run": RUN_ID}).content.decode()
    assert len(fake_api.made("POST", f"/v2/acts/{ACTOR_ID}/runs")) == 1


def test_starting_again_refuses(browser: Browse, fake_api: FakeApi) -> None:
    assert browser("luke").get("/runs/start/").status_code == 405
    assert browser("vera").post("/runs/start/", {"run": RUN_ID}).status_code == 403
    for path in ("", "/key-value-store/records/INPUT"):
        fake_api.error("GET", f"{RUNS}/gone{path}", 404, "record-not-found", "No such run")
    assert "No such run" in browser("luke").post("/runs/start/", {"run": "gone"}).content.decode()
