"""Whether an account may have one more of something (semantics.md rule 272).

Called in the transaction that makes the thing: the account's row is locked until it is over, so
that two callers at once cannot both take the last place.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from apps.platform.domain import limits, prices, statuses
from apps.platform.domain.clock import now
from apps.platform.domain.errors import ApiError
from apps.platform.models import User
from apps.platform.storage import ledger, rows

# model -> (limit, the API's word, noun)
COUNTED = {
    "actor": ("maxActorCount", "too-many-actors", "Actors"),
    "task": ("maxActorTaskCount", "too-many-actor-tasks", "Actor tasks"),
    "schedule": ("maxScheduleCount", "too-many-schedules", "schedules"),
    "webhook": ("maxWebhookCount", "too-many-webhooks", "webhooks"),
}

CENT = 0.01

# by hand: each start of a run asks this, and the ORM takes longer to write it than to ask it
_OF_ACCOUNT = "WHERE user_id = %s AND status IN (%s, %s, %s, %s)"
ACTIVE_JOBS = (
    "SELECT COUNT(*), COALESCE(SUM(CAST(options ->> 'memoryMbytes' AS INTEGER)), 0) FROM ("  # noqa: S608 - our own words
    f"SELECT options FROM run {_OF_ACCOUNT} UNION ALL SELECT options FROM build {_OF_ACCOUNT}"
    ") AS active"
)


def check_count(user_id: str, found: QuerySet[Any]) -> None:
    """ApiError 402 when `found`, what the account has of a kind, are as many as it may have."""
    limit, kind, noun = COUNTED[found.model._meta.model_name or ""]
    most = limits_of(user_id)[limit]
    if found.count() >= most:
        raise ApiError(
            402, kind, f"The account may have at most {most} {noun}. Delete some you do not need."
        )


@dataclass
class Standing:
    """What an account may use and uses, true as long as its row is locked."""

    allowed: dict[str, Any]
    jobs: int  # runs and builds that go on
    memory: int  # megabytes that these asked for
    month: dict[str, float]  # service -> quantity

    def check_job(self, memory_mbytes: int) -> None:
        """ApiError 402 or 403 when one more run or build would exceed memory, number or dollars."""
        _check_jobs(self.jobs, self.allowed["maxConcurrentActorJobs"])
        _check_memory(self.memory, memory_mbytes, self.allowed["maxActorMemoryGbytes"])
        _check_month(self.month, self.allowed)

    def add(self, memory_mbytes: int) -> None:
        """One more has begun."""
        self.jobs, self.memory = self.jobs + 1, self.memory + memory_mbytes


def standing(user_id: str) -> Standing:
    """As of now; locks the account's row."""
    allowed = limits_of(user_id)
    jobs, memory = rows.one(ACTIVE_JOBS, [user_id, *sorted(statuses.ACTIVE)] * 2)
    first, last = limits.month_of(now())
    month = ledger.summed(ledger.days(user_id, first.date(), last.date()).values())
    return Standing(allowed, jobs, memory, month)


def limits_of(user_id: str) -> dict[str, Any]:
    stored = User.objects.select_for_update().values_list("limits", flat=True).get(id=user_id)
    return limits.of(stored)


def _check_jobs(number: int, most: int) -> None:
    if number >= most:
        raise ApiError(
            402,
            "concurrent-runs-limit-exceeded",
            f"At most {most} Actor runs and builds may go on at once. Wait until some end.",
        )


def _check_memory(used: int, asked: int, most_gbytes: float) -> None:
    if used + asked > most_gbytes * 1024:
        raise ApiError(
            402,
            "actor-memory-limit-exceeded",
            f"By launching this job you would exceed the memory limit of {most_gbytes:g} GB for "
            f"all your Actor runs and builds. They use {used / 1024:g} GB, this one asks for "
            f"{asked / 1024:g} GB.",
        )


def _check_month(used: dict[str, float], allowed: dict[str, Any]) -> None:
    spent, most = prices.total_dollars(used), allowed["maxMonthlyUsageUsd"]
    if spent >= most:
        raise ApiError(
            403,
            "platform-feature-disabled",
            f"Monthly usage hard limit exceeded: {_dollars(spent)} of {_dollars(most)} are spent. "
            "Raise the limit, or wait until the next month.",
        )
    units = allowed["maxMonthlyActorComputeUnits"]
    if used.get("ACTOR_COMPUTE_UNITS", 0) >= units:
        raise ApiError(
            403,
            "platform-feature-disabled",
            f"Monthly usage hard limit exceeded: all {units:g} compute units are used. Wait until "
            "the next month.",
        )


def _dollars(amount: float) -> str:
    """Cents, and below a cent what there is: $1,234.50, $0.0031."""
    return f"${amount:,.2f}" if amount >= CENT or not amount else f"${amount:.2g}"
