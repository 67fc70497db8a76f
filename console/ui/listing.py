"""What every list page does: bounds for the page asked for, one call, rows and a pager."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse, QueryDict

from console.ui.query import with_params, without
from console.ui.responses import render_page

LIMITS = (20, 50, 100, 200)
DEFAULT_LIMIT = 50
LAST_PAGE = 1_000_000_000
LONGEST_NUMBER = 12  # digits; more is nobody's page


class Listed(Protocol):
    """The API's list envelope: the items of this page and how many there are in all."""

    @property
    def items(self) -> Sequence[Any]: ...
    @property
    def total(self) -> int: ...


@dataclass(frozen=True, slots=True)
class PageParams:
    page: int
    limit: int
    desc: bool

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.limit


@dataclass(frozen=True, slots=True)
class Pager:
    """What `ui/kept/pager.html` shows. `first` and `last` count from 1."""

    page: int
    pages: int
    limit: int
    limits: tuple[int, ...]
    total: int
    first: int
    last: int
    path: str
    kept: tuple[tuple[str, str], ...]
    previous_url: str | None
    next_url: str | None


def page_params(
    query: QueryDict,
    *,
    limits: tuple[int, ...] = LIMITS,
    limit: int = DEFAULT_LIMIT,
    desc: bool = True,
) -> PageParams:
    """Never fails: whatever is no page number is page 1, any limit not offered is the default."""
    wanted = number(query.get("limit"))
    return PageParams(
        page=min(max(number(query.get("page")) or 1, 1), LAST_PAGE),
        limit=wanted if wanted in limits else limit,
        desc=query["desc"] == "1" if query.get("desc") in {"0", "1"} else desc,
    )


def number(text: str | None) -> int | None:
    if text is None or len(text) > LONGEST_NUMBER or not (text.isascii() and text.isdigit()):
        return None
    return int(text)


def pager(
    request: HttpRequest,
    *,
    params: PageParams,
    total: int,
    shown: int,
    limits: tuple[int, ...] = LIMITS,
) -> Pager:
    pages = max(-(-total // params.limit), 1)
    earlier = min(params.page - 1, pages)
    return Pager(
        page=params.page,
        pages=pages,
        limit=params.limit,
        limits=limits,
        total=total,
        first=params.offset + 1 if shown else 0,
        last=params.offset + shown if shown else 0,
        path=request.path,
        kept=tuple(without(request, "page", "limit")),
        previous_url=with_params(request, page=earlier) if earlier else None,
        next_url=with_params(request, page=params.page + 1) if params.page < pages else None,
    )


def list_page(
    request: HttpRequest,
    *,
    template: str,
    fetch: Callable[[PageParams], Listed],
    context: Mapping[str, Any] | None = None,
    partial: str = "rows",
    limits: tuple[int, ...] = LIMITS,
    limit: int = DEFAULT_LIMIT,
    desc: bool = True,
) -> HttpResponse:
    """`fetch` makes the page's one call; the template gets `items`, `pager` and `params`."""
    params = page_params(request.GET, limits=limits, limit=limit, desc=desc)
    listed = fetch(params)
    shown = len(listed.items)
    return render_page(
        request,
        template,
        {
            "items": listed.items,
            "pager": pager(request, params=params, total=listed.total, shown=shown, limits=limits),
            "params": params,
            **(context or {}),
        },
        partial=partial,
    )
