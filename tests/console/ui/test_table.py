import json
from html.parser import HTMLParser

import msgspec
import pytest

from console.ui import json_text
from console.ui.table import LISTED_COLUMNS, SHOWN_COLUMNS, build, cell, parse

XSS = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)",
    "</td></table><svg onload=alert(1)>", "{{7*7}}", "' hx-get='/x' hx-trigger='load",
    "data:text/html,<script>alert(1)</script>", "https://x/'onmouseover=alert(1)//",
    'https://x/"onfocus=alert(1) autofocus', "\u2028<b>", "https://x/<script>",
]  # fmt: skip


ALLOWED = {
    "td", "td class", "td data-type", "td title", "details", "details class", "summary",
    "summary class", "pre", "a", "a class", "a href", "a title", "a target", "a rel",
}  # fmt: skip


class Tags(HTMLParser):
    """What a browser would make of it: element and attribute names, and where links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.hrefs: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(f"{tag} {name}" for name, _ in attrs)}
        self.hrefs += [value or "" for name, value in attrs if name == "href"]


def names(*items: object, hidden: bool = False) -> list[str]:
    return [column.name for column in build(items, hidden=hidden).columns]


def test_nested_values_unfold_beside_their_siblings() -> None:
    items = [{"url": "u", "price": {"amount": 1}, "z": 1}, {"price": {"currency": "EUR"}, "b": 2}]
    assert names(*items) == ["url", "price.amount", "price.currency", "z", "b"]


def test_a_field_null_in_some_items_is_told_by_its_nested_columns() -> None:
    assert names({"price": None}, {"price": {"amount": 1}}) == ["price.amount"]
    assert names({"price": None}) == ["price"]


def test_a_dotted_key_and_a_nested_one_stay_apart() -> None:
    assert names({"a.b": 1, "a": {"b": 2}}) == ["a.b", "a.b"]


def test_rule_174_hidden_fields_are_shown_by_choice() -> None:
    item = {"#debug": {"id": 1}, "url": "u"}
    assert names(item) == ["url"]
    assert names(item, hidden=True) == ["#debug.id", "url"]
    chosen = build([item], hidden=True, fields=["url"]).columns
    assert [column.name for column in chosen] == ["#debug.id", "url"]
    both = {**item, "#more": 1}
    some = build([both], hidden=True, fields=["url", "#more"]).columns
    assert [column.name for column in some] == ["url", "#more"]


def test_chosen_columns_keep_the_order_given_and_bring_their_nested_ones() -> None:
    item = {"a": 1, "b": {"x": 1, "y": 2}, "c": 3}
    table = build([item], fields=["c", "b", "nowhere"])
    assert [column.name for column in table.columns] == ["c", "b.x", "b.y"]
    assert next((column.name, column.shown) for column in table.every) == ("a", False)


def test_numbers_columns_are_aligned_and_filling_is_counted() -> None:
    columns = build([{"n": 1, "t": "x"}, {"n": None, "t": ""}]).columns
    assert [(c.name, c.numeric, c.filled) for c in columns] == [("n", True, 50), ("t", False, 50)]


def test_missing_null_empty_and_booleans_all_look_different() -> None:
    rows = build([{"a": None, "b": "", "c": True, "d": False, "e": [], "f": {}}, {}]).rows
    cells = [str(each) for each in [*rows[0].cells, rows[1].cells[0]]]
    assert len(set(cells)) == len(cells)


@pytest.mark.parametrize("text", ["129.00", "1e400", "-0.0", "12345678901234567890123"])
def test_figures_are_shown_as_they_were_written(text: str) -> None:
    [item] = parse([msgspec.Raw(f'{{"n":{text}}}'.encode())])
    assert build([item]).rows[0].cells == [f'<td class="num">{text}</td>']


def test_lists_are_counts_with_their_values_unfolding() -> None:
    [item] = parse([msgspec.Raw(b'{"a":[1.50,{"b":null}]}')])
    html = build([item]).rows[0].cells[0]
    assert "2 items</summary>" in html
    assert "1.50" in html


def test_long_text_is_clipped_with_the_whole_on_demand() -> None:
    html = cell("word " * 100)
    assert "<details" in html
    assert html.count("word ") == 132


def test_very_long_text_says_how_much_is_left() -> None:
    html = cell("x" * 1_000_000)
    assert len(html) < 12_000
    assert "990,000 more characters" in html


@pytest.mark.parametrize("value", XSS)
def test_no_value_becomes_markup_or_a_running_link(value: str) -> None:
    for html in (cell(value), cell([value]), cell({"a": {value: value}})):
        assert Tags(html).found <= ALLOWED
        assert all(link.startswith(("http://", "https://")) for link in Tags(html).hrefs)
    assert value not in str(build([{value: 1}]).rows[0].cells[0])


def test_links_are_http_only_and_give_nothing_away() -> None:
    html = cell("https://shop.example/p/1")
    assert 'href="https://shop.example/p/1"' in html
    assert 'rel="noopener noreferrer nofollow"' in html
    assert "href" not in cell("ftp://shop.example/")


def test_a_row_leads_to_its_item_alone() -> None:
    table = build([{"a": "<b>"}], first=999, item_url='?view=json&q="&item=')
    assert 'href="?view=json&amp;q=&quot;&amp;item=1000"' in table.body
    assert ">1,000</a></th><td>&lt;b&gt;</td></tr>" in table.body
    assert '<th scope="row" class="num">1</th>' in build([{}]).body


def test_rows_are_numbered_from_the_offset() -> None:
    rows = build([{}, {}], first=900_000).rows
    assert [row.number for row in rows] == [900_001, 900_002]


def test_many_columns_are_shown_in_part_and_the_rest_counted() -> None:
    table = build([{f"f{n}": n for n in range(1000)}])
    assert len(table.columns) == SHOWN_COLUMNS
    assert len(table.every) == LISTED_COLUMNS
    assert table.left_out == 1000 - SHOWN_COLUMNS


@pytest.mark.parametrize("content", [b"[" * 100_000, b'"\xff"', b'"\\ud800"', b"{"])
def test_an_item_that_cannot_be_read_is_shown_as_text(content: bytes) -> None:
    [item] = parse([msgspec.Raw(content)])
    assert item == content.decode("utf-8", "replace")
    assert len(build([item]).rows) == 1
    [shown] = json_text.numbered([msgspec.Raw(content)], first=4)
    assert (shown.number, shown.offset) == (5, 4)


def test_a_very_long_item_is_cut_and_says_so() -> None:
    [shown] = json_text.numbered([msgspec.Raw(json.dumps("x" * 300_000).encode())])
    assert shown.left == 100_002


@pytest.mark.parametrize("item", [1, "x", None, [1], {}, {"": {"": 1}}])
def test_items_of_any_shape_make_a_table(item: object) -> None:
    assert len(build(parse([msgspec.Raw(json.dumps(item).encode())])).rows) == 1


def test_json_is_indented_and_coloured_and_escaped() -> None:
    text = json_text.indented(b'{"a<b":"<i>","n":1.50,"t":[true,null]}')
    html = json_text.coloured(text)
    assert '<span data-token="key">&quot;a&lt;b&quot;</span>' in html
    assert '<span data-token="figure">1.50</span>' in html
    assert "<i>" not in html


def test_bytes_that_are_no_json_are_shown_as_text() -> None:
    assert json_text.indented(b"\xff<b>") == "\ufffd<b>"
    assert json_text.coloured("<b>" * 100_000).startswith("&lt;b&gt;")
