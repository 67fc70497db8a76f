"""Rules 171-203: the seven formats and their parameters over HTTP."""

import io
import zipfile

import pytest

from tests.platform.conftest import Account
from tests.platform.domain import formats
from tests.platform.storages.items import get, push

ITEMS = [
    {"name": "Paul", "n": 1.10, "note": "=HYPERLINK(1)", "#debug": {"a": 1}},
    {"name": 'a<b & "c"', "n": None, "tags": ["x", "y"]},
]


@pytest.fixture(scope="module")
def dataset(ada: Account) -> str:
    made = str(ada.data("POST", "datasets")["id"])
    body = (
        '[{"name":"Paul","n":1.10,"note":"=HYPERLINK(1)","#debug":{"a":1}},'
        '{"name":"a<b & \\"c\\"","n":null,"tags":["x","y"]}]'
    )
    push(ada, made, body)
    return made


@pytest.fixture
def made(ada: Account) -> str:
    return str(ada.data("POST", "datasets")["id"])


def xml_of(ada: Account, made: str, body: str, query: str = "") -> str:
    push(ada, made, body)
    text = get(ada, made, f"format=xml&{query}").text
    formats.xml_root(text.encode())
    return text.removeprefix('<?xml version="1.0" encoding="UTF-8"?>\n').replace("\n", "")


def test_rule_171_seven_formats_with_their_types(ada: Account, dataset: str) -> None:
    kinds = {
        kind: get(ada, dataset, f"format={kind}").headers["content-type"]
        for kind in ("json", "jsonl", "xml", "html", "csv", "xlsx", "rss")
    }
    assert kinds == {
        "json": "application/json; charset=utf-8",
        "jsonl": "application/x-ndjson; charset=utf-8",
        "xml": "application/xml; charset=utf-8",
        "html": "text/html; charset=utf-8",
        "csv": "text/csv; charset=utf-8",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "rss": "application/rss+xml; charset=utf-8",
    }
    assert get(ada, dataset, "").json() == ITEMS


def test_rule_172_tables_of_one_row_per_item(ada: Account, dataset: str) -> None:
    header = ["name", "n", "note", "#debug/a", "tags/0", "tags/1"]
    rows = [
        ["Paul", "1.10", "=HYPERLINK(1)", "1", "", ""],
        ['a<b & "c"', "", "", "", "x", "y"],
    ]
    assert formats.csv_table(get(ada, dataset, "format=csv").content) == [header, *rows]
    assert formats.html_table(get(ada, dataset, "format=html").content) == [header, *rows]
    sheet = formats.xlsx_sheets(get(ada, dataset, "format=xlsx").content)["Data"]
    assert sheet == [
        header,
        ["Paul", 1.1, "=HYPERLINK(1)", 1, None, None],
        ['a<b & "c"', None, None, None, "x", "y"],
    ]


def test_rule_172_rss_has_an_item_per_item(ada: Account, dataset: str) -> None:
    channel = formats.xml_root(get(ada, dataset, "format=rss&clean=1").content)[0]
    assert channel.tag == "channel"
    assert channel.findtext("title") == f"Dataset {dataset}"
    items = channel.findall("item")
    assert [item.findtext("name") for item in items] == ["Paul", 'a<b & "c"']
    assert [tag.text for tag in items[1].findall("tags")] == ["x", "y"]
    named = get(ada, dataset, "format=rss&feedTitle=New&feedDescription=All").content
    assert formats.xml_root(named)[0].findtext("description") == "All"


def test_rule_173_tables_have_limits_and_trees_have_none(ada: Account, made: str) -> None:
    fields = ",".join(f'"{n:03d}{"k" * 300}": {n}' for n in range(600))
    push(ada, made, "{" + fields + "}")
    sheet = formats.xlsx_sheets(get(ada, made, "format=xlsx").content)["Data"]
    page = formats.html_table(get(ada, made, "format=html").content)
    for header, row in (sheet, page):
        assert len(header) == len(row) == 500
        assert {len(name) for name in header} == {200}
    for kind in ("xml", "rss"):
        root = formats.xml_root(get(ada, made, f"format={kind}").content)
        tags = [element.tag for element in next(root.iter("item"))]
        assert (len(tags), len(tags[0])) == (600, 304)  # a name may not begin with a digit
    assert len(get(ada, made, "").json()[0]) == 600


def test_rule_173_the_same_columns_however_the_call_is_cut(ada: Account, dataset: str) -> None:
    first = formats.csv_table(get(ada, dataset, "format=csv&limit=1").content)
    assert first[0] == ["name", "n", "note", "#debug/a"]
    fixed = formats.csv_table(get(ada, dataset, "format=csv&limit=1&fields=tags,n").content)
    assert fixed == [["tags", "n"], ["", "1.10"]]
    nested = formats.csv_table(get(ada, dataset, "format=csv&offset=1&fields=tags").content)
    assert nested == [["tags"], ['["x","y"]']]


def test_rule_177_arrays_repeat_their_tag_and_null_is_empty(ada: Account, made: str) -> None:
    body = """{"name": "Paul Newman", "address": [
        {"type": "home", "street": "21st"}, {"type": "office", "street": null}]}"""
    assert xml_of(ada, made, body) == (
        "<items><item><name>Paul Newman</name>"
        "<address><type>home</type><street>21st</street></address>"
        "<address><type>office</type><street/></address></item></items>"
    )


def test_rules_178_179_attributes_and_text(ada: Account, made: str) -> None:
    body = """{"@": {"id": 1}, "address": [{"@": {"type": "home"}, "street": "21st", "#": "x"},
        {"@": {"type": "of\\"f<ice"}, "#": "unknown"}]}"""
    assert xml_of(ada, made, body) == (
        '<items><item id="1"><address type="home"><street>21st</street></address>'
        '<address type="of&quot;f&lt;ice">unknown</address></item></items>'
    )


def test_rules_180_181_root_and_row(ada: Account, made: str) -> None:
    assert xml_of(ada, made, '{"a": 1}') == "<items><item><a>1</a></item></items>"
    text = get(ada, made, "format=xml&xmlRoot=catalog&xmlRow=p-1").text
    assert text.endswith("<catalog>\n<p-1><a>1</a></p-1>\n</catalog>\n")


@pytest.mark.parametrize("name", ["a b", "1a", "a><b", "a/", "x:y", "xmlns", "-", "\u2603"])
@pytest.mark.parametrize("parameter", ["xmlRoot", "xmlRow"])
def test_rule_181_only_names_of_xml(ada: Account, made: str, parameter: str, name: str) -> None:
    query = {"format": "xml", parameter: name}
    answer = ada.http.get(f"datasets/{made}/items", params=query)
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid-value"


def test_row_14_keys_and_values_that_xml_cannot_hold(ada: Account, made: str) -> None:
    body = r"""{"a b": "]]>", "1": "\u0000\u0008x", "\u2603": "\ufffe", "": 1, "\u017elu\u0165": 2,
        "@": {"xmlns": "http://www.w3.org/1999/xhtml", "on:click": "\n"}, "script": "<b>"}"""
    push(ada, made, body)
    answer = get(ada, made, "format=xml")
    item = formats.xml_root(answer.content)[0]
    assert [(child.tag, child.text) for child in item] == [
        ("a_b", "]]>"),
        ("_1", "x"),
        ("_", None),
        ("_", "1"),
        ("\u017elu\u0165", "2"),
        ("script", "<b>"),
    ]
    assert item.attrib == {"_xmlns": "http://www.w3.org/1999/xhtml", "on_click": "\n"}
    assert answer.headers["content-security-policy"].startswith("sandbox")


START = [
    "=1+1",
    "+1",
    "-1",
    "@a",
    "\t=1",
    "\r=1",
    "\x00=1",
    '=HYPERLINK("http://x","y")',
    "'=1",
    " =1",
    "\n=1",
    "=1|cmd",
    "-2+3",
    "+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\uff1d1",
]


def test_row_13_cells_that_look_like_formulas_stay_as_they_are(ada: Account, made: str) -> None:
    ada.http.post(f"datasets/{made}/items", json=[{"t": text, "n": -5} for text in START])
    bare = [text.replace("\x00", "") for text in START]
    table = formats.csv_table(get(ada, made, "format=csv").content.replace(b"\x00", b""))
    assert [row[0] for row in table[1:]] == bare
    sheet = formats.xlsx_sheets(get(ada, made, "format=xlsx").content)["Data"]
    assert [row[0] for row in sheet[1:]] == START
    assert {row[1] for row in sheet[1:]} == {-5}
    page = formats.html_table(get(ada, made, "format=html").content)
    assert [row[0] for row in page[1:]] == bare
    for kind in ("xml", "rss"):
        root = formats.xml_root(get(ada, made, f"format={kind}").content)
        assert [item.findtext("t") for item in root.iter("item")] == bare
    with zipfile.ZipFile(io.BytesIO(get(ada, made, "format=xlsx").content)) as archive:
        assert b"<f" not in archive.read("xl/worksheets/sheet1.xml")


def test_rule_188_fields_keep_their_order_in_every_format(ada: Account, made: str) -> None:
    push(ada, made, '{"a": 1, "b": 2, "c": 3}')
    query = "fields=c,a"
    assert get(ada, made, f"format=jsonl&{query}").text == '{"c":3,"a":1}\n'
    assert get(ada, made, f"format=xml&{query}").text.endswith(
        "<c>3</c><a>1</a></item>\n</items>\n"
    )
    assert formats.csv_table(get(ada, made, f"format=csv&{query}").content)[0] == ["c", "a"]
    assert formats.html_table(get(ada, made, f"format=html&{query}").content)[0] == ["c", "a"]
    sheet = formats.xlsx_sheets(get(ada, made, f"format=xlsx&{query}").content)["Data"]
    assert sheet == [["c", "a"], [3, 1]]


def test_rule_195_attachment_names_the_format(ada: Account, dataset: str) -> None:
    for kind in ("xlsx", "rss", "html"):
        headers = get(ada, dataset, f"format={kind}&attachment=1").headers
        assert headers["content-disposition"] == f'attachment; filename="{dataset}.{kind}"'


@pytest.mark.parametrize("delimiter", [";", "\t", "|", " ", "1", "\u2603"])
def test_rule_196_any_character_may_be_the_delimiter(
    ada: Account, dataset: str, delimiter: str
) -> None:
    query = {"format": "csv", "delimiter": delimiter}
    answer = ada.http.get(f"datasets/{dataset}/items", params=query)
    assert [row[:3] for row in formats.csv_table(answer.content, delimiter)] == [
        ["name", "n", "note"],
        ["Paul", "1.10", "=HYPERLINK(1)"],
        ['a<b & "c"', "", ""],
    ]


@pytest.mark.parametrize("delimiter", ["ab", '"', "\n"])
def test_rule_196_a_delimiter_that_cannot_be_one(
    ada: Account, dataset: str, delimiter: str
) -> None:
    query = {"format": "csv", "delimiter": delimiter}
    assert ada.http.get(f"datasets/{dataset}/items", params=query).status_code == 400


@pytest.mark.parametrize("kind", ["json", "jsonl", "xml", "html", "csv", "rss", "xlsx"])
def test_rule_197_bom(ada: Account, dataset: str, kind: str) -> None:
    mark = b"\xef\xbb\xbf"
    assert get(ada, dataset, f"format={kind}").content.startswith(mark) == (kind == "csv")
    assert not get(ada, dataset, f"format={kind}&bom=0").content.startswith(mark)
    with_it = get(ada, dataset, f"format={kind}&bom=1").content
    assert with_it.startswith(mark) == (kind != "xlsx")


@pytest.mark.parametrize("kind", ["json", "jsonl", "xml", "html", "csv", "xlsx", "rss"])
def test_rule_202_pagination_headers_in_every_format(ada: Account, dataset: str, kind: str) -> None:
    headers = get(ada, dataset, f"format={kind}&limit=1&offset=1").headers
    found = [
        headers[f"x-apify-pagination-{name}"] for name in ("offset", "limit", "count", "total")
    ]
    assert found == ["1", "1", "1", "2"]


@pytest.mark.parametrize("kind", ["json", "jsonl", "xml", "html", "csv", "rss"])
def test_rule_203_text_is_utf_8(ada: Account, made: str, kind: str) -> None:
    push(ada, made, r'{"t": "\u017elu\u0165 \ud83d\ude00"}')
    answer = get(ada, made, f"format={kind}&fields=t")
    assert "charset=utf-8" in answer.headers["content-type"] or kind in {"json", "jsonl"}
    if kind in {"json", "jsonl"}:  # escaped, as it came in
        assert r"\u017elu\u0165 \ud83d\ude00" in answer.content.decode("ascii")
    else:
        assert "\u017elu\u0165 \U0001f600" in answer.content.decode()


@pytest.mark.parametrize("kind", ["json", "jsonl", "xml", "html", "csv", "xlsx", "rss"])
def test_no_items_is_a_whole_answer_too(ada: Account, made: str, kind: str) -> None:
    answer = get(ada, made, f"format={kind}")
    if kind in {"xml", "rss"}:
        assert not list(formats.xml_root(answer.content).iter("item"))
    elif kind == "xlsx":
        assert formats.xlsx_sheets(answer.content) == {"Data": [[]]}
    elif kind == "csv":
        assert not any(formats.csv_table(answer.content))


@pytest.mark.parametrize("kind", ["json", "csv", "xlsx"])
def test_head_tells_the_headers_alone(ada: Account, dataset: str, kind: str) -> None:
    answer = ada.http.head(f"datasets/{dataset}/items?format={kind}&limit=1")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["x-apify-pagination-total"] == "2"
