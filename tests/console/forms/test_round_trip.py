"""Schema -> form -> what a browser sends -> input loses nothing, whatever the value."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from console.forms import schema, values
from tests.console.forms.page import back, sent

EDITORS = [
    ("string", "textfield"),
    ("string", "textarea"),
    ("string", "select"),
    ("string", "datepicker"),
    ("boolean", "checkbox"),
    ("integer", "number"),
    ("number", "number"),
    ("object", "json"),
    ("object", "proxy"),
    ("object", "schemaBased"),
    ("array", "json"),
    ("array", "requestListSources"),
    ("array", "globs"),
    ("array", "keyValue"),
    ("array", "stringList"),
    ("array", "select"),
    ("array", "schemaBased"),
    ("", "odd"),
]
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
LEAVES = (
    st.sampled_from([0, "", False, None, 1.0, 1, True, -0.0, 10**30, " ", "\n", "a\r\nb", "0"])
    | TEXTS
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
) | st.sampled_from([[], {}, [""], [{}], [{"url": ""}], {"n": 0}, [{"n": 0}, {}]])
KEYS = st.sampled_from(["a", "b c", "d.0.url", 'e"<', "ž", "was", "0"])
CHILDREN = {
    "n": {"type": "integer", "default": "odd"},
    "s": {"type": "string", "editor": "textfield"},
    "b": {"type": "boolean", "default": True},
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


@settings(max_examples=100, deadline=None)
@given(value=st.dictionaries(KEYS, VALUES, max_size=4))
def test_the_json_view_keeps_everything(value: dict[str, Any]) -> None:
    parsed = schema.parse({"properties": {}})
    data = {"view": "json", "json": values.as_json(parsed, value), "was": "{}"}
    read = values.read(parsed, data, "1/a")
    assert exact(read.value) == exact(value)
