"""What an account has used in the month and uses now (semantics.md rule 272)."""

import time
from datetime import datetime
from typing import Any

from django.db.models import FloatField, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from apps.platform.domain import prices
from apps.platform.domain.statuses import ACTIVE
from apps.platform.models import Actor, Build, Run, Schedule, Task

REMEMBERED = 10.0  # seconds for which a month's sum is kept
OCCUPYING = ACTIVE - {"READY"}

_sums: dict[tuple[str, datetime], tuple[dict[str, float], float]] = {}


def month(user_id: str, since: datetime) -> dict[str, float]:
    """Service -> quantity over all runs and builds started at or after `since`."""
    usage, until = _sums.get((user_id, since), ({}, 0.0))
    if until > time.monotonic():
        return usage
    usage = dict.fromkeys(prices.UNIT_USD, 0.0)
    for model in (Run, Build):
        rows = model._default_manager.filter(user_id=user_id, started_at__gte=since)
        for name, amount in rows.aggregate(
            **{name: _sum_of(name) for name in prices.UNIT_USD}
        ).items():
            usage[name] += amount or 0.0
    if len(_sums) > 1000:  # noqa: PLR2004 - a bound on memory, nothing more
        _sums.clear()
    _sums[user_id, since] = (usage, time.monotonic() + REMEMBERED)
    return usage


def _sum_of(service: str) -> Sum:
    return Sum(Cast(KeyTextTransform(service, "usage"), FloatField()))


def current(user_id: str, *, since: datetime) -> dict[str, Any]:
    usage = month(user_id, since)
    runs = Run.objects.filter(user_id=user_id, status__in=ACTIVE)
    memory = sum(
        options.get("memoryMbytes", 0)
        for options in runs.filter(status__in=OCCUPYING).values_list("options", flat=True)
    )
    builds = Build.objects.filter(user_id=user_id, status__in=ACTIVE)
    return {
        "monthlyUsageUsd": prices.total_dollars(usage),
        "monthlyActorComputeUnits": usage["ACTOR_COMPUTE_UNITS"],
        "monthlyExternalDataTransferGbytes": usage["DATA_TRANSFER_EXTERNAL_GBYTES"],
        "monthlyProxySerps": int(usage["PROXY_SERPS"]),
        "monthlyResidentialProxyGbytes": usage["PROXY_RESIDENTIAL_TRANSFER_GBYTES"],
        "actorMemoryGbytes": memory / 1024,
        "actorCount": Actor.objects.filter(user_id=user_id).count(),
        "actorTaskCount": Task.objects.filter(user_id=user_id).count(),
        "activeActorJobCount": runs.count() + builds.count(),
        "teamAccountSeatCount": 1,
        "scheduleCount": Schedule.objects.filter(user_id=user_id).count(),
    }
