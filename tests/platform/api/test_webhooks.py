"""Webhooks as rows (endpoints 16, 91-99; rules 229-245); delivery is in tests/platform/outbound."""

import base64
import json
import threading
from typing import Any

import pytest

from tests.platform.api.conftest import Make, RunToken
from tests.platform.conftest import Account

URL = "https://example.com/hook"
EVENTS = ["ACTOR.RUN.SUCCEEDED", "ACTOR.RUN.ABORTED"]


def body(actor: Any, **fields: Any) -> dict[str, Any]:
    made = {"requestUrl": URL, "eventTypes": EVENTS, "condition": {"actorId": actor["id"]}}
    return made | fields


@pytest.fixture
def webhook(ada: Account, actor: Any) -> Any:
    made = ada.data("POST", "webhooks", json=body(actor))
    yield made
    ada.http.delete(f"webhooks/{made['id']}")


def refused(ada: Account, given: dict[str, Any]) -> str:
    response = ada.http.post("webhooks", json=given)
    assert response.status_code == 400, response.text
    assert response.json()["error"]["type"] == "invalid-value"
    return str(response.json()["error"]["message"])


def test_rules_15_237_238_239_a_webhook_is_made(ada: Account, actor: Any) -> None:
    flags = {"ignoreSslErrors": True, "doNotRetry": True, "shouldInterpolateStrings": True}
    texts = {"description": "mine", "payloadTemplate": "{{resource}}", "headersTemplate": "{}"}
    response = ada.http.post("webhooks", json=body(actor, **flags, **texts))
    made = response.json()["data"]
    assert response.status_code == 201
    assert response.headers["Location"] == f"{ada.url}/v2/webhooks/{made['id']}"
    assert {name: made[name] for name in flags | texts} == flags | texts
    assert made["condition"] == {"actorId": actor["id"]}
    assert (made["isAdHoc"], made["lastDispatch"]) == (False, None)
    assert made["stats"] == {"totalDispatches": 0}
    assert made["createdAt"] == made["modifiedAt"]
    assert made == ada.data("GET", f"webhooks/{made['id']}")
    ada.http.delete(f"webhooks/{made['id']}")


@pytest.mark.parametrize("name", ["requestUrl", "eventTypes", "condition"])
def test_rule_229_three_fields_are_needed(ada: Account, actor: Any, name: str) -> None:
    given = body(actor)
    del given[name]
    assert name in refused(ada, given)


def test_rule_230_the_same_key_gives_the_first_webhook(ada: Account, actor: Any) -> None:
    keyed = body(actor, idempotencyKey=f"key-{actor['id']}")
    answers: list[Any] = []
    calls = [
        threading.Thread(target=lambda: answers.append(ada.http.post("webhooks", json=keyed)))
        for _ in range(6)
    ]
    for call in calls:
        call.start()
    for call in calls:
        call.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["data"]["id"] for answer in answers}) == 1
    again = ada.data("POST", "webhooks", json=keyed | {"requestUrl": "nonsense"})
    assert again["id"] == answers[0].json()["data"]["id"]
    ada.http.delete(f"webhooks/{again['id']}")


def test_rule_233_conditions_by_name_and_of_runs(ada: Account, actor: Any, make_run: Make) -> None:
    run = make_run(actor)
    conditions = [
        ({"actorId": f"~{actor['name']}"}, {"actorId": actor["id"]}),
        ({"actorRunId": run["id"]}, {"actorRunId": run["id"]}),
        (
            {"actorId": actor["id"], "actorRunId": run["id"], "actorTaskId": None},
            {"actorId": actor["id"], "actorRunId": run["id"]},
        ),
    ]
    for given, kept in conditions:
        made = ada.data("POST", "webhooks", json=body(actor, condition=given))
        assert made["condition"] == kept
        ada.http.delete(f"webhooks/{made['id']}")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"eventTypes": []}, "at least one event"),
        ({"eventTypes": ["TEST"]}, "at least one event"),
        ({"eventTypes": ["ACTOR.RUN.STARTED"]}, "ACTOR.RUN.STARTED is none of the events"),
        ({"eventTypes": "ACTOR.RUN.CREATED"}, "eventTypes must be an array"),
        ({"condition": {}}, "must name an actorId"),
        ({"condition": []}, "condition must be an object"),
        ({"condition": {"actorRunId": "nothing"}}, "you have no run nothing"),
        ({"condition": {"actorId": 5}}, "actorId must be a string"),
        ({"isAdHoc": True}, "needs an actorRunId"),
        ({"requestUrl": "ftp://example.com"}, "http:// or https://"),
        ({"requestUrl": "http://127.0.0.1:8010/"}, r"CALLBOARD_OUTBOUND_LOOPBACK) are off"),
        ({"requestUrl": "http://2130706433/"}, "may not be called from here"),
        ({"requestUrl": "http://example.com:25/"}, "Port 25 may not be called"),
        ({"requestUrl": "http://me:pass@example.com/"}, "user name or password"),
        ({"payloadTemplate": '{"a": {{nobody}}}'}, "payloadTemplate: Unknown variable 'nobody'"),
        ({"payloadTemplate": '{"a": '}, "payloadTemplate: The template is not JSON"),
        ({"headersTemplate": '{"Content-Length": "5"}'}, "headersTemplate: 'Content-Length'"),
        ({"headersTemplate": "[]"}, "headersTemplate: The headers template must be a JSON object"),
        ({"ignoreSslErrors": "yes"}, "ignoreSslErrors must be true or false"),
    ],
)
def test_what_cannot_work_is_refused_with_the_reason(
    ada: Account, actor: Any, fields: dict[str, Any], sentence: str
) -> None:
    assert sentence in refused(ada, body(actor, **fields))


def test_rules_148_233_245_of_a_task(ada: Account, actor: Any, make_actor: Make) -> None:
    task = ada.data("POST", "actor-tasks", json={"actId": actor["id"], "name": "told-of"})
    made = ada.data("POST", "webhooks", json=body(actor, condition={"actorTaskId": "~told-of"}))
    both = {"actorId": actor["id"], "actorTaskId": task["id"]}
    second = ada.data("POST", "webhooks", json=body(actor, condition=both))
    assert (made["condition"], second["condition"]) == ({"actorTaskId": task["id"]}, both)
    listed = ada.data("GET", f"actor-tasks/{task['id']}/webhooks")["items"]
    assert [each["id"] for each in listed] == [made["id"], second["id"]]
    assert {"requestUrl", "condition", "eventTypes", "isAdHoc", "stats"} <= set(listed[0])
    run = ada.data("POST", f"actor-tasks/{task['id']}/runs")
    ada.data("POST", f"actor-runs/{run['id']}/abort")
    for webhook in (made, second):
        told = ada.data("GET", f"webhooks/{webhook['id']}/dispatches")["items"]
        assert [each["eventData"] for each in told] == [
            {"actorId": actor["id"], "actorRunId": run["id"], "actorTaskId": task["id"]}
        ]
    ada.data("POST", f"acts/{actor['id']}/runs")
    assert ada.data("GET", f"webhooks/{second['id']}")["stats"] == {"totalDispatches": 1}
    wrong = body(actor, condition={"actorId": make_actor()["id"], "actorTaskId": task["id"]})
    assert "the task is not one of this Actor" in refused(ada, wrong)
    assert ada.http.post("webhooks", json=wrong | {"condition": {"actorTaskId": "x"}}).is_error
    for webhook in (made, second):
        ada.http.delete(f"webhooks/{webhook['id']}")


def test_rule_233_builds_have_no_run(ada: Account, actor: Any, make_run: Make) -> None:
    condition = {"actorRunId": make_run(actor)["id"]}
    given = body(actor, condition=condition, eventTypes=["ACTOR.BUILD.FAILED"])
    assert "these events never happen" in refused(ada, given)


def test_rule_234_an_empty_template_is_the_default_one(ada: Account, actor: Any) -> None:
    made = ada.data("POST", "webhooks", json=body(actor, payloadTemplate="", headersTemplate=" "))
    assert (made["payloadTemplate"], made["headersTemplate"]) == (None, None)
    ada.http.delete(f"webhooks/{made['id']}")


def test_rule_241_an_update_keeps_what_it_does_not_name(ada: Account, webhook: Any) -> None:
    path = f"webhooks/{webhook['id']}"
    changed = ada.data("PUT", path, json={"description": "new", "condition": {}})
    assert changed["modifiedAt"] >= webhook["modifiedAt"]
    keep = {name: value for name, value in webhook.items() if name != "modifiedAt"}
    assert {name: changed[name] for name in keep} == keep | {"description": "new"}
    bad = ada.http.put(path, json={"payloadTemplate": "{{x}}"})
    assert bad.status_code == 400
    assert ada.data("GET", path) == changed


def test_an_update_checks_templates_against_the_new_flag(ada: Account, webhook: Any) -> None:
    path = f"webhooks/{webhook['id']}"
    ada.data("PUT", path, json={"payloadTemplate": '"{{nobody}}"'})
    assert ada.http.put(path, json={"shouldInterpolateStrings": True}).status_code == 400


def test_rules_44_240_245_lists(ada: Account, make_actor: Make, webhook: Any) -> None:
    other = ada.data("POST", "webhooks", json=body(make_actor()))
    page = ada.data("GET", "webhooks?desc=1&limit=2")
    assert [each["id"] for each in page["items"]] == [other["id"], webhook["id"]]
    assert page["items"][0]["doNotRetry"] is False
    assert "payloadTemplate" not in page["items"][0]
    of_actor = ada.data("GET", f"acts/{webhook['condition']['actorId']}/webhooks")
    assert [each["id"] for each in of_actor["items"]] == [webhook["id"]]
    ada.http.delete(f"webhooks/{other['id']}")


def test_rules_242_243_244_a_test_makes_a_dispatch(ada: Account, webhook: Any) -> None:
    response = ada.http.post(f"webhooks/{webhook['id']}/test")
    dispatch = response.json()["data"]
    assert response.status_code == 201
    assert (dispatch["status"], dispatch["eventType"]) == ("ACTIVE", "TEST")
    assert dispatch["eventData"]["actorId"] == webhook["condition"]["actorId"]
    assert dispatch["calls"] == []
    assert dispatch == ada.data("GET", f"webhook-dispatches/{dispatch['id']}")
    for path in (f"webhooks/{webhook['id']}/dispatches", "webhook-dispatches?desc=1"):
        assert ada.data("GET", path)["items"][0] == dispatch
    shown = ada.data("GET", f"webhooks/{webhook['id']}")
    assert shown["lastDispatch"] == {"status": "ACTIVE", "finishedAt": None}
    assert shown["stats"] == {"totalDispatches": 1}


def test_rules_95_233_the_outbox_is_written_with_the_change(
    ada: Account, actor: Any, make_run: Make
) -> None:
    """No runner is here: created and aborted are told by the API itself."""
    asked = [{"eventTypes": ["ACTOR.RUN.CREATED", "ACTOR.RUN.ABORTED"], "requestUrl": URL}]
    coded = base64.b64encode(json.dumps(asked).encode()).decode()
    run = ada.data("POST", f"acts/{actor['id']}/runs?webhooks={coded}")
    ada.data("POST", f"actor-runs/{run['id']}/abort")
    told = ada.data("GET", "webhook-dispatches?desc=1&limit=2")["items"]
    assert [each["eventType"] for each in told] == ["ACTOR.RUN.ABORTED", "ACTOR.RUN.CREATED"]
    assert {each["eventData"]["actorRunId"] for each in told} == {run["id"]}
    assert told[0]["webhook"]["isAdHoc"] is True


@pytest.mark.parametrize(
    "text", ["%%%", "bm9uc2Vuc2U=", "e30=", base64.b64encode(b'[{"requestUrl": 5}]').decode()]
)
def test_rule_95_bad_ad_hoc_webhooks_start_nothing(ada: Account, actor: Any, text: str) -> None:
    response = ada.http.post(f"acts/{actor['id']}/runs", params={"webhooks": text})
    assert response.status_code == 400
    assert "body" not in response.json()["error"]["message"]
    assert ada.data("GET", f"acts/{actor['id']}/runs")["total"] == 0


def test_nobody_else_sees_or_hears_anything(
    ada: Account, ben: Account, webhook: Any, run_token: RunToken, make_run: Make
) -> None:
    actor = {"id": webhook["condition"]["actorId"]}
    dispatch = ada.data("POST", f"webhooks/{webhook['id']}/test")
    for method, path in (
        ("GET", f"webhooks/{webhook['id']}"),
        ("PUT", f"webhooks/{webhook['id']}"),
        ("DELETE", f"webhooks/{webhook['id']}"),
        ("POST", f"webhooks/{webhook['id']}/test"),
        ("GET", f"webhooks/{webhook['id']}/dispatches"),
        ("GET", f"webhook-dispatches/{dispatch['id']}"),
    ):
        assert ben.http.request(method, path, json={}).status_code == 404
    response = ben.http.post("webhooks", json=body(actor))
    assert response.status_code == 404  # ada's Actor is not public
    response = ben.http.post("webhooks", json=body(actor, condition=run_of(make_run(actor))))
    assert response.status_code == 400
    child = run_token(make_run(actor)["id"])
    assert child.http.get("webhooks").status_code == 403
    assert child.http.post("webhooks", json=body(actor)).status_code == 403


def run_of(run: Any) -> dict[str, str]:
    return {"actorRunId": run["id"]}
