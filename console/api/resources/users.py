"""Accounts: that of the token at /v2/users/me, others at /v2/users (endpoints 108-112)."""

from typing import Any

import msgspec

from console.api.calls import JSON, Call, params, path
from console.api.models.users import Limits, Me, MonthlyUsage, PublicUser
from console.api.reading import data, nothing


def get_public_user(username: str) -> Call[PublicUser]:
    """By username or id."""
    return Call("GET", path("/v2/users/{}", username), data(PublicUser))


def get_me() -> Call[Me]:
    return Call("GET", "/v2/users/me", data(Me))


def get_limits() -> Call[Limits]:
    return Call("GET", "/v2/users/me/limits", data(Limits))


def get_monthly_usage(date: str | None = None) -> Call[MonthlyUsage]:
    """Of the cycle that holds `date` (YYYY-MM-DD), else of the present one (rule 271)."""
    return Call("GET", "/v2/users/me/usage/monthly", data(MonthlyUsage), params(date=date))


def update_limits(changes: dict[str, Any]) -> Call[None]:
    """`maxMonthlyUsageUsd` and `dataRetentionDays`; what is left out stays (rule 273)."""
    body = msgspec.json.encode(changes)
    return Call("PUT", "/v2/users/me/limits", nothing, body=body, content_type=JSON)
