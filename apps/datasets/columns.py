"""Columns that a person chose: kept for all datasets of the same Actor."""

import json
import re
from typing import Final, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import urlencode

from apps.datasets.models import ChosenColumns
from console.request import ConsoleRequest, needs
from console.ui.actions import act
from console.ui.table import LISTED_COLUMNS

ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
LONGEST_NAME: Final = 500
MOST_KEPT: Final = 500
CHOSEN: Final = (
    "SELECT fields, hidden FROM datasets_chosencolumns"
    ' WHERE user_id = %s AND workspace_id = %s AND "of" = %s'
)


class Chosen(NamedTuple):
    fields: list[str]
    hidden: bool = False


def chosen(request: ConsoleRequest, of: str) -> Chosen:
    """What the address says, else what was chosen before; nothing chosen means every column."""
    if "fields" in request.GET or "hidden" in request.GET:
        named = [name for text in request.GET.getlist("fields") for name in text.split(",")]
        return Chosen([name for name in named if name], request.GET.get("hidden") == "1")
    with connection.cursor() as cursor:  # plain: the ORM's way takes as long as 20 rows of items
        cursor.execute(CHOSEN, [person(request), request.workspace.id, of])
        kept = cursor.fetchone()
    return Chosen(from_text(kept[0]), bool(kept[1])) if kept else Chosen([])


def from_text(fields: str | list[str]) -> list[str]:
    """PostgreSQL's driver has taken the JSON apart already, SQLite's has not."""
    return list(json.loads(fields)) if isinstance(fields, str) else fields


@needs("read")
def columns(request: ConsoleRequest, dataset_id: str) -> HttpResponse:
    """POST `fields`, `hidden`, `of`; with `every` the choice is forgotten. `kept` is the query of
    the page to go back to."""

    def perform() -> None:
        of = request.POST.get("of", "")
        of = of if ID.fullmatch(of) else dataset_id
        if "every" in request.POST or not wanted:
            rows(request).filter(of=of).delete()
        else:
            keep(request, of, Chosen(wanted, hidden))

    given = request.POST.getlist("fields")[:LISTED_COLUMNS]
    wanted = [name for name in given if name and len(name) <= LONGEST_NAME]
    hidden = request.POST.get("hidden") == "1"
    query = [pair.partition("=")[::2] for pair in request.POST.getlist("kept")]
    if "every" not in request.POST:
        query += [("fields", name) for name in wanted] + [("hidden", "1")] * hidden
    page = reverse("datasets:detail", args=[dataset_id])
    return act(request, perform=perform, then=lambda _: f"{page}?{urlencode(query)}")


def keep(request: ConsoleRequest, of: str, wanted: Chosen) -> None:
    """The oldest choices of a person go when there are many."""
    values = {"fields": wanted.fields, "hidden": wanted.hidden}
    rows(request).update_or_create(
        user_id=person(request), workspace_id=request.workspace.id, of=of, defaults=values
    )
    beyond = rows(request).order_by("-id").values_list("id", flat=True)[MOST_KEPT:]
    ChosenColumns.objects.filter(id__in=list(beyond)).delete()


def rows(request: ConsoleRequest) -> QuerySet[ChosenColumns]:
    return ChosenColumns.objects.filter(user_id=person(request), workspace_id=request.workspace.id)


def person(request: ConsoleRequest) -> int:
    return int(request.user.pk or 0)
