"""Schedules: /v2/schedules (endpoints 100-105)."""

from typing import Any

import msgspec

from console.api.calls import JSON, Call, params, path
from console.api.models.base import Page
from console.api.models.schedules import Invocation, Schedule
from console.api.reading import data, nothing


def list_schedules(
    *, offset: int = 0, limit: int = 100, desc: bool = False
) -> Call[Page[Schedule]]:
    return Call(
        "GET",
        "/v2/schedules",
        data(Page[Schedule]),
        params(offset=offset, limit=limit, desc=desc),
    )


def create_schedule(fields: dict[str, Any]) -> Call[Schedule]:
    """Names as the API spells them."""
    return Call(
        "POST",
        "/v2/schedules",
        data(Schedule),
        body=msgspec.json.encode(fields),
        content_type=JSON,
    )


def get_schedule(schedule_id: str) -> Call[Schedule]:
    return Call("GET", path("/v2/schedules/{}", schedule_id), data(Schedule))


def update_schedule(schedule_id: str, changes: dict[str, Any]) -> Call[Schedule]:
    """Properties left out keep their value (rule 253)."""
    return Call(
        "PUT",
        path("/v2/schedules/{}", schedule_id),
        data(Schedule),
        body=msgspec.json.encode(changes),
        content_type=JSON,
    )


def delete_schedule(schedule_id: str) -> Call[None]:
    return Call("DELETE", path("/v2/schedules/{}", schedule_id), nothing)


def schedule_log(schedule_id: str) -> Call[list[Invocation]]:
    """The newest 1,000 invocations at most."""
    return Call("GET", path("/v2/schedules/{}/log", schedule_id), data(list[Invocation]))
