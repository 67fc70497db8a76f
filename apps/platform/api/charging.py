"""Charging of events by a run (endpoints.md, second list A)."""

from starlette.responses import Response

from apps.platform.api import fields
from apps.platform.api.finding import own_run
from apps.platform.domain.errors import ApiError
from apps.platform.domain.statuses import ACTIVE
from apps.platform.engine import charging
from apps.platform.http import envelope
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route

LONGEST_KEY = 255


def charge(request: ApiRequest) -> Response:
    run = own_run(request)
    body = fields.body_of(request)
    event = fields.text(body, "eventName", most=200)
    count = 1 if body.get("count") is None else fields.integer(body, "count", minimum=1)
    if run.status not in ACTIVE:
        raise ApiError(400, "run-not-running", f"A run that is {run.status} charges nothing")
    charging.charge(run, event, count, request.headers.get("idempotency-key", "")[:LONGEST_KEY])
    return envelope.data({}, 201)


ROUTES = [Route("POST", "/v2/actor-runs/{runId}/charge", charge, rate=200)]
