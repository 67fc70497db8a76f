"""Webhooks and dispatches as the API tells them."""

from typing import Any

from tests.fakes import (
    ACTOR_ID,
    RUN_ID,
    STORE_ID,
    USER_ID,
    FakeApi,
    actor_json,
    build_json,
    page,
    run_json,
)

HOOK_ID = "YiKoxjkaS9gjGTqhF"
DISPATCH_ID = "asdLZtadYvn4mBZmm"
HOOKS = "/v2/webhooks"
HOOK = f"{HOOKS}/{HOOK_ID}"
DISPATCHES = "/v2/webhook-dispatches"
PAGE = f"/webhooks/{HOOK_ID}/"
SENT = f"/webhooks/dispatches/{DISPATCH_ID}/"


def webhook_json(**changes: Any) -> dict[str, Any]:
    return {
        "id": HOOK_ID,
        "createdAt": "2019-12-12T07:34:14.202Z",
        "modifiedAt": "2019-12-13T08:36:13.202Z",
        "userId": USER_ID,
        "isAdHoc": False,
        "shouldInterpolateStrings": False,
        "eventTypes": ["ACTOR.RUN.SUCCEEDED", "ACTOR.RUN.FAILED"],
        "condition": {"actorId": ACTOR_ID},
        "ignoreSslErrors": False,
        "doNotRetry": False,
        "requestUrl": "https://hooks.example/callboard?key=s3cret",
        "payloadTemplate": '{\n  "run": {{resource.id}}\n}',
        "headersTemplate": '{"Authorization": "Bearer canary"}',
        "description": "Tells the warehouse",
        "lastDispatch": {"status": "SUCCEEDED", "finishedAt": "2019-12-13T08:36:13.202Z"},
        "stats": {"totalDispatches": 1},
        **changes,
    }


def attempt_json(**changes: Any) -> dict[str, Any]:
    return {
        "startedAt": "2019-12-12T07:34:14.202Z",
        "finishedAt": "2019-12-12T07:34:15.202Z",
        "errorMessage": None,
        "responseStatus": 200,
        "responseBody": "<b>thanks</b>",
        **changes,
    }


def dispatch_json(**changes: Any) -> dict[str, Any]:
    return {
        "id": DISPATCH_ID,
        "userId": USER_ID,
        "webhookId": HOOK_ID,
        "createdAt": "2019-12-12T07:34:14.202Z",
        "status": "SUCCEEDED",
        "eventType": "ACTOR.RUN.SUCCEEDED",
        "eventData": {"actorId": ACTOR_ID, "actorRunId": RUN_ID},
        "calls": [attempt_json()],
        **changes,
    }


def tell(api: FakeApi, **changes: Any) -> None:
    """Everything that a page of webhooks may ask for."""
    hook = webhook_json(**changes)
    other = webhook_json(
        id=STORE_ID, isAdHoc=True, lastDispatch=None, condition={"actorRunId": RUN_ID}
    )
    api.data("GET", HOOKS, page([hook, other]))
    api.data("GET", f"/v2/acts/{ACTOR_ID}/webhooks", page([hook]))
    api.data("GET", HOOK, hook)
    api.data("PUT", HOOK, hook)
    api.data("POST", HOOKS, hook, status=201)
    api.data("POST", f"{HOOK}/test", dispatch_json(status="ACTIVE", calls=[]), status=201)
    api.raw("DELETE", HOOK, b"", status=204)
    failed = attempt_json(responseStatus=500, responseBody="", errorMessage=None)
    silent = attempt_json(responseStatus=None, responseBody=None, errorMessage="No answer")
    told = [dispatch_json(), dispatch_json(id=STORE_ID, status="FAILED", calls=[failed, silent])]
    api.data("GET", f"{HOOK}/dispatches", page(told))
    api.data("GET", DISPATCHES, page(told))
    api.data("GET", f"{DISPATCHES}/{DISPATCH_ID}", dispatch_json(calls=[failed, attempt_json()]))
    api.data("GET", "/v2/acts", page([actor_json()]))
    api.data("GET", "/v2/actor-tasks", page([{"id": STORE_ID, "name": "nightly"}]))
    api.data("GET", "/v2/actor-runs", page([run_json()]))
    api.data("GET", f"/v2/actor-runs/{RUN_ID}", run_json(novelty={"kept": 1}))
    api.data("GET", f"/v2/acts/{ACTOR_ID}/runs", page([run_json()]))
    api.data("GET", f"/v2/acts/{ACTOR_ID}/builds", page([build_json()]))
    api.data("GET", f"/v2/acts/{ACTOR_ID}", actor_json())
