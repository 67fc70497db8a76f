"""What changes on open pages of runs and builds, from few calls shared by all who look on."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from functools import partial as bind
from typing import Any

from apps.runs.tiles import MOST, Sample, charts, counts_of, tiles
from apps.runs.usual import Usual, usual_soon
from console.api.errors import ApiError, Refused
from console.api.models.runs import Run
from console.api.resources.builds import get_build
from console.api.resources.logs import get_log
from console.api.resources.runs import get_run, list_runs, run_dataset, run_queue
from console.http import AsyncApi
from console.live import channel
from console.live.feed import Feed, View
from console.live.files import send_file
from console.live.hub import hub
from console.live.request import StreamRequest
from console.live.sse import event, message, partial, watch
from console.live.tail import Tail
from console.live.upstream import follow
from console.live.work import work_feed
from console.templatetags import fmt

LOOK = 1.0
IDLE_LOOK = 1.5  # so that what others start is on the page within two seconds
LISTED = 100
OUTAGE, MISSED_MOST = "upstream", 2
STAGES = {"READY": 0, "RUNNING": 1, "TIMING-OUT": 2, "ABORTING": 2}


async def run_events(request: StreamRequest) -> bool:
    return await _work_events(request, "run", _run_parts)


async def build_events(request: StreamRequest) -> bool:
    return await _work_events(request, "build", _build_parts)


Look = Callable[[], Any]
Parts = Callable[[AsyncApi, str, Feed], Look]


def _begin(parts: Parts, api: AsyncApi, work_id: str, with_log: bool, feed: Feed) -> None:
    """The tail is there before the first viewer looks for it."""
    feed.tail = Tail() if with_log else None
    feed.spawn(_look(feed, api, work_id, parts(api, work_id, feed)))


async def _work_events(request: StreamRequest, kind: str, parts: Parts) -> bool:
    """The log only for pages that say where they stand in it."""
    after = request.headers.get("last-event-id") or request.query.get("after")
    visitor, work_id = request.visitor, request.ids[0]
    key = (kind, visitor.workspace.id, work_id, after is not None)
    feed = hub.feed(key, bind(_begin, parts, request.api, work_id, after is not None))
    view = View(
        visitor.zone,
        visitor.role,
        request.query.get("shown", "")[:20],
        request.query.get("level", "")[:1],
    )
    mine = work_feed(visitor)
    await watch(feed, visitor, view, request.receive, request.send, after=after, beside=mine)
    return True


async def _look(feed: Feed, api: AsyncApi, work_id: str, look: Look) -> None:
    """Looks once a second until the work has ended and its log is here whole."""
    over, missed = False, 0
    log: asyncio.Task[None] | None = None
    if feed.tail is not None:
        log = asyncio.create_task(
            follow(api, work_id, feed.tail, is_over=lambda: over, changed=feed.wake)
        )
    try:
        while not over:
            try:
                over, missed = await look(), 0
            except ApiError as error:
                missed += is_outage(error)  # the next look will tell
            tell_of_outage(feed, missed)
            if not over:
                await asyncio.sleep(LOOK)
        if log is not None:
            await asyncio.wait({log}, timeout=30)
        feed.end()
    finally:
        if log is not None:
            log.cancel()


def is_outage(error: ApiError) -> bool:
    """A refusal of one run, such as a deleted one, says that the API is there."""
    return not isinstance(error, Refused) or error.maybe_done


def tell_of_outage(feed: Feed, missed: int) -> None:
    """Pages say that they stand still after two looks in vain, until a good one."""
    is_down = missed >= MISSED_MOST
    if is_down or OUTAGE in feed.names():
        word = "down" if is_down else "up"
        feed.put(OUTAGE, word, lambda _: event(OUTAGE, word))


def _run_parts(api: AsyncApi, run_id: str, feed: Feed) -> Look:
    samples: deque[Sample] = deque(maxlen=MOST)
    usual: list[Usual | None] = []

    async def look() -> bool:
        run, dataset, queue = await asyncio.gather(
            api.run(get_run(run_id)), api.run(run_dataset(run_id)), api.run(run_queue(run_id))
        )
        if not usual:
            usual.append(await usual_soon(api, run))
        stats = run.stats
        if not run.is_terminal and stats.mem_current_bytes is not None:
            samples.append(Sample(stats.cpu_current_usage or 0.0, stats.mem_current_bytes))
        shown = partial("tiles", tiles(run, counts_of(dataset, queue), usual[0]))
        if dataset:
            for place in ("items", "output-count"):
                shown += partial(place, fmt.count(dataset.item_count))
        if queue:
            shown += partial("left", fmt.count(queue.pending_request_count))
        drawn = charts(run, list(samples))
        feed.put("status", run.status, bind(_status, run.status))
        feed.put("tiles", shown, lambda _: message(shown))
        feed.put("charts", drawn, lambda _: message(partial("charts", drawn)))
        feed.put("said", run.status_message, bind(_said, run))
        return run.is_terminal

    return look


def _build_parts(api: AsyncApi, build_id: str, feed: Feed) -> Look:
    async def look() -> bool:
        build = await api.run(get_build(build_id))
        feed.put("status", build.status, bind(_status, build.status))
        return build.is_terminal

    return look


def _status(status: str, view: View) -> str:
    """A page that shows an earlier status loads its head again; one that shows a later status
    knows more than the last look did."""
    is_newer = STAGES.get(status, 9) >= STAGES.get(view.shown, 0) and status != view.shown
    return event("status", status) if is_newer else ""


def _said(run: Run, view: View) -> str:
    return message(partial("said", run.status_message or ""))


async def download_log(request: StreamRequest) -> bool:
    """The whole log as it is now."""
    work_id = request.ids[0]
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{work_id}.log"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }

    async def chunks() -> AsyncGenerator[bytes, None]:
        async with request.api.stream(get_log(work_id)) as answer:
            async for chunk in answer.chunks:
                yield chunk

    await send_file(request.receive, request.send, chunks(), lambda: headers)
    return True


async def list_events(request: StreamRequest) -> bool:
    """Tells lists and Home to load their rows again when some run has changed."""
    visitor = request.visitor
    feed = hub.feed(
        ("list", visitor.workspace.id), bind(_begin_list, request.api, visitor.workspace.id)
    )
    view = View(visitor.zone, visitor.role, request.query.get("shown", "")[:20])
    mine = work_feed(visitor)
    await watch(feed, visitor, view, request.receive, request.send, after=None, beside=mine)
    return True


async def work_events(request: StreamRequest) -> bool:
    """For pages without a stream of their own."""
    visitor = request.visitor
    view = View(visitor.zone, visitor.role, request.query.get("shown", "")[:20])
    feed = work_feed(visitor)
    await watch(feed, visitor, view, request.receive, request.send, after=None)
    return True


def _begin_list(api: AsyncApi, workspace_id: int, feed: Feed) -> None:
    hint = asyncio.Event()
    feed.spawn(channel.hear(workspace_id, lambda _: hint.set()))
    feed.spawn(_look_at_list(feed, api, hint))


async def _look_at_list(feed: Feed, api: AsyncApi, hint: asyncio.Event) -> None:
    missed = 0
    while True:
        pause = IDLE_LOOK
        try:
            page, missed = await api.run(list_runs(limit=LISTED, desc=True)), 0
        except ApiError as error:
            page = None
            missed += is_outage(error)
        tell_of_outage(feed, missed)
        if page is not None:
            shown = tuple((run.id, run.status, run.status_message) for run in page.items)
            feed.put("rows", shown, bind(_rows, int(time.time() * 1000)))
            if any(not run.is_terminal for run in page.items):
                pause = LOOK
        hint.clear()
        try:
            await asyncio.wait_for(hint.wait(), pause)
        except TimeoutError:
            continue


def _rows(changed_ms: int, view: View) -> str:
    """Only for pages made before the change was seen."""
    made = int(view.shown) if view.shown.isdecimal() else 0
    return event("rows") if changed_ms > made else ""
