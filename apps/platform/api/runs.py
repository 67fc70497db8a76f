"""Runs (endpoints 21, 22, 27-31, 46-53, those of tasks and the verbs of runs/last)."""

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from apps.platform.api import access, fields, pages, starting, waiting
from apps.platform.api.actors import find_actor
from apps.platform.api.finding import find_run, own_run
from apps.platform.api.refs import missing
from apps.platform.domain.errors import insufficient_permissions, invalid_value
from apps.platform.domain.statuses import TERMINAL
from apps.platform.engine import runs as engine
from apps.platform.engine import shapes
from apps.platform.http import envelope
from apps.platform.http.envelope import Answer, Later
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route
from apps.platform.models import Actor, Run

COLUMNS = (
    "id, actor_id, user_id, task_id, status, started_at, finished_at, build_id, build_number,"
    " meta, usage, key_value_store_id, dataset_id, request_queue_id, status_message"
)
ACCESSES = (
    "FOLLOW_USER_SETTING",
    "ANYONE_WITH_ID_CAN_READ",
    "ANYONE_WITH_NAME_CAN_READ",
    "RESTRICTED",
)


def list_runs(request: ApiRequest) -> Response:
    identity = access.refuse_run_token(request, "list of runs")
    return list_by(request, "user_id", identity.user_id)


def list_by(request: ApiRequest, column: str, value: str) -> Response:
    """A page of the runs whose `column` is `value`."""
    return _page(request, pages.filters_of(request, column, value))


def _page(request: ApiRequest, filters: pages.Filters) -> Response:
    page = request.query.page()
    rows, total = pages.select("run", COLUMNS, filters, page)
    return envelope.listing([_short(row) for row in rows], total, page)


def list_actor_runs(request: ApiRequest) -> Response:
    """The caller's own runs of the Actor, which may be someone else's public one."""
    identity = access.refuse_run_token(request, "list of runs")
    actor = find_actor(request, request.params["actorId"])
    filters = pages.filters_of(request, "actor_id", actor.id)
    if actor.is_public or actor.user_id != identity.user_id:
        filters.add("user_id = %s", identity.user_id)
    return _page(request, filters)


def _short(row: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "id": row[0],
        "actId": row[1],
        "userId": row[2],
        "actorTaskId": row[3] or None,
        "status": row[4],
        "statusMessage": row[14],
        "startedAt": pages.stamp(row[5]),
        "finishedAt": pages.stamp(row[6]),
        "buildId": row[7],
        "buildNumber": row[8],
        "meta": pages.raw(row[9]),
        "usageTotalUsd": pages.cost(row[10]),
        "defaultKeyValueStoreId": row[11],
        "defaultDatasetId": row[12],
        "defaultRequestQueueId": row[13],
    }


def start_run(request: ApiRequest) -> Answer:
    seconds = waiting.seconds_of(request)
    run = starting.start(request)
    location = f"{request.base_url}/v2/actor-runs/{run.id}"
    return _after(run, seconds, lambda: envelope.created(_shown(request, _again(run)), location))


def get_run(request: ApiRequest) -> Answer:
    run = find_run(request)
    seconds = waiting.seconds_of(request)
    return _after(run, seconds, lambda: envelope.data(_shown(request, _again(run))))


def _after(run: Run, seconds: int, answer: Callable[[], Response]) -> Answer:
    if not seconds or run.status in TERMINAL:
        return answer()
    return Later(lambda: waiting.runs.ended(run.id, seconds), answer)


def _again(run: Run) -> Run:
    return Run.objects.filter(id=run.id).first() or run


def update_run(request: ApiRequest) -> Response:
    """The status message (rules 121, 122) and generalAccess."""
    run = own_run(request)
    body = fields.body_of(request)
    values: dict[str, Any] = {}
    if "statusMessage" in body:
        values["status_message"] = fields.text_or_null(body, "statusMessage", most=10_000)
    if body.get("isStatusMessageTerminal") is not None:
        values["is_status_message_terminal"] = fields.boolean(body, "isStatusMessageTerminal")
    if body.get("generalAccess") is not None:
        _check_access(request, body["generalAccess"])
        values["general_access"] = body["generalAccess"]
    if values:
        Run.objects.filter(id=run.id).update(**values)
    return envelope.data(_shown(request, _again(run)))


def _check_access(request: ApiRequest, wanted: Any) -> None:
    if request.require_identity().run_id:
        raise insufficient_permissions("run")
    if wanted not in ACCESSES:
        raise invalid_value(f"generalAccess must be one of {', '.join(ACCESSES)}")


def delete_run(request: ApiRequest) -> Response:
    access.refuse_run_token(request, "run")
    engine.delete_run(own_run(request))
    return envelope.empty()


def abort_run(request: ApiRequest) -> Response:
    gracefully = request.query.boolean("gracefully")
    run = engine.abort_run(own_run(request), gracefully=gracefully)
    return envelope.data(_shown(request, run))


def reboot_run(request: ApiRequest) -> Response:
    return envelope.data(_shown(request, engine.reboot_run(own_run(request))))


def metamorph_run(request: ApiRequest) -> Response:
    run = own_run(request)
    body, content_type = starting.input_of(request)
    changed = engine.metamorph_run(
        run,
        target=starting.target_of(request),
        build_ref=request.query.text("build") or None,
        input_body=body,
        input_content_type=content_type,
    )
    return envelope.data(_shown(request, changed))


def resurrect_run(request: ApiRequest) -> Response:
    access.refuse_run_token(request, "run")
    run = own_run(request)
    if not Actor.objects.filter(id=run.actor_id).exists():
        raise missing("Actor", run.actor_id)
    run = engine.resurrect_run(
        run,
        build_ref=request.query.text("build") or None,
        timeout_secs=starting.timeout_of(request),
        memory_mbytes=request.query.integer("memory"),
        **starting.extras_of(request),
    )
    return envelope.data(_shown(request, run))


def _shown(request: ApiRequest, run: Run) -> dict[str, Any]:
    identity = request.identity
    return shapes.run(run, priced=identity is not None and identity.user_id == run.user_id)


RUN = "/v2/actor-runs/{runId}"
ROUTES = [
    Route("GET", "/v2/actor-runs", list_runs),
    Route("GET", RUN, get_run, auth="id"),
    Route("PUT", RUN, update_run),
    Route("DELETE", RUN, delete_run),
    Route("POST", RUN + "/abort", abort_run),
    Route("POST", RUN + "/metamorph", metamorph_run, rate=200),
    Route("POST", RUN + "/reboot", reboot_run),
    Route("POST", RUN + "/resurrect", resurrect_run),
]

ACTOR_RUNS = "/v2/acts/{actorId}/runs"
ACTOR_RUN = ACTOR_RUNS + "/{runId}"


def last_routes(root: str) -> list[Route]:
    """The last run of an Actor or a task, and its verbs."""
    return [
        Route("GET", root, get_run),
        Route("POST", root + "/abort", abort_run),
        Route("POST", root + "/metamorph", metamorph_run, rate=200),
        Route("POST", root + "/reboot", reboot_run),
    ]


ACTOR_ROUTES = [
    Route("GET", ACTOR_RUNS, list_actor_runs),
    Route("POST", ACTOR_RUNS, start_run, auth="id", rate=200),
    Route("GET", ACTOR_RUN, get_run, auth="id"),
    Route("POST", ACTOR_RUN + "/abort", abort_run),
    Route("POST", ACTOR_RUN + "/metamorph", metamorph_run, rate=200),
    Route("POST", ACTOR_RUN + "/resurrect", resurrect_run),
    *last_routes(ACTOR_RUNS + "/last"),
]
