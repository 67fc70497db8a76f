"""Statements of the hot path by hand: the ORM takes longer to write one than to run it."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connections, models


def insert(*rows: models.Model) -> None:
    """New rows, each with all its columns but one that counts itself, in the order given."""
    connection = connections["platform"]
    with connection.cursor() as cursor:
        for row in rows:
            statement, fields = _insertion(type(row))
            values = [
                each.get_db_prep_save(each.pre_save(row, True), connection) for each in fields
            ]
            cursor.execute(statement, values)
            row._state.adding, row._state.db = False, "platform"


@cache
def _insertion(model: type[models.Model]) -> tuple[str, list[Any]]:
    fields = [each for each in model._meta.concrete_fields if each is not model._meta.auto_field]
    quote = connections["platform"].ops.quote_name
    names = ", ".join(quote(str(each.column)) for each in fields)
    marks = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})", fields  # noqa: S608 - our own words


def execute(statement: str, *values: Sequence[Any]) -> None:
    """The statement once for each of `values`."""
    with connections["platform"].cursor() as cursor:
        cursor.executemany(statement, values)


def one(statement: str, values: Sequence[Any]) -> Any:
    """The first row that the statement finds, or None."""
    with connections["platform"].cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()
