"""The only place where the Platform reads the clock."""

from datetime import UTC, datetime


def now() -> datetime:
    """The time in UTC, cut to milliseconds as the API prints it."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def iso(moment: datetime) -> str:
    """`2019-07-08T11:27:57.401Z` (semantics.md rule 19)."""
    return f"{moment.astimezone(UTC).isoformat(timespec='milliseconds')[:23]}Z"


def iso_or_none(moment: datetime | None) -> str | None:
    return iso(moment) if moment else None
