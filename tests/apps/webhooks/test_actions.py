import json

import pytest

from tests.apps.webhooks.made import (
    DISPATCH_ID,
    DISPATCHES,
    HOOK,
    HOOK_ID,
    HOOKS,
    PAGE,
    SENT,
    dispatch_json,
    tell,
)
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, RUN_ID, FakeApi, page

AGAIN = f"{SENT}send-again/"


@pytest.mark.parametrize("path", [f"{PAGE}test/", f"{PAGE}delete/", AGAIN, "/webhooks/preview/"])
def test_actions_refuse_get_and_who_may_not(browser: Browse, fake_api: FakeApi, path: str) -> None:
    assert browser("olga").get(path).status_code == 405
    for name in ("vera", "luke"):
        assert browser(name).post(path).status_code == 403


@pytest.mark.parametrize(
    ("path", "method", "call"),
    [
        (f"{PAGE}test/", "POST", f"{HOOK}/test"),
        (AGAIN, "GET", f"{DISPATCHES}/{DISPATCH_ID}"),
    ],
)
def test_what_is_missing(
    browser: Browse, fake_api: FakeApi, path: str, method: str, call: str
) -> None:
    fake_api.error(method, call, 404, "record-not-found")
    assert browser("olga").post(path).status_code == 404


def test_a_test_leads_to_its_dispatch(browser: Browse, told: FakeApi) -> None:
    assert browser("olga").post(f"{PAGE}test/")["Location"] == SENT
    assert len(told.made("POST", f"{HOOK}/test")) == 1


def test_deleting(browser: Browse, told: FakeApi) -> None:
    assert browser("olga").post(f"{PAGE}delete/")["Location"] == "/webhooks/"
    assert len(told.made("DELETE", HOOK)) == 1


def test_one_that_is_gone_is_deleted_too(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.error("DELETE", HOOK, 404, "record-not-found")
    assert browser("olga").post(f"{PAGE}delete/").status_code == 303


def test_sending_again_is_a_marked_test_of_a_copy(browser: Browse, told: FakeApi) -> None:
    """What every API v2 can do: the finished payload as the template of a copy that never fires."""
    assert browser("olga").post(AGAIN, {"template": "current"})["Location"] == SENT
    made = told.made("POST", HOOKS)[0].json()
    assert made["idempotencyKey"] == f"callboard-replay-{HOOK_ID}"
    assert json.loads(made["payloadTemplate"]) == {"run": RUN_ID}
    assert json.loads(made["headersTemplate"]) == {
        "Authorization": "Bearer canary",
        "X-Callboard-Replay-Of": DISPATCH_ID,
    }
    assert (made["eventTypes"], made["condition"]) == (
        ["ACTOR.RUN.CREATED"],
        {"actorRunId": RUN_ID},
    )
    assert made["doNotRetry"]
    assert not made["shouldInterpolateStrings"]
    assert "idempotencyKey" not in told.made("PUT", HOOK)[0].json()
    assert len(told.made("POST", f"{HOOK}/test")) == 1


def test_sending_again_what_was_sent(browser: Browse, fake_api: FakeApi) -> None:
    call = {"requestBody": '{"a": "{{x}}"}', "requestHeaders": {"X-A": "b", "Connection": "close"}}
    fake_api.data("GET", f"{DISPATCHES}/{DISPATCH_ID}", dispatch_json(calls=[call]))
    tell(fake_api)
    browser("olga").post(AGAIN, {"template": "same"})
    made = fake_api.made("POST", HOOKS)[0].json()
    assert made["payloadTemplate"] == '{"a": "{{x}}"}'
    headers = json.loads(made["headersTemplate"])
    assert headers["X-A"] == "b"
    assert "Connection" not in headers


def test_a_build_is_tied_to_any_run_of_its_actor(browser: Browse, fake_api: FakeApi) -> None:
    call = {"requestBody": "{}"}
    data = {"actorId": ACTOR_ID, "actorBuildId": RUN_ID}
    told = dispatch_json(calls=[call], eventData=data, eventType="ACTOR.BUILD.FAILED")
    fake_api.data("GET", f"{DISPATCHES}/{DISPATCH_ID}", told)
    tell(fake_api)
    browser("olga").post(AGAIN, {"template": "same"})
    assert fake_api.made("POST", HOOKS)[0].json()["condition"] == {"actorRunId": RUN_ID}


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("not told", "does not tell what was sent"),
        ("gone", "The run or build is gone"),
        ("bad", "template cannot be used"),
        ("no hook", "The webhook has been deleted"),
        ("no run", "No run is left"),
        ("long", "too long"),
    ],
)
def test_why_it_cannot_be_sent_again(
    browser: Browse, fake_api: FakeApi, case: str, said: str
) -> None:
    changes = {"payloadTemplate": "{{"} if case == "bad" else {}
    if case == "gone":
        fake_api.error("GET", f"/v2/actor-runs/{RUN_ID}", 404, "record-not-found")
    if case == "no hook":
        fake_api.error("GET", HOOK, 404, "record-not-found")
    if case in ("no run", "long"):
        body = {"requestBody": '"' + "x" * 100_000 + '"' if case == "long" else "{}"}
        data = {"actorId": ACTOR_ID}
        dispatch = dispatch_json(calls=[body], eventData=data)
        fake_api.data("GET", f"{DISPATCHES}/{DISPATCH_ID}", dispatch)
        fake_api.data("GET", f"/v2/acts/{ACTOR_ID}/runs", page([]))
    tell(fake_api, **changes)
    client = browser("olga")
    same = case in ("not told", "no run", "long")
    assert client.post(AGAIN, {"template": "same" if same else "current"})["Location"] == SENT
    assert said in client.get("/webhooks/").content.decode()
    assert not fake_api.made("POST", HOOKS)
