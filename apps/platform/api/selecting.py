"""Which items and fields a caller wants, by parameters or by a view of the dataset's definition."""

from dataclasses import dataclass
from typing import Any

from apps.platform.domain.errors import ApiError
from apps.platform.domain.items import Selection
from apps.platform.http.params import Query
from apps.platform.models import Build, Dataset, Run

SIMPLIFIED = ("url", "pageFunctionResult", "errorInfo")


@dataclass(frozen=True, slots=True)
class View:
    """`transformation` of a view: what counts unless the caller says otherwise."""

    names: dict[str, tuple[str, ...]]
    limit: int | None = None
    desc: bool = False


NO_VIEW = View({})


def selection_of(query: Query, view: View) -> Selection:
    """Rules 185, 188-194 and, for `simplified` and `skipFailedPages`, 200 and 201.

    Fields are picked last, so that those of unwound items can be named; but first when one of
    them is to be unwound itself, as `simplified` needs it.
    """

    def names(parameter: str) -> tuple[str, ...]:
        return tuple(query.names(parameter)) or view.names.get(parameter, ())

    simplified = query.boolean("simplified")
    clean = query.boolean("clean")
    fields = SIMPLIFIED if simplified else names("fields")
    unwind = ("pageFunctionResult",) if simplified else names("unwind")
    first = not set(fields).isdisjoint(unwind)
    return Selection(
        only=fields if first else (),
        fields=() if first else fields,
        omit=names("omit"),
        unwind=unwind,
        flatten=names("flatten"),
        skip_hidden=clean or query.boolean("skipHidden"),
        skip_empty=clean or query.boolean("skipEmpty"),
        skip_failed=query.boolean("skipFailedPages"),
    )


def view_of(row: Dataset, name: str | None) -> View:
    """The view in the definition of the Actor whose run made the dataset; ApiError 400."""
    found = _views(row).get(name or "")
    if not isinstance(found, dict):
        raise ApiError(
            400,
            "requested-dataset-view-does-not-exist",
            f"The dataset has no view named {str(name)[:100]}",
        )
    given = found.get("transformation")
    given = given if isinstance(given, dict) else {}
    limit, desc = given.get("limit"), given.get("desc")
    return View(
        {name: _names(given.get(name)) for name in ("fields", "unwind", "flatten", "omit")},
        limit if isinstance(limit, int) and limit > 0 else None,
        desc is True,
    )


def _names(value: Any) -> tuple[str, ...]:
    """Definitions have a text or an array of texts."""
    values = value if isinstance(value, list) else [value]
    return tuple(each for each in values if isinstance(each, str))


def _views(row: Dataset) -> dict[str, Any]:
    build_id = Run.objects.filter(id=row.act_run_id).values_list("build_id", flat=True).first()
    build = Build.objects.filter(id=build_id or "").only("actor_definition").first()
    found: Any = build.actor_definition if build else None
    for key in ("storages", "dataset", "views"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}
