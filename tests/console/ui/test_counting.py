import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.ui.counting import SAMPLE, Array, Counter, Lines, Page, Records, breaks, page_of

ITEMS = st.lists(st.dictionaries(st.text(max_size=3), st.text(max_size=5) | st.none(), max_size=3))


def fed(counter: Counter, content: bytes, step: int = 7) -> int | None:
    for at in range(0, len(content), step):
        counter.feed(content[at : at + step])
    return counter.finish()


def lines(items: list[object]) -> bytes:
    return b"".join(json.dumps(item, ensure_ascii=False).encode() + b"\n" for item in items)


@given(ITEMS, st.integers(1, 20), st.booleans())
def test_lines_are_counted_wherever_they_are_cut(
    items: list[object], step: int, ended: bool
) -> None:
    content = lines(items)
    assert fed(Lines(), content if ended else content[:-1], step) == len(items)


@pytest.mark.parametrize("length", [0, 1, 49, 50, 51, 5000])
@pytest.mark.parametrize("first", [0, 100])
def test_line_breaks_are_counted_whatever_the_length_of_lines(length: int, first: int) -> None:
    content = b"\n" * first + (b"x" * length + b"\n") * 300
    assert breaks(content) == first + 300
    assert breaks(content[:SAMPLE] + b"x" * SAMPLE) == content.count(b"\n", 0, SAMPLE)


def test_a_line_cut_in_the_middle_is_noticed() -> None:
    assert fed(Lines(), b'{"a":1}\n{"b":') is None


def test_a_line_cut_at_its_end_counts_less() -> None:
    assert fed(Lines(), b'{"a":1}\n') == 1


@given(st.lists(st.lists(st.text(max_size=5), min_size=2, max_size=2)), st.integers(1, 20))
def test_records_are_counted_with_breaks_and_quotes_inside(
    rows: list[list[str]], step: int
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([["a", "b"], *rows])
    assert fed(Records(header=True), text.getvalue().encode(), step) == len(rows)


def test_a_record_cut_inside_quotes_is_noticed() -> None:
    assert fed(Records(header=True), b'a,b\n1,"x\n') is None


def test_records_without_a_header() -> None:
    assert fed(Records(header=False), b"1,2\n3,4") == 2
    assert fed(Records(header=True), b"") == 0


@given(ITEMS, st.integers(1, 20), st.booleans())
def test_lines_become_one_array(items: list[object], step: int, ended: bool) -> None:
    content = lines(items)
    content = content if ended else content[:-1]
    array = Array()
    chunks = [content[at : at + step] for at in range(0, len(content), step)]
    assert json.loads(b"".join(map(array.feed, chunks)) + array.finish()) == items


@pytest.mark.parametrize(
    ("headers", "limit", "scanned"),
    [
        ({"x-apify-pagination-count": "7", "x-apify-pagination-total": "9"}, None, 7),
        ({"x-apify-pagination-total": "9"}, None, 5),
        ({"x-apify-pagination-total": "9"}, 3, 3),
        ({"x-apify-pagination-total": "2"}, 3, 0),
        ({"x-apify-pagination-count": "many"}, 3, None),
        ({"x-apify-pagination-count": "9" * 40}, 3, None),
        ({}, None, None),
    ],
)
def test_rule_202_headers_tell_what_to_expect(
    headers: dict[str, str], limit: int | None, scanned: int | None
) -> None:
    assert page_of(headers, offset=4, limit=limit).scanned == scanned


def test_a_page_without_headers_expects_nothing() -> None:
    assert page_of({}, offset=0, limit=None) == Page(0, None, None)
