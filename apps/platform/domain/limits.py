"""What an account may use, and the month it is counted in (endpoint 111)."""

from datetime import datetime, timedelta
from typing import Any

DEFAULTS: dict[str, Any] = {
    "maxMonthlyUsageUsd": 1_000_000.0,
    "maxMonthlyActorComputeUnits": 1_000_000.0,
    "maxMonthlyExternalDataTransferGbytes": 1_000_000.0,
    "maxMonthlyProxySerps": 0,
    "maxMonthlyResidentialProxyGbytes": 0.0,
    "maxActorMemoryGbytes": 64.0,
    "maxActorCount": 10_000,
    "maxActorTaskCount": 10_000,
    "maxConcurrentActorJobs": 1_000,
    "maxTeamAccountSeatCount": 100,
    "dataRetentionDays": 30,
    "maxScheduleCount": 1_000,
    "maxWebhookCount": 100,
}

HIGHEST = 1_000_000_000  # any of them
RUN_MEMORY_MBYTES = (128, 32_768)  # and a power of two (semantics.md rule 92)
MOST_METAMORPHS = 10
LONGEST_WAIT = 60  # seconds of waitForFinish (rule 80)


def of(stored: dict[str, Any]) -> dict[str, Any]:
    """All limits; `stored` holds those of the account that differ."""
    return DEFAULTS | {name: value for name, value in stored.items() if name in DEFAULTS}


def month_of(moment: datetime) -> tuple[datetime, datetime]:
    """First and last millisecond of the calendar month in UTC."""
    start = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (start + timedelta(days=32)).replace(day=1)
    return start, following - timedelta(milliseconds=1)
