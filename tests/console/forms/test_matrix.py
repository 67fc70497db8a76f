"""Every row of the editor matrix (console-features.md section 5.2): shown, kept, changed."""

from typing import Any, NamedTuple

import pytest

from console.forms.fields import usual_editor
from console.forms.schema import parse
from tests.console.forms.page import back, html_of, one, sent


class Case(NamedTuple):
    kind: str
    editor: str
    template: str
    value: Any
    changes: dict[str, str]
    changed: Any
    keywords: dict[str, Any] = {}


CHOICE = {"enum": ["a", "b"], "enumTitles": ["First", "Second"]}
SUB = {
    "properties": {
        "n": {"title": "N", "type": "integer"},
        "s": {"title": "S", "type": "string", "editor": "textfield"},
    }
}
CASES = [
    Case("string", "textfield", "text", "old", {"x": "new"}, "new"),
    Case("string", "textarea", "textarea", "a\nb", {"x": "c\r\nd"}, "c\nd"),
    Case("string", "javascript", "code", "let a;", {"x": "let b;"}, "let b;"),
    Case("string", "python", "code", "a = 1", {"x": "b = 2"}, "b = 2"),
    Case("string", "select", "select", "a", {"x": "=b"}, "b", CHOICE),
    Case("string", "select", "text", "a", {"x": "own"}, "own", {"enumSuggestedValues": ["a"]}),
    Case("string", "datepicker", "date", "2026-01-31", {"x__date": "2026-02-01"}, "2026-02-01"),
    Case(
        "string",
        "datepicker",
        "date",
        "3 days",
        {"x__number": "2", "x__unit": "weeks"},
        "2 weeks",
        {"dateType": "relative"},
    ),
    Case(
        "string",
        "datepicker",
        "date",
        "2026-01-31",
        {"x__date": "", "x__number": "1", "x__unit": "months"},
        "1 month",
        {"dateType": "absoluteOrRelative"},
    ),
    Case("string", "fileupload", "file", "http://a/b", {"x": "http://c/d"}, "http://c/d"),
    Case(
        "string", "resourcePicker", "text", "abc", {"x": "def"}, "def", {"resourceType": "dataset"}
    ),
    Case("boolean", "checkbox", "checkbox", False, {"x": "on"}, True),
    Case("integer", "number", "number", 3, {"x": "4"}, 4, {"unit": "pages"}),
    Case("number", "number", "number", 1.0, {"x": "2.5"}, 2.5),
    Case("object", "json", "json", {"a": [1]}, {"x": '{"b": 2}'}, {"b": 2}),
    Case(
        "object",
        "proxy",
        "proxy",
        {"useApifyProxy": False},
        {"x__mode": "groups", "x__groups": "A, B", "x__country": "de"},
        {"useApifyProxy": True, "apifyProxyGroups": ["A", "B"], "apifyProxyCountry": "DE"},
    ),
    Case("object", "schemaBased", "object", {"n": 1, "z": 0}, {"x__n": "2"}, {"n": 2, "z": 0}, SUB),
    Case("array", "json", "json", [1, "a"], {"x": "[]"}, []),
    Case(
        "array",
        "requestListSources",
        "sources",
        [{"url": "http://a", "method": "POST"}],
        {"x__0__main": "http://b"},
        [{"url": "http://b", "method": "POST"}],
    ),
    Case(
        "array",
        "pseudoUrls",
        "sources",
        [{"purl": "a"}],
        {"x__1__main": "b"},
        [{"purl": "a"}, {"purl": "b"}],
    ),
    Case("array", "globs", "sources", [{"glob": "a"}], {"x__0__main": "b"}, [{"glob": "b"}]),
    Case(
        "array",
        "keyValue",
        "pairs",
        [{"key": "k", "value": "v"}],
        {"x__0__value": "w"},
        [{"key": "k", "value": "w"}],
    ),
    Case("array", "stringList", "strings", ["a"], {"x!bulk": "b\r\nc"}, ["a", "b", "c"]),
    Case("array", "fileupload", "files", ["http://a"], {"x__0__text": ""}, []),
    Case("array", "select", "checks", ["b"], {"x": "=a"}, ["a"], {"items": CHOICE}),
    Case(
        "array",
        "select",
        "strings",
        ["a"],
        {"x__1__text": "z"},
        ["a", "z"],
        {"items": {"enumSuggestedValues": ["a"]}},
    ),
    Case(
        "array",
        "schemaBased",
        "objects",
        [{"n": 1, "z": None}],
        {"x__1__s": "new"},
        [{"n": 1, "z": None}, {"s": "new"}],
        {"items": SUB},
    ),
    Case(
        "array",
        "resourcePicker",
        "strings",
        ["i"],
        {"x__1__text": "j"},
        ["i", "j"],
        {"resourceType": "dataset"},
    ),
]
IDS = [f"{case.kind}-{case.editor}-{case.template}" for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_the_editor_of_the_matrix_is_shown(case: Case) -> None:
    spec = parse(one(case.kind, case.editor, **case.keywords)).specs[0]
    assert usual_editor(spec).template == f"forms/{case.template}.html"


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_what_is_not_touched_is_kept(case: Case) -> None:
    raw = one(case.kind, case.editor, **case.keywords)
    read = back(raw, sent(raw, {"x": case.value}))
    assert read.value == {"x": case.value}
    assert repr(read.value["x"]) == repr(case.value)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_what_is_changed_arrives(case: Case) -> None:
    raw = one(case.kind, case.editor, **case.keywords)
    read = back(raw, sent(raw, {"x": case.value}, **case.changes))
    assert read.form is not None
    assert read.value == {"x": case.changed}, read.form.errors


@pytest.mark.parametrize("kind", ["string", "boolean", "integer", "number", "object", "array"])
def test_a_hidden_field_is_sent_and_not_shown(kind: str) -> None:
    raw = one(kind, "hidden")
    assert "in-x" not in html_of(raw, {"x": 0})
    assert back(raw, sent(raw, {"x": 0})).value == {"x": 0}


@pytest.mark.parametrize("kind", ["string", "object", "array"])
def test_a_secret_never_reaches_the_page_and_is_kept(kind: str) -> None:
    secret = {"string": "canary-1", "object": {"k": "canary-1"}, "array": ["canary-1"]}[kind]
    raw = one(kind, "textfield" if kind == "string" else "json", isSecret=True)
    assert "canary-1" not in html_of(raw, {"x": secret})
    assert back(raw, sent(raw, {"x": secret})).value == {"x": secret}


def test_a_secret_can_be_replaced() -> None:
    raw = one("string", "textfield", isSecret=True)
    assert back(raw, sent(raw, {"x": "old"}, x="new")).value == {"x": "new"}


@pytest.mark.parametrize(
    ("kind", "editor"), [("string", "magic"), ("rainbow", "x"), ("object", "?")]
)
def test_an_unknown_editor_is_json(kind: str, editor: str) -> None:
    raw = one(kind, editor)
    expected = "forms/json.html"
    assert usual_editor(parse(raw).specs[0]).template == expected


@pytest.mark.parametrize("raw", [None, [], "x", {"properties": []}, {"properties": None}, {}])
def test_a_malformed_schema_says_so(raw: Any) -> None:
    assert parse(raw).problem


def test_no_value_is_apart_from_empty() -> None:
    raw = one("string", "textfield", nullable=True)
    assert back(raw, sent(raw, {"x": None})).value == {"x": None}
    assert back(raw, sent(raw, {"x": ""})).value == {"x": ""}
    assert back(raw, sent(raw, {"x": "a"}, **{"x!null": "on"})).value == {"x": None}
    assert back(raw, sent(raw, {"x": None}, x="typed")).value == {"x": "typed"}


def test_checkboxes_stand_in_groups_and_fields_in_sections() -> None:
    box = {"type": "boolean", "editor": "checkbox"}
    raw = {
        "properties": {
            "a": {"title": "A", "type": "string", "editor": "textfield"},
            "b": {"title": "B", **box, "groupCaption": "Manners", "groupDescription": "How."},
            "c": {"title": "C", **box},
            "e": {"title": "E", **box, "groupCaption": "Manners"},
            "f": {"title": "F", **box, "groupCaption": "Others"},
            "d": {"title": "D", "type": "integer", "sectionCaption": "More"},
        }
    }
    html = html_of(raw, {})
    manners = html.split("<legend>Manners</legend>")[1].split("</fieldset>")[0]
    assert 'name="in-b"' in manners
    assert 'name="in-c"' in manners
    assert 'name="in-e"' in manners
    assert 'name="in-a"' not in manners
    assert 'name="in-f"' in html.split("<legend>Others</legend>")[1].split("</fieldset>")[0]
    assert 'name="in-d"' in html.split("<summary>More ")[1]


def test_a_secret_that_is_not_there_is_not_shown_as_kept() -> None:
    child = {"title": "P", "type": "string", "editor": "textfield", "isSecret": True}
    raw = one("object", "schemaBased", properties={"p": child})
    assert "Remove it" not in html_of(raw, {"x": {}})
    assert "Remove it" in html_of(raw, {"x": {"p": "canary"}})
