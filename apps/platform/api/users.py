"""Accounts (endpoints 108, 109; semantics.md rules 266-269)."""

from typing import Any

from starlette.responses import Response

from apps.platform.api import refs
from apps.platform.domain import limits
from apps.platform.domain.clock import iso
from apps.platform.domain.names import PROFILE
from apps.platform.http import envelope
from apps.platform.http.request import ApiRequest
from apps.platform.http.routing import Route
from apps.platform.models import User

FEATURES = (
    "ACTORS",
    "STORAGE",
    "SCHEDULER",
    "WEBHOOKS",
    "ACTORS_PUBLIC_ALL",
    "ACTORS_PUBLIC_DEVELOPER",
)
OTHER_FEATURES = ("PROXY", "PROXY_EXTERNAL_ACCESS", "PROXY_RESIDENTIAL", "PROXY_SERPS")


def me(request: ApiRequest) -> Response:
    identity = request.require_identity()
    user = User.objects.get(id=identity.user_id)
    reduced = {
        "id": user.id,
        "username": user.username,
        "proxy": {"password": user.proxy_password, "groups": []},
    }
    if identity.run_id:
        return envelope.data(reduced)
    return envelope.data(
        reduced
        | {
            "profile": _profile(user),
            "email": user.email or None,
            "plan": _plan(user),
            "effectivePlatformFeatures": _features(),
            "createdAt": iso(user.created_at),
            "isPaying": True,
        }
    )


def public_user(request: ApiRequest) -> Response:
    ref = request.params["userId"]
    user = User.objects.filter(username=ref).first() or User.objects.filter(id=ref).first()
    if user is None:
        raise refs.missing("User", ref)
    return envelope.data({"id": user.id, "username": user.username, "profile": _profile(user)})


def _profile(user: User) -> dict[str, Any]:
    return {name: user.profile[name] for name in PROFILE if user.profile.get(name) is not None}


def _features() -> dict[str, Any]:
    on = {
        "isEnabled": True,
        "disabledReason": None,
        "disabledReasonType": None,
        "isTrial": False,
        "trialExpirationAt": None,
    }
    off = on | {
        "isEnabled": False,
        "disabledReason": "This Platform does not have it",
        "disabledReasonType": "DISABLED",
    }
    return dict.fromkeys(FEATURES, on) | dict.fromkeys(OTHER_FEATURES, off)


def _plan(user: User) -> dict[str, Any]:
    most = limits.of(user.limits)
    return {
        "id": "SELF_HOSTED",
        "description": "A Platform of one's own",
        "isEnabled": True,
        "monthlyBasePriceUsd": 0,
        "monthlyUsageCreditsUsd": 0,
        "usageDiscountPercent": 0,
        "enabledPlatformFeatures": list(FEATURES),
        "maxMonthlyUsageUsd": most["maxMonthlyUsageUsd"],
        "maxActorMemoryGbytes": most["maxActorMemoryGbytes"],
        "maxMonthlyActorComputeUnits": most["maxMonthlyActorComputeUnits"],
        "maxMonthlyResidentialProxyGbytes": 0,
        "maxMonthlyProxySerps": 0,
        "maxMonthlyExternalDataTransferGbytes": most["maxMonthlyExternalDataTransferGbytes"],
        "maxActorCount": most["maxActorCount"],
        "maxActorTaskCount": most["maxActorTaskCount"],
        "dataRetentionDays": most["dataRetentionDays"],
        "availableProxyGroups": {},
        "teamAccountSeatCount": most["maxTeamAccountSeatCount"],
        "supportLevel": "COMMUNITY",
        "availableAddOns": [],
        "tier": "FREE",
        "apiRateLimitBoosts": 0,
        "maxScheduleCount": most["maxScheduleCount"],
        "maxConcurrentActorRuns": most["maxConcurrentActorJobs"],
        "planPricing": None,
    }


ROUTES = [
    Route("GET", "/v2/users/me", me),
    Route("GET", "/v2/users/{userId}", public_user, auth="none"),
]
