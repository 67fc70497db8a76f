from dataclasses import dataclass, field
from typing import Any

import pytest
from django.http import HttpRequest, QueryDict
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from console.ui.listing import PageParams, list_page, page_params, pager


@dataclass
class Answer:
    items: list[Any] = field(default_factory=list)
    total: int = 0


def get(url: str, **headers: str) -> HttpRequest:
    request = RequestFactory().get(url, headers=headers)
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined] # as HtmxMiddleware does
    return request


def test_a_page_is_a_number_of_rows_from_the_start() -> None:
    params = page_params(QueryDict("page=3&limit=20&desc=0"))
    assert params == PageParams(page=3, limit=20, desc=False)
    assert params.offset == 40


@pytest.mark.parametrize(
    "query",
    [
        "",
        "page=0",
        "page=-1",
        "page=x",
        "page=1e3",
        "page=",
        "page=²",
        f"page={'9' * 5000}",
        "page=1.0",
    ],
)
def test_what_is_no_page_is_the_first(query: str) -> None:
    assert page_params(QueryDict(query)).page == 1


def test_far_pages_are_bounded() -> None:
    assert page_params(QueryDict("page=999999999999")).offset < 2**53


@pytest.mark.parametrize("query", ["", "limit=7", "limit=0", "limit=100000", "limit=x"])
def test_only_offered_limits_count(query: str) -> None:
    assert page_params(QueryDict(query)).limit == 50


def test_the_pager_counts_from_one_and_keeps_filters() -> None:
    request = get("/runs/?status=FAILED&page=2&limit=20")
    shown = pager(request, params=page_params(request.GET), total=55, shown=20)
    assert (shown.first, shown.last, shown.pages) == (21, 40, 3)
    assert shown.previous_url == "/runs/?status=FAILED&limit=20&page=1"
    assert shown.next_url == "/runs/?status=FAILED&limit=20&page=3"
    assert shown.kept == (("status", "FAILED"),)


def test_the_pager_ends_at_both_ends() -> None:
    request = get("/runs/")
    shown = pager(request, params=page_params(request.GET), total=50, shown=50)
    assert shown.previous_url is None
    assert shown.next_url is None


def test_an_empty_list_has_one_page_and_no_rows() -> None:
    request = get("/runs/")
    shown = pager(request, params=page_params(request.GET), total=0, shown=0)
    assert (shown.first, shown.last, shown.pages) == (0, 0, 1)


def test_beyond_the_end_the_way_back_leads_to_the_last_page() -> None:
    request = get("/runs/?page=99")
    shown = pager(request, params=page_params(request.GET), total=120, shown=0)
    assert shown.previous_url == "/runs/?page=3"
    assert shown.next_url is None


def test_a_list_page_asks_once_for_what_it_shows() -> None:
    asked = []

    def fetch(params: PageParams) -> Answer:
        asked.append(params)
        return Answer(items=["row"], total=1)

    answer = list_page(get("/?limit=20"), template="ui/pager.html", fetch=fetch)
    assert asked == [PageParams(page=1, limit=20, desc=True)]
    assert "1" in answer.content.decode()
