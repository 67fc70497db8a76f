"""Logs of runs and builds (endpoints 58, 107; semantics.md rules 262-265)."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator

from starlette.responses import Response

from apps.platform.api import waiting
from apps.platform.api.finding import find_build, find_run
from apps.platform.api.refs import missing
from apps.platform.domain.statuses import TERMINAL
from apps.platform.http import envelope
from apps.platform.http.mounts import MountedRoute
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route
from apps.platform.models import Build, Run
from apps.platform.storage import logs

TEXT = "text/plain; charset=utf-8"
POLL = 0.05
A_DAY = 86_400
# colours and other terminal commands; the end of a part may hold the start of one
ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
UNFINISHED = re.compile(rb"\x1b[^a-zA-Z]{0,64}\Z")


def find(request: ApiRequest, work_id: str) -> Run | Build:
    """The run or build whose log it is."""
    if Run.objects.filter(id=work_id).exists():
        request.params["runId"] = work_id
        return find_run(request)
    if Build.objects.filter(id=work_id).exists():
        request.params["buildId"] = work_id
        return find_build(request)
    raise missing("Log", work_id)


def get_log(request: ApiRequest, work: Run | Build) -> Response:
    """text/plain; `stream` follows until the work ends, `raw` keeps terminal colours."""
    keep = request.query.boolean("raw")
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    if request.query.boolean("download"):
        headers["Content-Disposition"] = f'attachment; filename="{work.id}.log"'
    start = logs.first(work.id)
    if request.query.boolean("stream") and work.status not in TERMINAL:
        parts = _follow(work, start)
        return envelope.stream(parts if keep else _plain_as_it_comes(parts), TEXT, headers)
    whole = logs.read(work.id, start, logs.size(work.id))
    return envelope.stream(whole if keep else _plain(whole), TEXT, headers)


async def _follow(work: Run | Build, at: int) -> AsyncIterator[bytes]:
    watch = waiting.runs if isinstance(work, Run) else waiting.builds
    ended = asyncio.ensure_future(watch.ended(work.id, A_DAY))
    try:
        while True:
            last = ended.done()
            end = await asyncio.to_thread(logs.size, work.id)
            if end > at:
                part = await asyncio.to_thread(_joined, work.id, at, end)
                at = end
                yield part
            elif last:
                return
            else:
                await asyncio.wait([ended], timeout=POLL)
    finally:
        ended.cancel()


def _joined(log_id: str, start: int, end: int) -> bytes:
    return b"".join(logs.read(log_id, start, end))


def _plain(parts: Iterator[bytes]) -> Iterator[bytes]:
    held = b""
    for part in parts:
        ready, held = _split(held + part)
        yield ready
    yield ESCAPES.sub(b"", held)


async def _plain_as_it_comes(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    held = b""
    async for part in parts:
        ready, held = _split(held + part)
        yield ready
    yield ESCAPES.sub(b"", held)


def _split(data: bytes) -> tuple[bytes, bytes]:
    """What can be sent now, and the start of an escape sequence that is not whole yet."""
    cut = UNFINISHED.search(data)
    ready, held = (data[: cut.start()], data[cut.start() :]) if cut else (data, b"")
    return ESCAPES.sub(b"", ready), held


def _log_of(request: ApiRequest) -> Response:
    return get_log(request, find(request, request.params["buildOrRunId"]))


def _log_of_build(request: ApiRequest) -> Response:
    return get_log(request, find_build(request))


ROUTES = [
    Route("GET", "/v2/logs/{buildOrRunId}", _log_of, auth="id"),
    Route("GET", "/v2/actor-builds/{buildId}/log", _log_of_build, auth="id"),
]
ACTOR_ROUTES = [
    Route("GET", "/v2/acts/{actorId}/builds/{buildId}/log", _log_of_build, auth="id"),
]
MOUNTED = [MountedRoute("GET", "", get_log, auth="id")]
