import json
from typing import Any

import pytest

from tests.apps.webhooks.made import (
    DISPATCHES,
    HOOK,
    HOOK_ID,
    HOOKS,
    PAGE,
    SENT,
    dispatch_json,
    tell,
    webhook_json,
)
from tests.conftest import Browse
from tests.fakes import ACTOR_ID, BUILD_ID, RUN_ID, STORE_ID, FakeApi, build_json, page, run_json

FORM = {
    "url": "https://hooks.example/new",
    "events": ["ACTOR.RUN.SUCCEEDED", "ACTOR.RUN.FAILED"],
    "scope": "actor",
    "actor": ACTOR_ID,
    "payload": '{\r\n  "run": {{resource.id}}\r\n}',
    "intent": "k1",
}
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def html(browser: Browse, url: str, name: str = "olga") -> str:
    answer = browser(name).get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_is_one_call_and_the_names(browser: Browse, told: FakeApi) -> None:
    shown = html(browser, "/webhooks/", "vera")
    assert [call.path for call in told.calls] == [HOOKS, "/v2/acts"]
    assert "https://hooks.example/callboard?…" in shown
    assert "Site crawler" in shown
    assert "Run failed" not in shown
    assert "Run succeeded, failed" in shown
    assert "Ad hoc" in shown
    assert "Add webhook" not in shown


def test_lists_hold_no_secret(browser: Browse, told: FakeApi) -> None:
    for url in ("/webhooks/", PAGE, f"{PAGE}dispatches/", SENT):
        shown = html(browser, url, "vera")
        assert "s3cret" not in shown
        assert "canary" not in shown


def test_the_webhooks_of_one_actor(browser: Browse, told: FakeApi) -> None:
    shown = html(browser, f"/webhooks/?actor={ACTOR_ID}")
    assert f"/webhooks/new/?actor={ACTOR_ID}" in shown
    assert told.calls[0].path == f"/v2/acts/{ACTOR_ID}/webhooks"


def test_an_empty_list_says_what_to_do(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", HOOKS, page([]))
    fake_api.data("GET", "/v2/acts", page([]))
    assert "No webhooks yet" in html(browser, "/webhooks/")


def test_creating_one(browser: Browse, told: FakeApi) -> None:
    assert f'value="{RUN_ID}" selected' in html(browser, f"/webhooks/new/?run={RUN_ID}")
    answer = browser("olga").post("/webhooks/new/", FORM)
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    assert told.made("POST", HOOKS)[0].json() == {
        "requestUrl": "https://hooks.example/new",
        "eventTypes": ["ACTOR.RUN.FAILED", "ACTOR.RUN.SUCCEEDED"],
        "condition": {"actorId": ACTOR_ID},
        "payloadTemplate": '{\n  "run": {{resource.id}}\n}',
        "headersTemplate": "",
        "description": "",
        "shouldInterpolateStrings": False,
        "ignoreSslErrors": False,
        "doNotRetry": False,
        "isAdHoc": False,
        "idempotencyKey": "k1",
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"url": "ftp://x"}, "Give a whole address"),
        ({"url": "http://"}, "Give a whole address"),
        ({"url": "http://[::1"}, "Give a whole address"),
        ({"events": []}, "Choose at least one event."),
        ({"events": ["ACTOR.BUILD.FAILED"], "scope": "run", "run": RUN_ID}, "Builds belong to"),
        ({"actor": ""}, "Choose which actor it watches."),
        ({"payload": '{"a": {{nope}}}'}, "Line 1, column 7: there is no nope."),
        ({"headers": '{"A": 1}'}, "Line 1, column 2: the value of A must be"),
        ({"headers": '{"A": "{{x}}"}', "interpolate": "on"}, "there is no x."),
    ],
)
def test_what_cannot_work_is_refused_beside_its_field(
    browser: Browse, told: FakeApi, changes: dict[str, Any], said: str
) -> None:
    answer = browser("olga").post("/webhooks/new/", {**FORM, "description": "kept", **changes})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="kept"' in answer.content.decode()
    assert not told.made("POST", HOOKS)


@pytest.mark.parametrize(
    ("message", "mark"),
    [
        ("requestUrl: the address is not allowed", 'id="url-error"'),
        ("Too many webhooks", "The API refused this."),
    ],
)
def test_what_the_api_refuses_stands_beside_its_field(
    browser: Browse, fake_api: FakeApi, message: str, mark: str
) -> None:
    fake_api.error("POST", HOOKS, 400, "invalid-request", message)
    tell(fake_api)
    answer = browser("olga").post("/webhooks/new/", FORM)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert message in shown
    assert mark in shown
    assert "https://hooks.example/new" in shown


def edit_form(browser: Browse, **changes: Any) -> dict[str, Any]:
    shown = html(browser, PAGE)
    since = shown.partition('name="edited_from" value="')[2].partition('"')[0]
    hook = webhook_json()
    return {
        "edited_from": since,
        "url": hook["requestUrl"],
        "events": hook["eventTypes"],
        "scope": "actor",
        "actor": ACTOR_ID,
        "payload": hook["payloadTemplate"],
        "headers": hook["headersTemplate"],
        "description": hook["description"],
        **changes,
    }


def test_saving_sends_only_what_was_changed(browser: Browse, told: FakeApi) -> None:
    changed = edit_form(browser, description="New words", no_retry="on")
    assert browser("olga").post(PAGE, changed)["Location"] == PAGE
    assert told.made("PUT", HOOK)[0].json() == {"description": "New words", "doNotRetry": True}


def test_a_watched_task_is_called_by_its_title(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, condition={"actorTaskId": STORE_ID})
    task = {"id": STORE_ID, "name": "prices-de", "title": "Prices DE"}
    fake_api.forget("GET", "/v2/actor-tasks")
    fake_api.data("GET", "/v2/actor-tasks", page([task]))
    assert "Prices DE" in browser("olga").get("/webhooks/").content.decode()


def test_saving_nothing_new_asks_nothing(browser: Browse, told: FakeApi) -> None:
    assert browser("olga").post(PAGE, edit_form(browser)).status_code == 303
    assert not told.made("PUT", HOOK)


def test_a_wider_condition_stays_as_it_is(browser: Browse, fake_api: FakeApi) -> None:
    tell(fake_api, condition={"actorId": ACTOR_ID, "actorTaskId": STORE_ID})
    changed = edit_form(browser, scope="task", task=STORE_ID, description="x")
    browser("olga").post(PAGE, changed)
    assert fake_api.made("PUT", HOOK)[0].json() == {"description": "x"}


def test_f22_the_second_saver_sees_both_versions(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.data("GET", HOOK, webhook_json())
    fake_api.data("GET", HOOK, webhook_json(description="Somebody else's"))
    tell(fake_api)
    changed = edit_form(browser, description="Mine")
    fake_api.forget("GET", HOOK)
    fake_api.data("GET", HOOK, webhook_json(description="Somebody else's"))
    answer = browser("olga").post(PAGE, changed)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else" in shown
    assert "Mine" in shown
    assert not fake_api.made("PUT", HOOK)
    since = shown.partition('name="edited_from" value="')[2].partition('"')[0]
    assert browser("olga").post(PAGE, {**changed, "edited_from": since}).status_code == 303
    assert fake_api.made("PUT", HOOK)[0].json() == {"description": "Mine"}


def test_a_viewer_sees_facts_and_no_form(browser: Browse, told: FakeApi) -> None:
    shown = html(browser, PAGE, "vera")
    assert "Operators may change them" in shown
    assert 'name="payload"' not in shown
    assert browser("vera").post(PAGE, FORM).status_code == 403


def test_a_missing_webhook(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.error("GET", HOOK, 404, "record-not-found")
    assert browser("olga").get(PAGE).status_code == 404


def test_the_preview_is_of_the_newest_real_run(browser: Browse, told: FakeApi) -> None:
    asked = {**FORM, "payload": '{"new": {{resource.novelty.kept}}, "e": {{eventType}}}'}
    shown = browser("olga").post("/webhooks/preview/", asked, headers=HTMX).content.decode()
    assert '"kept"' not in shown
    assert '<span data-token="figure">1</span>' in shown
    assert "ACTOR.RUN.SUCCEEDED" in shown
    assert f"/runs/{RUN_ID}/" in shown


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"payload": '{"a":\n {{nope}}}'}, "Line 2, column 2: there is no nope."),
        ({"headers": '{"A": "b {{userId}}"}', "interpolate": "1"}, "b wRsJZtadYvn4mBZmm"),
        ({"events": ["ACTOR.BUILD.FAILED"]}, f"/builds/{BUILD_ID}/"),
        ({"scope": "run", "run": RUN_ID}, f"/runs/{RUN_ID}/"),
        ({"scope": "task", "task": STORE_ID}, "made up"),
        ({"actor": ""}, "made up"),
        ({"preview_run": STORE_ID}, "made up"),
        ({"payload": ""}, "createdAt"),
    ],
)
def test_what_a_preview_shows(
    browser: Browse, told: FakeApi, changes: dict[str, Any], said: str
) -> None:
    told.data("GET", f"/v2/actor-builds/{BUILD_ID}", build_json())
    told.data("GET", f"/v2/actor-tasks/{STORE_ID}/runs", page([]))
    told.error("GET", f"/v2/actor-runs/{STORE_ID}", 404, "record-not-found")
    answer = browser("olga").post("/webhooks/preview/", {**FORM, **changes}, headers=HTMX)
    assert said in answer.content.decode()


def test_a_preview_without_a_script(browser: Browse, told: FakeApi) -> None:
    answer = browser("olga").post("/webhooks/new/", {**FORM, "action": "preview"})
    assert answer.status_code == 200
    assert b'aria-label="Payload"' in answer.content
    assert not told.made("POST", HOOKS)


def test_dispatches_by_status(browser: Browse, told: FakeApi) -> None:
    shown = html(browser, "/webhooks/dispatches/?status=FAILED", "vera")
    assert told.calls[-1].query["limit"] == "1000"
    assert "No answer" in shown
    assert shown.count('data-status="FAILED"') == 1
    assert 'data-status="SUCCEEDED"' not in shown
    assert "No dispatch has this" in html(browser, "/webhooks/dispatches/?status=ACTIVE", "vera")


def test_a_dispatch_shows_every_attempt(browser: Browse, told: FakeApi) -> None:
    shown = html(browser, SENT)
    assert "Attempt 1" in shown
    assert "Attempt 2" in shown
    assert "&lt;b&gt;thanks&lt;/b&gt;" in shown
    assert "does not keep what it sent" in shown
    assert "Bearer canary" in shown
    assert RUN_ID in shown


def test_an_active_dispatch_asks_again_and_says_when(browser: Browse, fake_api: FakeApi) -> None:
    active = dispatch_json(status="ACTIVE")
    fake_api.data("GET", f"{DISPATCHES}/{active['id']}", active)
    tell(fake_api)
    shown = browser("vera").get(SENT, headers=HTMX).content.decode()
    assert 'hx-trigger="every 2s"' in shown
    assert "next try about" in shown
    assert "<html" not in shown


def test_what_an_api_tells_of_the_request_is_shown(browser: Browse, fake_api: FakeApi) -> None:
    call = {"requestBody": '{"told": 1}', "requestHeaders": {"X-A": "b"}, "responseStatus": 200}
    fake_api.data("GET", f"{DISPATCHES}/{dispatch_json()['id']}", dispatch_json(calls=[call]))
    tell(fake_api)
    shown = html(browser, SENT)
    assert "{&quot;told&quot;: 1}" in shown
    assert "Send again as it was" in shown


def test_a_dispatch_of_a_deleted_webhook(browser: Browse, fake_api: FakeApi) -> None:
    fake_api.error("GET", HOOK, 404, "record-not-found")
    tell(fake_api)
    assert "The webhook has been deleted." in html(browser, SENT)


def test_hostile_words_are_escaped(browser: Browse, fake_api: FakeApi) -> None:
    bad = "<img src=x onerror=alert(1)>"
    fake_api.data("GET", f"/v2/actor-runs/{RUN_ID}", run_json(statusMessage=bad))
    tell(fake_api, description=bad, payloadTemplate=json.dumps(bad), requestUrl=f"http://x/{bad}")
    for url in ("/webhooks/", PAGE, SENT):
        assert bad not in html(browser, url)
    assert html(browser, PAGE).count(HOOK_ID) > 1
