"""Builds (endpoints 17-20, 54-57, default build, openapi.json) and `validate-input`."""

from collections.abc import Callable
from typing import Any

from starlette.responses import Response

from apps.platform.api import access, pages, starting, waiting
from apps.platform.api.actors import find_actor, own_actor
from apps.platform.api.finding import find_build, own_build
from apps.platform.domain import input_schema
from apps.platform.domain.errors import invalid_request, invalid_value
from apps.platform.domain.names import is_build_tag
from apps.platform.domain.statuses import TERMINAL
from apps.platform.engine import builds as engine
from apps.platform.engine import input_secrets, options, shapes
from apps.platform.http import envelope, json
from apps.platform.http.envelope import Answer, Later
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route
from apps.platform.models import Build

COLUMNS = "id, actor_id, user_id, status, started_at, finished_at, build_number, meta, usage"


def list_builds(request: ApiRequest) -> Response:
    identity = access.refuse_run_token(request, "list of builds")
    return _list(request, pages.filters_of(request, "user_id", identity.user_id))


def list_actor_builds(request: ApiRequest) -> Response:
    access.refuse_run_token(request, "list of builds")
    actor = find_actor(request, request.params["actorId"])
    return _list(request, pages.filters_of(request, "actor_id", actor.id))


def _list(request: ApiRequest, filters: pages.Filters) -> Response:
    page = request.query.page()
    rows, total = pages.select("build", COLUMNS, filters, page)
    return envelope.listing([_short(row) for row in rows], total, page)


def _short(row: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "id": row[0],
        "actId": row[1],
        "userId": row[2],
        "status": row[3],
        "startedAt": pages.stamp(row[4]),
        "finishedAt": pages.stamp(row[5]),
        "buildNumber": row[6],
        "meta": pages.raw(row[7]),
        "usageTotalUsd": pages.cost(row[8]),
    }


def create_build(request: ApiRequest) -> Answer:
    actor = own_actor(request)
    seconds = waiting.seconds_of(request)
    version = request.query.text("version")
    tag = request.query.text("tag")
    if not version:
        raise invalid_value("version must name the version to build, as 0.1")
    if tag and not is_build_tag(tag):
        raise invalid_value("tag must be 1 to 64 letters, digits, dots, dashes or underscores")
    build = engine.create_build(
        actor=actor,
        version_number=version,
        tag=tag or None,
        use_cache=request.query.boolean("useCache"),
        beta_packages=request.query.boolean("betaPackages"),
        user_id=actor.user_id,
        meta=starting.meta_of(request),
    )
    location = f"{request.base_url}/v2/actor-builds/{build.id}"
    return _after(
        build, seconds, lambda: envelope.created(_shown(request, _again(build)), location)
    )


def get_build(request: ApiRequest) -> Answer:
    build = find_build(request)
    seconds = waiting.seconds_of(request)
    return _after(build, seconds, lambda: envelope.data(_shown(request, _again(build))))


def get_default_build(request: ApiRequest) -> Answer:
    build = _default_build(request, None)
    seconds = waiting.seconds_of(request)
    return _after(build, seconds, lambda: envelope.data(_shown(request, _again(build))))


def _default_build(request: ApiRequest, ref: str | None) -> Build:
    """What `ref`, a tag or number, names, else the Actor's default run options."""
    access.refuse_run_token(request, "build")
    actor = find_actor(request, request.params["actorId"])
    default = options.DEFAULTS | actor.default_run_options
    return options.find_build(actor, ref or str(default["build"]))


def _after(build: Build, seconds: int, answer: Callable[[], Response]) -> Answer:
    if not seconds or build.status in TERMINAL:
        return answer()
    return Later(lambda: waiting.builds.ended(build.id, seconds), answer)


def _again(build: Build) -> Build:
    return Build.objects.filter(id=build.id).first() or build


def abort_build(request: ApiRequest) -> Response:
    return envelope.data(_shown(request, engine.abort_build(own_build(request))))


def delete_build(request: ApiRequest) -> Response:
    engine.delete_build(own_build(request))
    return envelope.empty()


def validate_input(request: ApiRequest) -> Response:
    """200 when the body fits the input schema of the build; ApiError 400 `invalid-input`."""
    build = _default_build(request, request.query.text("build"))
    value = json.decode(request.body) if request.body.strip() else {}
    if not isinstance(value, dict):
        raise invalid_request("The input must be a JSON object")
    schema = build.input_schema
    filled = input_schema.with_defaults(schema, value)
    if request.identity:
        filled = input_secrets.opened(build, request.identity.user_id, filled)
    input_schema.check(schema, filled)
    return envelope.data({"valid": True})


def openapi(request: ApiRequest) -> Response:
    """An OpenAPI document of the ways to start this build, with its input schema."""
    return envelope.bare(_document(request, find_build(request)))


def openapi_of_default(request: ApiRequest) -> Response:
    return envelope.bare(_document(request, _default_build(request, None)))


def _document(request: ApiRequest, build: Build) -> dict[str, Any]:
    actor = build.actor
    schema = build.input_schema if isinstance(build.input_schema, dict) else {"type": "object"}
    ref = f"{actor.user.username}~{actor.name}"
    ways = ("runs", "run-sync", "run-sync-get-dataset-items")
    return {
        "openapi": "3.0.1",
        "info": {
            "title": actor.title or actor.name,
            "description": actor.description or "",
            "version": build.build_number,
        },
        "servers": [{"url": f"{request.base_url}/v2"}],
        "paths": {f"/acts/{ref}/{way}": {"post": _operation(way)} for way in ways},
        "components": {"schemas": {"inputSchema": schema}},
    }


def _operation(way: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/inputSchema"}
    token = {"name": "token", "in": "query", "required": True, "schema": {"type": "string"}}
    return {
        "operationId": way,
        "parameters": [token],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"201": {"description": "Created"}},
    }


def _shown(request: ApiRequest, build: Build) -> dict[str, Any]:
    identity = request.identity
    return shapes.build(build, priced=identity is not None and identity.user_id == build.user_id)


BUILD = "/v2/actor-builds/{buildId}"
ROUTES = [
    Route("GET", "/v2/actor-builds", list_builds),
    Route("GET", BUILD, get_build, auth="id"),
    Route("DELETE", BUILD, delete_build),
    Route("POST", BUILD + "/abort", abort_build),
    Route("GET", BUILD + "/openapi.json", openapi, auth="id"),
]

ACTOR_BUILDS = "/v2/acts/{actorId}/builds"
ACTOR_BUILD = ACTOR_BUILDS + "/{buildId}"
ACTOR_ROUTES = [
    Route("GET", ACTOR_BUILDS, list_actor_builds),
    Route("POST", ACTOR_BUILDS, create_build),
    Route("GET", ACTOR_BUILDS + "/default", get_default_build),
    Route("GET", ACTOR_BUILDS + "/default/openapi.json", openapi_of_default),
    Route("GET", ACTOR_BUILD, get_build, auth="id"),
    Route("POST", ACTOR_BUILD + "/abort", abort_build),
    Route("GET", ACTOR_BUILD + "/openapi.json", openapi, auth="id"),
    Route("POST", "/v2/acts/{actorId}/validate-input", validate_input),
]
