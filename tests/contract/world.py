"""What an operation needs to succeed: made through the API when a path names it."""

import re
import secrets
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.contract.operations import OPERATIONS, ROOTS, Operation

PLAIN = {"name": "main.py", "format": "TEXT", "content": "print('hi')"}
VERSION = {"versionNumber": "0.0", "sourceType": "SOURCE_FILES", "sourceFiles": [PLAIN]}
JSON_INPUT = {"count": 2}


def word() -> str:
    return f"op-{secrets.token_hex(5)}"


@dataclass
class World:
    """One for all operations. `run_of` holds the run each root stands on; forgotten once spoilt."""

    api: httpx.Client
    pusher: str
    sleeper: str
    run_of: dict[str, str] = field(default_factory=dict)
    task: str = ""  # one that has a run and a webhook

    def furnish(self) -> None:
        """One of everything that lists show, and what a list leaves out of a first page."""
        for each in ("datasets", "key-value-stores", "request-queues"):
            self.data("POST", f"{each}?name={word()}")
        case = Case(self, OPERATIONS[0])
        self.data("POST", "schedules", case.schedule_body())
        self.task = case.make_actor_task_id()
        self.data("POST", f"actor-tasks/{self.task}/runs", JSON_INPUT)
        for condition in ({"actorId": self.pusher}, {"actorTaskId": self.task}):
            self.data("POST", "webhooks", case.webhook_body() | {"condition": condition})
        shown = {"isPublic": True, "title": "Pusher", "categories": ["OTHER"]}
        self.data("PUT", f"acts/{self.pusher}", shown)
        case.make_run_id()
        case.make_dispatch_id()

    def data(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.api.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        return answer.json()["data"]

    def close(self) -> None:
        for run in self.data("GET", "actor-runs?status=READY,RUNNING")["items"]:
            self.data("POST", f"actor-runs/{run['id']}/abort")


class Case:
    """One operation with its path filled in and its body."""

    def __init__(self, world: World, operation: Operation) -> None:
        self.world, self.operation = world, operation
        self.found: dict[str, str] = {}
        self.request: dict[str, Any] = {}
        self.root = next((root for root in ROOTS if operation.path.startswith(f"{root}/")), "")
        if self.root:
            self._stand_on_a_run()
        elif operation.path == ROOTS[1]:
            self.world.data("POST", f"actor-tasks/{self.get('actorTaskId')}/runs", JSON_INPUT)
        self.path = self._filled(operation.path)
        body = body_of(operation.name, self)
        self.options: dict[str, Any] = {} if body is None else {"json": body}

    def call(self) -> httpx.Response:
        return self.world.api.request(self.operation.method, self.path, **self.options)

    def get(self, name: str) -> str:
        if name not in self.found:
            maker = "make_" + re.sub("(?=[A-Z])", "_", name).lower()
            self.found[name] = str(getattr(self, maker)())
        return self.found[name]

    def _filled(self, path: str) -> str:
        return re.sub(r"{(\w+)}", lambda match: self.get(match[1]), path)

    def _stand_on_a_run(self) -> None:
        """Deleting a whole storage spoils the run for those that come after."""
        path = self.operation.path
        spoils = self.operation.method == "DELETE" and path.count("/") == self.root.count("/") + 1
        if spoils:  # a run of its own, which is then the Actor's last one
            self.world.run_of.pop(ROOTS[0], None)
        run = None if spoils else self.world.run_of.get(self.root)
        if "actor-tasks" in self.root:
            self.found["actorTaskId"] = run or self.get("actorTaskId")
            if not run:
                self.world.data("POST", f"actor-tasks/{self.get('actorTaskId')}/runs", JSON_INPUT)
        elif not run:
            self.found["runId"] = self.make_run_id()
        else:
            self.found["runId"] = run
        if not spoils:
            self.world.run_of[self.root] = self.found.get("actorTaskId") or self.found["runId"]

    def storage(self, kind: str) -> str:
        """Where the storage of this operation lives: `datasets/{id}` or `…/runs/last/dataset`."""
        if self.root:
            return f"{self._filled(self.root)}/{kind}"
        names = {"key-value-store": "storeId", "dataset": "datasetId", "request-queue": "queueId"}
        return f"{kind}s/{self.get(names[kind])}"

    # the makers, named after the parameters of the paths

    def make_actor_id(self) -> str:
        changes_actors = self.operation.number <= 15
        if not changes_actors:
            return self.world.pusher
        body = {"name": word(), "versions": [VERSION]}
        return str(self.world.data("POST", "acts", body)["id"])

    def make_sleeper_id(self) -> str:
        return self.world.sleeper

    def make_version_number(self) -> str:
        return "0.0"

    def make_env_var_name(self) -> str:
        path = f"acts/{self.get('actorId')}/versions/0.0/env-vars"
        return str(self.world.data("POST", path, {"name": "GREETING", "value": "hi"})["name"])

    def make_build_id(self) -> str:
        return str(self.world.data("GET", f"acts/{self.world.pusher}/builds")["items"][0]["id"])

    def make_spare_build_id(self) -> str:
        path = f"acts/{self.world.pusher}/builds?version=0.0&tag=spare&waitForFinish=60"
        spare = self.world.data("POST", path)["id"]
        self.world.data("POST", path)  # the tag moves on, so that nothing protects the first
        return str(spare)

    def make_run_id(self) -> str:
        path = f"acts/{self.world.pusher}/runs?waitForFinish=60"
        return str(self.world.data("POST", path, JSON_INPUT)["id"])

    def make_running_id(self) -> str:
        run = self.world.data("POST", f"acts/{self.world.sleeper}/runs")["id"]
        while self.world.data("GET", f"actor-runs/{run}")["status"] == "READY":
            pass
        return str(run)

    def make_actor_task_id(self) -> str:
        if self.operation.number in (39, 40):
            return self.world.task
        body = {"actId": self.world.pusher, "name": word(), "input": JSON_INPUT}
        return str(self.world.data("POST", "actor-tasks", body)["id"])

    def make_store_id(self) -> str:
        return str(self.world.data("POST", "key-value-stores")["id"])

    def make_dataset_id(self) -> str:
        return str(self.world.data("POST", "datasets")["id"])

    def make_queue_id(self) -> str:
        return str(self.world.data("POST", "request-queues")["id"])

    def make_record_key(self) -> str:
        path = f"{self.storage('key-value-store')}/records/KEY"
        assert self.world.api.put(path, json={"a": 1}).status_code == 201
        return "KEY"

    def make_request_id(self) -> str:
        path = f"{self.storage('request-queue')}/requests?forefront=1"
        self.request = request_body()
        return str(self.world.data("POST", path, self.request)["requestId"])

    def make_locked_id(self) -> str:
        made = self.make_request_id()
        path = f"{self.storage('request-queue')}/head/lock?lockSecs=30&limit=1&clientKey=op"
        assert self.world.data("POST", path)["items"][0]["id"] == made
        return made

    def make_webhook_id(self) -> str:
        made = str(self.world.data("POST", "webhooks", self.webhook_body())["id"])
        if self.operation.number == 97:
            self.world.data("POST", f"webhooks/{made}/test")
        return made

    def make_dispatch_id(self) -> str:
        return str(self.world.data("POST", f"webhooks/{self.get('webhookId')}/test")["id"])

    def make_schedule_id(self) -> str:
        return str(self.world.data("POST", "schedules", self.schedule_body())["id"])

    def make_user_id(self) -> str:
        return str(self.world.data("GET", "users/me")["username"])

    def webhook_body(self) -> dict[str, Any]:
        return {
            "eventTypes": ["ACTOR.RUN.ABORTED"],
            "condition": {"actorId": self.world.sleeper},
            "requestUrl": "https://receiver.example/hook",
        }

    def schedule_body(self) -> dict[str, Any]:
        action = {"type": "RUN_ACTOR", "actorId": self.world.pusher}
        plan = {"cronExpression": "0 3 1 1 *", "timezone": "UTC", "isEnabled": True}
        return {"name": word(), "isExclusive": True, "actions": [action], **plan}


def request_body() -> dict[str, Any]:
    return {"url": "https://example.com/", "uniqueKey": word(), "method": "GET"}


def body_of(name: str, case: Case) -> Any:
    """What is sent; None is no body. `name` is the operation's, of which the end decides."""
    method, _, path = name.partition(" /v2/")
    if method not in ("POST", "PUT", "DELETE"):
        return None
    makers: dict[str, Any] = {
        "POST acts": lambda: {"name": word(), "versions": [VERSION]},
        "PUT acts/{actorId}": lambda: {"title": "Changed"},
        "POST versions": lambda: {**VERSION, "versionNumber": "0.1"},
        "PUT versions/{versionNumber}": lambda: {"buildTag": "beta"},
        "POST env-vars": lambda: {"name": "OTHER", "value": "1"},
        "PUT env-vars/{envVarName}": lambda: {"value": "2"},
        "POST actor-tasks": lambda: {"actId": case.world.pusher, "name": word()},
        "PUT actor-tasks/{actorTaskId}": lambda: {"name": word()},
        "PUT input": lambda: {"count": 3},
        "PUT actor-runs/{runId}": lambda: {"statusMessage": "Half", "runId": case.get("runId")},
        "PUT records/{recordKey}": lambda: {"a": 2},
        "POST items": lambda: [{"n": 1}],
        "POST requests": request_body,
        "PUT requests/{requestId}": lambda: {"id": case.get("requestId"), **case.request},
        "POST requests/batch": lambda: [request_body()],
        "DELETE requests/batch": lambda: [{"id": case.get("requestId")}],
        "POST webhooks": case.webhook_body,
        "PUT webhooks/{webhookId}": lambda: {"description": "Changed"},
        "POST schedules": case.schedule_body,
        "PUT schedules/{scheduleId}": lambda: {"isEnabled": False},
        "PUT users/me/limits": lambda: {"maxMonthlyUsageUsd": 900000},
    }
    for end, maker in makers.items():
        verb, _, tail = end.partition(" ")
        if verb == method and (path == tail or path.endswith(f"/{tail}")):
            return maker()
    named = ("key-value-stores/{storeId}", "datasets/{datasetId}", "request-queues/{queueId}")
    if method == "PUT" and (path in named or path.endswith(("-store", "dataset", "-queue"))):
        return {"name": word()}
    starts = path.endswith(("runs", "run-sync", "run-sync-get-dataset-items"))
    return JSON_INPUT if method == "POST" and starts else None
