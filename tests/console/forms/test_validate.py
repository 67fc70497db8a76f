"""What a person is told, keyword by keyword; 0 counts as a bound like any other."""

from typing import Any

import pytest

from tests.console.forms.page import back, html_of, one, sent


def complaint(raw: Any, **changes: str) -> str:
    read = back(raw, sent(raw, {}, **changes))
    assert read.value is None
    assert read.form is not None
    return str(read.form.errors["x"][0])


@pytest.mark.parametrize(
    ("kind", "editor", "keywords", "typed", "said"),
    [
        ("integer", "number", {"minimum": 0}, "-1", "Use 0 or more."),
        ("integer", "number", {"maximum": 0}, "1", "Use 0 or less."),
        ("integer", "number", {"maximum": 60, "unit": "seconds"}, "90", "Use 60 seconds or less."),
        ("integer", "number", {}, "1.5", "This must be a whole number."),
        ("number", "number", {}, "ten", "Write a number, such as 10 or 2.5."),
        ("number", "number", {}, "1e999", "Write a number, such as 10 or 2.5."),
        ("string", "textfield", {"minLength": 3}, "ab", "Use at least 3 characters."),
        ("string", "textfield", {"maxLength": 0}, "a", "Use at most 0 characters."),
        ("string", "textfield", {"pattern": "^a+$"}, "b", "This must match ^a+$."),
        ("string", "select", {"enum": ["a"]}, "=b", "Choose one of the options."),
        ("array", "json", {"minItems": 2}, "[1]", "Use at least 2 rows."),
        ("array", "json", {"minItems": 1}, "[]", "Use at least 1 row."),
        ("string", "textfield", {"maxLength": 1}, "ab", "Use at most 1 character."),
        ("array", "json", {"uniqueItems": True}, "[1, 1]", "Each row must be different."),
        ("object", "json", {"maxProperties": 0}, '{"a": 1}', "Use at most 0 properties."),
        ("object", "json", {}, "[]", "This must be an object in braces."),
        ("array", "json", {}, "{}", "This must be an array in brackets."),
        ("object", "json", {}, '{"a": }', "This is not valid JSON: line 1, column 7"),
        ("object", "json", {}, '{"a": NaN}', "NaN is not a JSON number"),
        ("array", "stringList", {"minItems": 1}, "", ""),
    ],
)
def test_each_keyword_has_its_sentence(
    kind: str, editor: str, keywords: dict[str, Any], typed: str, said: str
) -> None:
    raw = one(kind, editor, **keywords)
    if said:
        assert said in complaint(raw, x=typed)
    else:
        assert back(raw, sent(raw, {})).value == {}


def test_a_row_of_sources_needs_an_address() -> None:
    raw = one("array", "requestListSources")
    rows = {"x.0.main": "http://a.test", "x.1.main": "typo", "x.2.main": "list", "x.2.list": "1"}
    rows |= {"x.3.main": "http://exa mple.com/"}
    read = back(raw, sent(raw, {}, **rows))
    assert read.form is not None
    assert [str(each)[:6] for each in read.form.errors["x"]] == ["Row 2:", "Row 3:", "Row 4:"]
    rows |= {
        "x.3.main": "",
        "x.1.main": "HTTPS://b.test/?q=1 2",
        "x.2.main": "http://c.test/list.txt",
    }
    read = back(raw, sent(raw, {}, **rows))
    assert read.value == {
        "x": [
            {"url": "http://a.test"},
            {"url": "HTTPS://b.test/?q=1 2"},
            {"requestsFromUrl": "http://c.test/list.txt"},
        ]
    }


def test_a_required_field_must_be_filled_in() -> None:
    raw = {**one("string", "textfield"), "required": ["x"]}
    assert complaint(raw) == "This field is required."


def test_the_schema_may_say_it_in_its_own_words() -> None:
    raw = one("string", "textfield", pattern="^a$", errorMessage={"pattern": "Write an a."})
    assert complaint(raw, x="b") == "Write an a."


def test_a_pattern_that_would_stop_the_machine_is_harmless() -> None:
    raw = one("string", "textfield", pattern="^(a+)+$")
    assert "must match" in complaint(raw, x="a" * 5000 + "!")


def test_a_pattern_that_cannot_be_checked_is_said() -> None:
    raw = one("string", "textfield", pattern="^(?=a)b")
    assert "cannot be checked here" in html_of(raw, {})
    assert back(raw, sent(raw, {}, x="zzz")).value == {"x": "zzz"}


@pytest.mark.parametrize("where", ["title", "description", "sectionCaption"])
def test_texts_of_the_schema_are_escaped(where: str) -> None:
    html = html_of(one("string", "textfield", **{where: '<img src=x onerror="alert(1)">'}), {})
    assert "<img" not in html


def test_a_foreign_seal_opens_nothing() -> None:
    from console.forms import secrets
    from console.forms.schema import MISSING

    sealed = secrets.seal("s", "1/a/x")
    assert secrets.unseal(sealed, "1/a/x") == "s"
    assert secrets.unseal(sealed, "2/a/x") is MISSING
    assert secrets.unseal("nonsense", "1/a/x") is MISSING
