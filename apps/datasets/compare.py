"""How full the fields of two datasets are: this one, and another or that of the run before."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from apps.datasets.shown import rates_of
from console.api.errors import ApiError, Refused
from console.api.models.storages import Dataset, FieldStatistics
from console.api.resources.datasets import get_dataset, get_statistics
from console.api.resources.runs import list_actor_runs
from console.request import ConsoleRequest, needs

LOOKED_AT: Final = 50  # runs
NOTABLE: Final = 5  # percent points


class Other(forms.Form):
    """`against` is a dataset's ID, `user~name` or the name of one of the same account."""

    against = forms.RegexField(
        r"^[\w.~-]{1,130}$",
        required=False,
        label="Another dataset",
        error_messages={"invalid": "Write the ID of a dataset, or user~name."},
    )


@dataclass(frozen=True, slots=True)
class Side:
    dataset: Dataset
    rates: dict[str, int] | None  # None when the API tells no statistics


@dataclass(frozen=True, slots=True)
class Fill:
    """Percents; None where the dataset has no such field."""

    name: str
    here: int | None
    there: int | None

    @property
    def change(self) -> int:
        return (self.here or 0) - (self.there or 0)

    @property
    def is_notable(self) -> bool:
        return abs(self.change) >= NOTABLE or None in {self.here, self.there}


@needs("read")
def compare(request: ConsoleRequest, dataset_id: str) -> HttpResponse:
    form = Other(request.GET)
    is_valid = form.is_valid()
    here = side_of(request, dataset_id)
    against = form.cleaned_data.get("against", "")
    other_id = against or ("" if not is_valid else before(request, here.dataset))
    there, problem = other_side(request, other_id, here.dataset.username if against else None)
    context = {
        "dataset": here.dataset,
        "form": form,
        "typed": request.GET.get("against", "")[:130],
        "here": here,
        "there": there,
        "is_before": bool(there) and not against,
        "problem": problem,
        "fields": fields_of(here, there) if there else [],
    }
    return render(request, "datasets/compare.html", context, status=200 if is_valid else 400)


def other_side(
    request: ConsoleRequest, other_id: str, username: str | None
) -> tuple[Side | None, str]:
    """The dataset, or why there is none. What is no ID may be a name as lists show it."""
    if not other_id:
        return None, ""
    try:
        return side_of(request, other_id), ""
    except ApiError as error:
        gone = isinstance(error, Refused) and error.status == HTTPStatus.NOT_FOUND
        if gone and username and "~" not in other_id:
            return other_side(request, f"{username}~{other_id}", None)
        return None, error.sentence


def side_of(request: ConsoleRequest, dataset_id: str) -> Side:
    """Raises ApiError when the dataset is not there; statistics may be missing."""
    calls: Any = (get_dataset(dataset_id), get_statistics(dataset_id))
    found, told = request.api.try_all(*calls)
    if isinstance(found, ApiError):
        raise found
    return Side(found, None if isinstance(told, ApiError) else rates(found, told))


def rates(found: Dataset, told: dict[str, FieldStatistics]) -> dict[str, int]:
    return rates_of(told, found.item_count)


def before(request: ConsoleRequest, found: Dataset) -> str:
    """The dataset of the Actor's last good run before the one that made this; "" for none."""
    if not found.act_id or not found.created_at:
        return ""
    try:
        listed = request.api.run(
            list_actor_runs(found.act_id, limit=LOOKED_AT, status="SUCCEEDED")
        ).items
    except ApiError:
        return ""
    earlier = [
        run.default_dataset_id
        for run in listed
        if run.started_at and run.started_at < found.created_at and run.id != found.act_run_id
    ]
    return next((its_id for its_id in earlier if its_id and its_id != found.id), "")


def fields_of(here: Side, there: Side) -> list[Fill]:
    """What fell most comes first."""
    mine, theirs = here.rates or {}, there.rates or {}
    names = dict.fromkeys([*mine, *theirs])
    found = [Fill(name, mine.get(name), theirs.get(name)) for name in names]
    return sorted(found, key=lambda each: each.change)
