"""What the Console says will fire is what the Platform fires, though they share no code."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from apps.platform.domain.cron import upcoming
from apps.schedules import cron

ZONES = (
    "UTC",
    "Europe/Prague",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Sao_Paulo",
)
EXPRESSIONS = (
    "30 2 * * *",
    "15,45 1-3 * * *",
    "*/20 2 * * *",
    "0 * * * *",
    "5 */2 * * *",
    "20 30 2 * * *",
    "*/15 30 1 * * *",
    "0 0 13 * 5",
    "0 12 L * *",
    "@weekly",
)
DAYS = (
    datetime(2026, 10, 24, 20, tzinfo=UTC),
    datetime(2026, 10, 31, 20, tzinfo=UTC),
    datetime(2027, 3, 13, 20, tzinfo=UTC),
    datetime(2027, 3, 27, 20, tzinfo=UTC),
    datetime(2027, 4, 3, 10, tzinfo=UTC),
    datetime(2026, 10, 3, 10, tzinfo=UTC),
)


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_rule_251_the_preview_is_what_fires(zone: str, expression: str) -> None:
    for day in DAYS:
        for after in (day, day + timedelta(hours=5, minutes=7)):
            fires = list(islice(upcoming(expression, zone, after), 12))
            said = cron.firings(expression, ZoneInfo(zone), after, 12)
            assert [each.at.astimezone(UTC) for each in said] == fires
