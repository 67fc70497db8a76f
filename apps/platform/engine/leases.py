"""Who works on a row: claimed by compare-and-set, kept by a lease, fenced by a number.

Source: reliability-security.md section 4.1, rule 2. A lease that was never written counts as over.
"""

import os
import secrets
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import psutil
from django.db.models import F, Q, QuerySet

from apps.platform.domain import statuses
from apps.platform.domain.clock import now
from apps.platform.models import Build, Run
from apps.platform.models.work import Work
from apps.platform.storage import ledger

LEASE = timedelta(seconds=15)

Kind = type[Run] | type[Build]


def new_owner() -> str:
    """A name for this process: where its pid means something, the pid, something unique."""
    return f"{_place()}:{os.getpid()}:{secrets.token_hex(4)}"


@cache
def _place() -> str:
    """One boot of one pid namespace; elsewhere a pid says nothing."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:13]
        return f"{boot}{os.stat('/proc/self/ns/pid').st_ino}"  # noqa: PTH116 - no file to pathlib
    except OSError:
        return secrets.token_hex(8)


def free_those_of_the_dead(kind: Kind) -> None:
    """Ends the leases of runners that surely live no more, so that nobody waits for them."""
    mine = kind._default_manager.filter(
        status__in=statuses.ACTIVE, owner__startswith=f"{_place()}:", lease_until__isnull=False
    )
    for owner in set(mine.values_list("owner", flat=True)):
        if is_dead(owner):
            mine.filter(owner=owner).update(lease_until=None)


def is_dead(owner: str) -> bool:
    """Whether the process surely lives no more; of other machines nobody knows."""
    here = owner.startswith(f"{_place()}:")
    return here and not psutil.pid_exists(int(owner.split(":")[1]))


def claim(kind: Kind, work_id: str, owner: str) -> Any | None:
    """The row, now of `owner` with a new fence; None when somebody else has it or it ended."""
    moment = now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=moment)
    claimed = (
        kind._default_manager.filter(id=work_id, status__in=statuses.ACTIVE)
        .filter(free)
        .update(
            owner=owner,
            fence=F("fence") + 1,
            attempt=F("attempt") + 1,
            lease_until=moment + LEASE,
        )
    )
    return kind._default_manager.get(id=work_id) if claimed else None


def waiting(kind: Kind) -> QuerySet[Any]:
    """Active rows that nobody holds, oldest first."""
    moment = now()
    return (
        kind._default_manager.filter(status__in=statuses.ACTIVE)
        .filter(Q(lease_until__isnull=True) | Q(lease_until__lt=moment))
        .order_by("created_at")
    )


def renew(kind: Kind, owner: str, held: list[str]) -> set[str]:
    """Prolongs the leases of `held`; those that `owner` still has. What nobody works on any
    more is not in `held`, so that its lease ends."""
    mine = kind._default_manager.filter(id__in=held, owner=owner, status__in=statuses.ACTIVE)
    mine.update(lease_until=now() + LEASE)
    return set(mine.values_list("id", flat=True))


def wishes(kind: Kind, owner: str) -> dict[str, str]:
    """What is asked of the rows of `owner`, by id."""
    mine = kind._default_manager.filter(owner=owner, status__in=statuses.ACTIVE).exclude(asked="")
    return dict(mine.values_list("id", "asked"))


def write(work: Work, within: frozenset[str] = statuses.ALL, **values: Any) -> bool:
    """Writes to the row unless another runner took it over meanwhile, or somebody gave it a
    status that is not `within`. Usage is booked."""
    kind: Any = type(work)
    mine = kind._default_manager.filter(id=work.id, fence=work.fence, status__in=within)
    written = ledger.write(mine, **values) if "usage" in values else mine.update(**values)
    for name, value in values.items():
        setattr(work, name, value)
    return bool(written)


def release(work: Work) -> bool:
    """Gives the row back, so that the next runner can take it at once."""
    return write(work, owner="", lease_until=None)
