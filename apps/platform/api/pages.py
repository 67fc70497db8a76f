"""Pages of runs and builds straight from SQL: the Console asks for them all the time.

Columns come as the database keeps them; `stamp` and `raw` turn them into the API's JSON.
"""

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from django.db import connections

from apps.platform.domain.errors import invalid_value
from apps.platform.domain.prices import total_dollars
from apps.platform.domain.statuses import ALL
from apps.platform.http.params import Page
from apps.platform.http.request import ApiRequest

MANY = 10_000  # above it a count may be a second old
REMEMBERED = 1.0

_counts: dict[tuple[Any, ...], tuple[int, float]] = {}
_decode = msgspec.json.Decoder(dict[str, float]).decode


@dataclass
class Filters:
    """Conditions joined by AND."""

    conditions: list[str]
    values: list[Any] = field(default_factory=list)

    def add(self, condition: str, *values: Any) -> None:
        self.conditions.append(condition)
        self.values.extend(values)

    @property
    def sql(self) -> str:
        return " AND ".join(self.conditions)


def filters_of(request: ApiRequest, column: str, value: str) -> Filters:
    """Rows whose `column` is `value`, with `status=A,B`, `startedAfter` and `startedBefore`.

    A word that is no status is left out, as if it had not been asked for (rule 18)."""
    found = Filters([f"{column} = %s"], [value])
    wanted = [status for status in request.query.names("status") if status in ALL]
    if wanted:
        found.add(f"status IN ({', '.join(['%s'] * len(wanted))})", *sorted(wanted))
    for name, sign in (("startedAfter", ">="), ("startedBefore", "<=")):
        text = request.query.text(name)
        if text:
            adapt = connections["platform"].ops.adapt_datetimefield_value
            found.add(f"started_at {sign} %s", adapt(_moment(name, text)))
    return found


def _moment(name: str, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else datetime.fromisoformat(text + "+00:00")
    except ValueError:
        raise invalid_value(f"{name} must be a time such as 2026-01-31T12:00:00.000Z") from None


def select(
    table: str, columns: str, filters: Filters, page: Page
) -> tuple[list[tuple[Any, ...]], int]:
    """Rows in the order of startedAt (rule 45), and how many there are on all pages."""
    way = "DESC" if page.desc else "ASC"
    # only our own words are put into the text, what callers send are parameters
    query = (
        f"SELECT {columns} FROM {table} WHERE {filters.sql}"  # noqa: S608 - see the line above
        f" ORDER BY started_at {way}, id {way} LIMIT %s OFFSET %s"
    )
    with connections["platform"].cursor() as cursor:
        cursor.execute(query, [*filters.values, page.limit, page.offset])
        rows = cursor.fetchall()
    return rows, _count(table, filters)


def _count(table: str, filters: Filters) -> int:
    key = (table, filters.sql, *filters.values)
    known, until = _counts.get(key, (0, 0.0))
    if until > time.monotonic():
        return known
    with connections["platform"].cursor() as cursor:
        query = f"SELECT COUNT(*) FROM {table} WHERE {filters.sql}"  # noqa: S608 - our own words
        cursor.execute(query, filters.values)
        found: int = cursor.fetchone()[0]
    if found > MANY:
        if len(_counts) > MANY:
            _counts.clear()
        _counts[key] = (found, time.monotonic() + REMEMBERED)
    return found


def stamp(moment: datetime | None) -> str | None:
    """Both databases give UTC, SQLite without saying so."""
    return f"{moment.isoformat(timespec='milliseconds')[:23]}Z" if moment else None


def raw(text: str) -> msgspec.Raw:
    """JSON that is already text."""
    return msgspec.Raw(text.encode())


def cost(usage: str) -> float:
    """usageTotalUsd of a column `usage`."""
    return total_dollars(_decode(usage)) if usage != "{}" else 0.0
