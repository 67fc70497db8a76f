"""Schema -> form -> what a browser sends -> input loses nothing, whatever the value."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from console.forms import masks, schema, values
from tests.console.forms.page import CONTEXT, back, html_of, sent

EDITORS = [
    ("string", "textfield"),
    ("string", "textarea"),
    ("string", "javascript"),
    ("string", "select"),
    ("string", "datepicker"),
    ("string", "fileupload"),
    ("string", "resourcePicker"),
    ("boolean", "checkbox"),
    ("integer", "number"),
    ("number", "number"),
    ("object", "json"),
    ("object", "proxy"),
    ("object", "schemaBased"),
    ("array", "json"),
    ("array", "requestListSources"),
    ("array", "globs"),
    ("array", "pseudoUrls"),
    ("array", "keyValue"),
    ("array", "stringList"),
    ("array", "select"),
    ("array", "fileupload"),
    ("array", "schemaBased"),
    ("", "odd"),
]
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
LEAVES = (
    st.sampled_from(
        [
            0,
            "",
            False,
            None,
            1.0,
            1,
            True,
            -0.0,
            10**30,
            10**310,
            "\ud800",
            "\0",
            " ",
            "\n",
            "a\r\nb",
            "0",
        ]
    )
    | TEXTS
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
) | st.sampled_from([[], {}, [""], [{}], [{"url": ""}], {"n": 0}, [{"n": 0}, {}]])
VALUES |= st.sampled_from(
    [
        [{"url": "u", "headers": {"a": 1.0}, "x": None}, {"requestsFromUrl": "l"}, {}],
        [{"key": "", "value": ""}, {"key": "k", "value": "v", "more": 1.0}],
        [{"n": 1.0, "k": "canary"}, {"k": "canary"}],
        {"n": 1.0, "k": "canary", "more": [0]},
        {"useApifyProxy": True, "apifyProxyGroups": []},
    ]
)
KEYS = st.sampled_from(["a", "a.n", "a!null", "b c", 'e"<', "ž", "was", "0", "", "__all__", "%2E"])
CHILDREN = {
    "n": {"type": "integer", "default": "odd"},
    "s": {"type": "string", "editor": "textfield"},
    "b": {"type": "boolean", "default": True, "nullable": True},
    "k": {"type": "string", "editor": "textfield", "isSecret": True},
}


@st.composite
def property_of(draw: st.DrawFn) -> dict[str, Any]:
    kind, editor = draw(st.sampled_from(EDITORS))
    spec: dict[str, Any] = {"title": "T", "type": kind, "editor": editor}
    if editor == "select":
        spec["enum" if kind == "string" else "items"] = (
            ["", "a"] if kind == "string" else {"enum": ["", "a"]}
        )
    if editor == "schemaBased":
        spec["properties" if kind == "object" else "items"] = (
            CHILDREN if kind == "object" else {"properties": CHILDREN}
        )
    if draw(st.booleans()):
        spec["default"] = draw(VALUES)
    if draw(st.booleans()):
        spec["nullable"] = True
    return spec


def exact(value: Any) -> str:
    return repr(value)


@settings(max_examples=250, deadline=None)
@given(
    properties=st.dictionaries(KEYS, property_of(), min_size=1, max_size=3),
    value=st.dictionaries(KEYS, VALUES, max_size=4),
)
def test_nothing_is_lost(properties: dict[str, Any], value: dict[str, Any]) -> None:
    """Also values that the schema forbids: they are refused, never changed."""
    raw = {"properties": properties}
    read = back(raw, sent(raw, value))
    assert read.form is not None
    read.form.is_valid()
    kept = values.to_input(read.form, read.was)
    for key, expected in value.items():
        if key not in read.form.errors:
            assert exact(kept[key]) == exact(expected)
    assert not set(kept) - set(value)
    assert read.was == value


@settings(max_examples=150, deadline=None)
@given(
    properties=st.dictionaries(KEYS, property_of(), min_size=2, max_size=3),
    value=st.dictionaries(KEYS, VALUES, max_size=4),
)
def test_a_change_changes_nothing_else(properties: dict[str, Any], value: dict[str, Any]) -> None:
    changed = {"type": "integer", "editor": "number", "default": 5}
    raw = {"properties": {**properties, "changed": changed}}
    data = sent(raw, {**value, "changed": 0}, changed="7")
    read = back(raw, data)
    assert read.form is not None
    read.form.is_valid()
    kept = values.to_input(read.form, read.was)
    assert kept.pop("changed") == 7
    wrong = read.form.errors
    assert {key: exact(each) for key, each in kept.items()} == {
        key: exact(each) for key, each in value.items() if key not in wrong
    }


@settings(max_examples=100, deadline=None)
@given(
    properties=st.dictionaries(KEYS, property_of(), min_size=1, max_size=3),
    value=st.dictionaries(KEYS, VALUES, max_size=4),
)
def test_json_and_form_views_are_one_value(
    properties: dict[str, Any], value: dict[str, Any]
) -> None:
    """Form to JSON to Form, secrets masked on the way."""
    raw = {"properties": properties}
    parsed = schema.parse(raw)
    text = values.as_json(parsed, value)
    carried = values.carried(parsed, value, CONTEXT)
    if any(spec.holds_secrets and spec.key in value for spec in parsed.specs):
        assert "canary" not in carried or "canary" in str(unsealed(parsed, value))
    read = values.read(parsed, {"view": "json", "json": text, "was": carried}, CONTEXT)
    assert exact(read.value) == exact(value)


def unsealed(parsed: schema.Schema, value: dict[str, Any]) -> Any:
    """The value without its secrets."""
    return masks.masked(masks.whole(parsed), value)


@settings(max_examples=100, deadline=None)
@given(value=st.dictionaries(KEYS, VALUES, max_size=4))
def test_the_json_view_keeps_everything(value: dict[str, Any]) -> None:
    parsed = schema.parse({"properties": {}})
    data = {"view": "json", "json": values.as_json(parsed, value), "was": "{}"}
    read = values.read(parsed, data, "1/a")
    assert exact(read.value) == exact(value)


KEYWORDS = st.sampled_from(
    [
        "type",
        "editor",
        "title",
        "description",
        "default",
        "prefill",
        "enum",
        "enumTitles",
        "enumSuggestedValues",
        "items",
        "unit",
        "minimum",
        "maximum",
        "minLength",
        "pattern",
        "properties",
        "required",
        "nullable",
        "isSecret",
        "example",
        "resourceType",
        "sectionCaption",
        "groupCaption",
        "dateType",
        "placeholderKey",
        "errorMessage",
        "patternKey",
        "uniqueItems",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    raw=st.dictionaries(KEYS, st.dictionaries(KEYWORDS, VALUES, max_size=4) | VALUES, max_size=3),
    editors=st.lists(st.sampled_from(EDITORS), min_size=3, max_size=3),
    value=st.dictionaries(KEYS, VALUES, max_size=2),
)
def test_no_schema_breaks_the_page(
    raw: dict[str, Any], editors: list[tuple[str, str]], value: dict[str, Any]
) -> None:
    """Whatever the keywords hold, the form is shown and read."""
    properties = {
        key: {**spec, "type": kind, "editor": editor} if isinstance(spec, dict) else spec
        for (key, spec), (kind, editor) in zip(raw.items(), editors, strict=False)
    }
    whole = {"properties": properties}
    html_of(whole, value).encode(errors="surrogatepass")
    read = back(whole, sent(whole, value))
    assert read.form is not None
    read.form.is_valid()
