"""Starting runs: what the caller asks for, from where (semantics.md rules 88-95, 145-147)."""

import base64
from typing import Any

from apps.platform.api import actor_fields, webhooks
from apps.platform.api.actors import find_actor
from apps.platform.api.finding import find_task
from apps.platform.domain.errors import ApiError, invalid_value, token_missing
from apps.platform.engine import run_start, tasks
from apps.platform.http import json
from apps.platform.http.request import ApiRequest
from apps.platform.models import Actor, Run, Webhook

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
    """The new run of the Actor or task in the path, with the body as its input."""
    wanted = _of_task(request) if "actorTaskId" in request.params else _of_actor(request)
    identity = request.identity
    ad_hoc = webhooks_of(request)
    if identity is None and (ad_hoc or not wanted["actor"].is_anonymously_runnable):
        raise token_missing()
    return run_start.create_run(
        identity_user_id=identity.user_id if identity else wanted["actor"].user_id,
        meta=meta_of(request),
        parent_run_id=identity.run_id if identity else "",
        webhooks=ad_hoc,
        **wanted,
    )


def _of_actor(request: ApiRequest) -> dict[str, Any]:
    actor = find_actor(request, request.params["actorId"])
    body, content_type = input_of(request)
    own = {"actor": actor, "input_body": body, "input_content_type": content_type}
    return _options_of(request) | own


def _of_task(request: ApiRequest) -> dict[str, Any]:
    """Rule 146: the body overrides properties of the task's input, so it must be an object."""
    task = find_task(request)
    if request.body.strip():
        request.json_object()
    return tasks.start_with(task, over=request.body.strip(), asked=_options_of(request))


def _options_of(request: ApiRequest) -> dict[str, Any]:
    return {
        "build_ref": request.query.text("build") or None,
        "timeout_secs": timeout_of(request),
        "memory_mbytes": request.query.integer("memory"),
        **extras_of(request),
    }


def extras_of(request: ApiRequest) -> dict[str, Any]:
    """maxItems (rule 93), maxTotalChargeUsd and restartOnError, of starts and resurrections."""
    return {
        "max_items": request.query.integer("maxItems", maximum=2**31 - 1) or None,
        "max_total_charge_usd": request.query.amount("maxTotalChargeUsd"),
        "restart_on_error": request.query.flag("restartOnError"),
    }


def webhooks_of(request: ApiRequest) -> list[Webhook]:
    """Rule 95: the parameter `webhooks`, a JSON array as Base64; rows that are not saved yet."""
    text = request.query.text("webhooks")
    if not text:
        return []
    plain = text.replace(" ", "+").replace("-", "+").replace("_", "/").rstrip("=")
    try:
        decoded = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
        given = json.decode(decoded)
    except (ValueError, ApiError):  # the sentence of decode would blame the body
        raise invalid_value("webhooks must be a JSON array encoded as Base64") from None
    if json.holds_nul(decoded):
        raise invalid_value("webhooks must not hold NUL characters")
    return webhooks.ad_hoc_of(given)


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
