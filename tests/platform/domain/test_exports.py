"""Any items in any format, read again by independent parsers (rules 171-181)."""

import json
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from apps.platform.domain import exports, feeds, tables, workbook
from apps.platform.domain.items import Selection
from tests.platform.domain import formats

PLAIN = Selection()
TEXT = some.text(some.characters(exclude_categories=["Cs"]))
VALUES = some.recursive(
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
ITEMS = some.lists(
    some.dictionaries(TEXT | some.sampled_from("@#"), VALUES, max_size=4), max_size=4
)
ILLEGAL = dict.fromkeys([*range(0x20), 0xFFFE, 0xFFFF])
for kept in (0x9, 0xA, 0xD):
    del ILLEGAL[kept]


def blocks(items: list[Any]) -> exports.Blocks:
    lines = [json.dumps(item, ensure_ascii=len(items) % 2 == 0).encode() for item in items]
    return [(b"\n".join(lines), len(lines))] if lines else []


def table(write: Callable[..., Iterator[bytes]], items: list[Any], **options: Any) -> bytes:
    columns = tables.columns_of(blocks(items), PLAIN)
    return b"".join(write(blocks(items), PLAIN, columns, **options))


def cells(items: list[Any]) -> list[list[Any]]:
    """What a table has to show, worked out in another way."""
    found = [dict(_flat("", item)) for item in items]
    names = list(dict.fromkeys(name for row in found for name in row))
    return [[row.get(name) for name in names] for row in found]


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _flat(f"{prefix}/{key}" if prefix else str(key), inner)
    else:
        yield prefix, value


def shown(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


@settings(deadline=None)
@given(ITEMS)
def test_rule_172_json_lines_and_json_are_the_items(items: list[Any]) -> None:
    assert json.loads(b"".join(exports.as_json(blocks(items), PLAIN))) == items
    lines = b"".join(exports.as_jsonl(blocks(items), PLAIN)).splitlines()
    assert [json.loads(line) for line in lines] == items
    through = b"".join(exports.as_json(blocks(items), Selection(omit=("\x01",))))
    assert [*json.loads(through)] == [
        {name: value for name, value in item.items() if name != "\x01"} for item in items
    ]


SIMPLE = some.lists(
    some.dictionaries(some.sampled_from("abc"), VALUES, min_size=1, max_size=3),
    min_size=1,
    max_size=4,
)


@settings(deadline=None)
@given(SIMPLE)
def test_rule_172_tables_hold_every_value(items: list[Any]) -> None:
    wanted = cells(items)
    if not wanted or not wanted[0]:
        return
    read = formats.csv_table(table(partial(tables.as_csv, delimiter=","), items, header=False))
    assert read == [[shown(value) for value in row] for row in wanted]
    page = formats.html_table(table(tables.as_html, items))
    assert page[1:] == [[shown(v).translate(ILLEGAL) for v in row] for row in wanted]
    sheet = formats.xlsx_sheets(table(workbook.as_xlsx, items))["Data"]
    for row, expected in zip(sheet[1:], wanted, strict=True):
        for cell, value in zip(row, expected, strict=True):
            big = (
                isinstance(value, int) and not isinstance(value, bool) and len(str(abs(value))) > 15
            )
            assert cell == (str(value) if big else value)


@settings(deadline=None)
@given(ITEMS)
def test_rules_176_180_xml_and_rss_are_well_formed(items: list[Any]) -> None:
    root = formats.xml_root(b"".join(feeds.as_xml(blocks(items), PLAIN, root="items", row="item")))
    assert (root.tag, len(root)) == ("items", len(items))
    assert {child.tag for child in root} <= {"item"}
    made = feeds.as_rss(blocks(items), PLAIN, title="a<b", link="http://x/?a&b", description="]]>")
    channel = formats.xml_root(b"".join(made))[0]
    assert len(channel.findall("item")) == len(items)
    assert channel.findtext("title") == "a<b"


@given(TEXT, some.booleans())
def test_any_key_becomes_a_name_that_xml_allows(key: str, feed: bool) -> None:
    name = feeds.name_of(key, feed=feed)
    assert name
    assert ":" not in name or name.split(":")[0] in feeds.NAMESPACES
    formats.xml_root(f"<a {''.join(feeds.name_of(key))}='1'/>".encode())


BOMB = "k" * 20_000
GROWING = [
    {BOMB: list(range(20_000))},
    {BOMB: {str(number): 1 for number in range(20_000)}},
    {"parent": BOMB, "many": list(range(20_000))},
]


@pytest.mark.parametrize("item", GROWING)
@pytest.mark.parametrize("kind", ["json", "xml", "csv", "html", "xlsx"])
def test_an_item_that_grows_on_its_way_out_needs_no_memory_for_it(item: Any, kind: str) -> None:
    """Row 25 of reliability-security.md section 2.2: 400 MB would come of 200 kB."""
    selection = Selection(unwind=("many",), flatten=(BOMB,))
    found = [(json.dumps(item).encode(), 1)]
    tracemalloc.start()
    columns = tables.columns_of(found, selection)
    writers = {
        "json": lambda: exports.as_json(found, selection),
        "xml": lambda: feeds.as_xml(found, Selection(), root="items", row="item"),
        "csv": lambda: tables.as_csv(found, selection, columns, delimiter=",", header=True),
        "html": lambda: tables.as_html(found, selection, columns),
        "xlsx": lambda: workbook.as_xlsx(found, selection, columns),
    }
    for number, _ in enumerate(writers[kind]()):
        if number > 20:
            break
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40_000_000


def test_rule_173_a_workbook_goes_on_in_another_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    sheets = formats.xlsx_sheets(table(workbook.as_xlsx, [{"n": n} for n in range(5)]))
    assert {name: [row[0] for row in rows] for name, rows in sheets.items()} == {
        "Data": ["n", 0, 1],
        "Data 2": ["n", 2, 3],
        "Data 3": ["n", 4],
    }


def test_a_workbook_keeps_what_excel_would_change() -> None:
    kept = ["=1+1", " a ", "_x0041_", "x\r\ny", "\x01", 12345678901234567890, -1.5e-7, True, None]
    sheet = formats.xlsx_sheets(table(workbook.as_xlsx, [{"v": value} for value in kept]))["Data"]
    assert [row[0] for row in sheet[1:6]] == kept[:5]
    assert [row[0] for row in sheet[6:]] == ["12345678901234567890", -1.5e-7, True, None]
    long = formats.xlsx_sheets(table(workbook.as_xlsx, [{"v": "\U0001f600" * 20_000}]))["Data"]
    assert long[1][0] == "\U0001f600" * 16_383
