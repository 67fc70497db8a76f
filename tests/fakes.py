"""An API that says what a test told it to, and fails loudly on any other call.

    def test_it_lists_runs(browser: Browse, fake_api: FakeApi) -> None:
        fake_api.data("GET", "/v2/actor-runs", page([run_json(status="RUNNING")]))
        answer = browser("vera").get("/runs/")
        assert fake_api.calls[0].query["desc"] == "1"

The makers at the end give wire JSON after the examples of the reference; keyword arguments in the
API's spelling change it.
"""

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import httpx

BASE_URL = "http://api.test"
TOKEN = "apify_api_canary0123456789ABCD"
RUN_ID = "HG7ML7M8z78YcAPEB"
ACTOR_ID = "HDSasDasz78YcAPEB"
BUILD_ID = "7sT5jcggjjA9fNcxF"
DATASET_ID = "d7b9ckSbwFBK3jYPs"
STORE_ID = "sfAjeR4QmeJCQzTfe"
QUEUE_ID = "FL35cSF7jrxr3BY39"
USER_ID = "wRsJZtadYvn4mBZmm"
JSON = "application/json; charset=utf-8"

Reply = Callable[[httpx.Request], httpx.Response]


@dataclass(frozen=True, slots=True)
class Seen:
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class FakeApi:
    """Told several answers for one call, it gives them in turn and then repeats the last."""

    def __init__(self) -> None:
        self.calls: list[Seen] = []
        self.unknown: list[str] = []
        self._replies: dict[tuple[str, str], list[Reply]] = defaultdict(list)
        self._lock = Lock()

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.handle)

    def data(self, method: str, path: str, data: object, *, status: int = 200) -> None:
        self.raw(method, path, json.dumps({"data": data}).encode(), status=status)

    def raw(
        self,
        method: str,
        path: str,
        content: bytes,
        *,
        content_type: str = JSON,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        sent = {"content-type": content_type, "x-ratelimit-limit": "30", **(headers or {})}
        self.reply(
            method, path, lambda _: httpx.Response(status, headers=sent, stream=Bytes(content))
        )

    def error(self, method: str, path: str, status: int, kind: str, message: str = "No.") -> None:
        body = {"error": {"type": kind, "message": message}}
        self.raw(method, path, json.dumps(body).encode(), status=status)

    def breaks(self, method: str, path: str, problem: httpx.TransportError) -> None:
        """Instead of an answer: what httpx raises when there is none."""

        def fail(request: httpx.Request) -> httpx.Response:
            raise problem

        self.reply(method, path, fail)

    def reply(self, method: str, path: str, reply: Reply) -> None:
        self._replies[method, path].append(reply)

    def forget(self, method: str, path: str) -> None:
        del self._replies[method, path]

    def handle(self, request: httpx.Request) -> httpx.Response:
        seen = Seen(
            request.method,
            request.url.path,
            dict(request.url.params),
            dict(request.headers),
            request.content,
        )
        with self._lock:
            self.calls.append(seen)
            replies = self._replies.get((seen.method, seen.path))
            if not replies:
                self.unknown.append(f"{seen.method} {seen.path}")
                raise AssertionError(f"The test told no answer for {seen.method} {seen.path}")
            reply = replies.pop(0) if len(replies) > 1 else replies[0]
        return reply(request)

    def made(self, method: str, path: str) -> list[Seen]:
        return [seen for seen in self.calls if (seen.method, seen.path) == (method, path)]


class Bytes(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body in chunks, for both executors; `pieces` may be cut anywhere."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self.pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            yield piece


def page(items: list[Any], **changes: Any) -> dict[str, Any]:
    shown = {"total": len(items), "offset": 0, "limit": 1000, "count": len(items), "desc": False}
    return {**shown, "items": items, **changes}


def run_json(**changes: Any) -> dict[str, Any]:
    return {
        "id": RUN_ID,
        "actId": ACTOR_ID,
        "userId": USER_ID,
        "actorTaskId": None,
        "startedAt": "2019-11-30T07:34:24.202Z",
        "finishedAt": "2019-12-12T09:30:12.202Z",
        "status": "SUCCEEDED",
        "statusMessage": "Actor has finished",
        "isStatusMessageTerminal": True,
        "meta": {"origin": "WEB", "clientIp": "1.1.1.1", "userAgent": "Callboard/0.1.0"},
        "stats": {
            "inputBodyLen": 240,
            "restartCount": 0,
            "resurrectCount": 0,
            "memAvgBytes": 267874071.9,
            "memMaxBytes": 404713472,
            "memCurrentBytes": 0,
            "cpuAvgUsage": 33.7532101107538,
            "cpuMaxUsage": 169.650735534941,
            "cpuCurrentUsage": 0,
            "netRxBytes": 103508042,
            "netTxBytes": 4854600,
            "durationMillis": 248472,
            "runTimeSecs": 248.472,
            "metamorph": 0,
            "computeUnits": 0.13804,
        },
        "options": {
            "build": "latest",
            "timeoutSecs": 300,
            "memoryMbytes": 1024,
            "diskMbytes": 2048,
        },
        "buildId": BUILD_ID,
        "exitCode": 0,
        "defaultKeyValueStoreId": STORE_ID,
        "defaultDatasetId": DATASET_ID,
        "defaultRequestQueueId": QUEUE_ID,
        "buildNumber": "0.0.36",
        "containerUrl": "http://run.test",
        "usage": {"ACTOR_COMPUTE_UNITS": 3, "DATASET_READS": 4, "DATASET_WRITES": 4},
        "usageTotalUsd": 0.2654,
        "usageUsd": {"ACTOR_COMPUTE_UNITS": 0.0003, "DATASET_READS": 0.0001},
        **changes,
    }


def build_json(**changes: Any) -> dict[str, Any]:
    return {
        "id": BUILD_ID,
        "actId": ACTOR_ID,
        "userId": USER_ID,
        "startedAt": "2019-11-30T07:34:24.202Z",
        "finishedAt": "2019-12-12T09:30:12.202Z",
        "status": "SUCCEEDED",
        "meta": {"origin": "WEB", "clientIp": "1.1.1.1", "userAgent": "Callboard/0.1.0"},
        "stats": {"durationMillis": 1000, "runTimeSecs": 45.718, "computeUnits": 0.0126994},
        "options": {"useCache": False, "betaPackages": False, "memoryMbytes": 1024},
        "usageTotalUsd": 0.02,
        "buildNumber": "0.1.1",
        "inputSchema": '{"title": "Input", "type": "object", "schemaVersion": 1, "properties": {}}',
        "readme": "# Read me",
        **changes,
    }


def actor_json(**changes: Any) -> dict[str, Any]:
    return {
        "id": ACTOR_ID,
        "userId": USER_ID,
        "name": "site-crawler",
        "username": "jane35",
        "title": "Site crawler",
        "description": "Crawls a site.",
        "isPublic": False,
        "createdAt": "2019-07-08T11:27:57.401Z",
        "modifiedAt": "2019-07-08T14:01:05.546Z",
        "stats": {
            "totalBuilds": 9,
            "totalRuns": 16,
            "totalUsers": 1,
            "lastRunStartedAt": "2019-07-08T14:01:05.546Z",
        },
        "versions": [version_json()],
        "defaultRunOptions": {"build": "latest", "timeoutSecs": 3600, "memoryMbytes": 2048},
        "taggedBuilds": {"latest": {"buildId": BUILD_ID, "buildNumber": "0.1.1"}},
        "exampleRunInput": {"body": '{"x": 1}', "contentType": "application/json"},
        **changes,
    }


def version_json(**changes: Any) -> dict[str, Any]:
    return {
        "versionNumber": "0.1",
        "sourceType": "SOURCE_FILES",
        "buildTag": "latest",
        "envVars": None,
        "applyEnvVarsToBuild": False,
        "sourceFiles": [{"name": "main.py", "format": "TEXT", "content": "print('hello')"}],
        **changes,
    }


def storage_json(kind_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": kind_id,
        "name": None,
        "userId": USER_ID,
        "createdAt": "2019-12-12T07:34:14.202Z",
        "modifiedAt": "2019-12-13T08:36:13.202Z",
        "accessedAt": "2019-12-14T08:36:13.202Z",
        "actId": ACTOR_ID,
        "actRunId": RUN_ID,
        **changes,
    }


def dataset_json(**changes: Any) -> dict[str, Any]:
    return storage_json(DATASET_ID, **{"itemCount": 22, "cleanItemCount": 20, **changes})


def store_json(**changes: Any) -> dict[str, Any]:
    stats = {"readCount": 9, "writeCount": 3, "deleteCount": 6, "s3StorageBytes": 18}
    return storage_json(STORE_ID, **{"stats": stats, **changes})


def queue_json(**changes: Any) -> dict[str, Any]:
    counts = {"totalRequestCount": 870, "handledRequestCount": 100, "pendingRequestCount": 770}
    return storage_json(QUEUE_ID, **{"hadMultipleClients": False, **counts, **changes})


def me_json(**changes: Any) -> dict[str, Any]:
    return {"id": USER_ID, "username": "jane35", "email": "jane@api.test", **changes}
