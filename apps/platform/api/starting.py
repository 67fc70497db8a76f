"""Starting runs: what the caller asks for, from where (semantics.md rules 88-94)."""

from typing import Any

from apps.platform.api import actor_fields
from apps.platform.api.actors import find_actor
from apps.platform.domain.errors import invalid_value, token_missing
from apps.platform.engine import runs as engine
from apps.platform.http import json
from apps.platform.http.request import ApiRequest
from apps.platform.models import Actor, Run

ORIGINS = frozenset(
    {
        "DEVELOPMENT",
        "WEB",
        "API",
        "SCHEDULER",
        "TEST",
        "WEBHOOK",
        "ACTOR",
        "CLI",
        "STANDBY",
        "CI",
        "MCP",
    }
)


def start(request: ApiRequest) -> Run:
    """The new run of the Actor in the path, with the body as its input."""
    actor = find_actor(request, request.params["actorId"])
    body, content_type = input_of(request)
    identity = request.identity
    if identity is None and not actor.is_anonymously_runnable:
        raise token_missing()
    return engine.create_run(
        actor=actor,
        identity_user_id=identity.user_id if identity else actor.user_id,
        build_ref=request.query.text("build") or None,
        timeout_secs=timeout_of(request),
        memory_mbytes=request.query.integer("memory"),
        max_items=request.query.integer("maxItems", maximum=2**31 - 1) or None,
        input_body=body,
        input_content_type=content_type,
        meta=meta_of(request),
        parent_run_id=identity.run_id if identity else "",
    )


def timeout_of(request: ApiRequest) -> int | None:
    return request.query.integer("timeout", maximum=actor_fields.LONGEST_TIMEOUT)


def input_of(request: ApiRequest) -> tuple[bytes | None, str | None]:
    """Rule 89: the body with its type. JSON that is none is refused here, before any run."""
    if not request.body:
        return None, None
    content_type = request.content_type or "application/json"
    if content_type.partition(";")[0].strip().lower() == "application/json":
        json.decode(request.body)
    return request.body, content_type


def meta_of(request: ApiRequest) -> dict[str, Any]:
    said = request.headers.get("x-apify-request-origin", "").upper()
    from_run = request.identity is not None and bool(request.identity.run_id)
    return {
        "origin": said if said in ORIGINS else "ACTOR" if from_run else "API",
        "clientIp": request.client_ip or None,
        "userAgent": request.user_agent[:500] or None,
    }


def target_of(request: ApiRequest) -> Actor:
    """The Actor a run turns into (rule 108)."""
    ref = request.query.text("targetActorId")
    if not ref:
        raise invalid_value("targetActorId must name an Actor")
    return find_actor(request, ref)
