import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.domain.errors import ApiError
from apps.platform.domain.input_schema import check, problems, with_defaults

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)
KEYWORDS = [
    "type",
    "enum",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "pattern",
    "items",
    "properties",
    "required",
    "uniqueItems",
    "nullable",
    "patternKey",
    "patternValue",
    "errorMessage",
    "additionalProperties",
]


def one(spec: dict[str, Any], value: Any) -> list[str]:
    return list(problems({"properties": {"field": spec}}, {"field": value}))


def test_rule_145_missing_properties_get_their_default() -> None:
    schema = {"properties": {"a": {"default": 0}, "b": {"default": None}, "c": {"prefill": 1}}}
    assert with_defaults(schema, {}) == {"a": 0, "b": None}
    assert with_defaults(schema, {"a": "", "x": 1}) == {"a": "", "x": 1, "b": None}


SOURCES = {"type": "array", "editor": "requestListSources"}


@pytest.mark.parametrize(
    ("spec", "good", "bad"),
    [
        ({"type": "string"}, "", 1),
        ({"type": "boolean"}, False, 0),
        ({"type": "integer"}, 3, 3.5),
        ({"type": "integer"}, 3.0, "3"),
        ({"type": "number"}, 3.5, True),
        ({"type": "object"}, {}, []),
        ({"type": "array"}, [], {}),
        ({"type": ["string", "null"]}, None, 1),
        ({"type": "string", "nullable": True}, None, 1),
        ({"type": "string"}, "a", None),
        ({"type": "string", "enum": ["a", "b"]}, "a", "c"),
        ({"type": "string", "pattern": "^[a-z]+$"}, "abc", "ABC"),
        ({"type": "string", "minLength": 2, "maxLength": 3}, "ab", "a"),
        ({"type": "string", "maxLength": 3}, "abc", "abcd"),
        ({"type": "integer", "minimum": 0}, 0, -1),
        ({"type": "number", "maximum": 1}, 1, 1.1),
        ({"type": "array", "minItems": 1}, [1], []),
        ({"type": "array", "maxItems": 1}, [1], [1, 2]),
        ({"type": "array", "uniqueItems": True}, [1, True, "1"], [{"a": 1}, {"a": 1}]),
        ({"type": "array", "items": {"type": "string"}}, ["a"], ["a", 1]),
        ({"type": "array", "patternValue": "^a"}, ["ab"], ["b"]),
        ({"type": "array", "patternKey": "^a"}, [{"key": "ab"}], [{"key": "b"}]),
        (SOURCES, [{"url": "HTTP://a.test"}, {"requestsFromUrl": "https://a.test/l"}], [{}]),
        (SOURCES, [], [{"url": "a.test"}]),
        (SOURCES, [{"url": " ftp://a.test/ x"}], ["http://a.test"]),
        ({"type": "object", "minProperties": 1}, {"a": 1}, {}),
        ({"type": "object", "required": ["a"]}, {"a": None}, {}),
        ({"type": "object", "additionalProperties": False}, {}, {"a": 1}),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, {"a": ""}, {"a": 1}),
    ],
)
def test_each_keyword_allows_and_refuses(spec: dict[str, Any], good: Any, bad: Any) -> None:
    assert one(spec, good) == []
    assert len(one(spec, bad)) == 1


def test_sources_without_url_are_named_by_their_positions() -> None:
    value = [{"url": "http://a.test"}, {"url": "typo"}, {"url": 7}]
    assert one(SOURCES, value) == [
        "Field input.field must hold items with valid URLs; those at positions [1, 2] have none"
    ]


def test_the_error_names_the_field() -> None:
    schema = {"properties": {"a": {"type": "string"}}, "required": ["a"]}
    with pytest.raises(ApiError) as caught:
        check(schema, {})
    assert caught.value.type == "invalid-input"
    assert caught.value.message == "Input is not valid: Field input.a is required"


def test_the_schema_may_say_it_in_its_own_words() -> None:
    spec = {"type": "string", "pattern": "^a", "errorMessage": {"pattern": "Start with an a"}}
    assert one(spec, "b") == ['Field input.field must match pattern "^a". Start with an a']


def test_a_pattern_that_re2_does_not_know_is_not_enforced() -> None:
    assert one({"type": "string", "pattern": "(?=a)"}, "b") == []


def test_a_pattern_made_to_hang_does_not() -> None:
    assert one({"type": "string", "pattern": "^(a+)+$"}, "a" * 50_000 + "!") != []


def test_infinity_is_no_integer() -> None:
    assert one({"type": "integer"}, math.inf) != []


@given(st.dictionaries(st.sampled_from(KEYWORDS), json_values), json_values)
def test_no_schema_breaks_the_check(spec: dict[str, Any], value: Any) -> None:
    assert isinstance(one(spec, value), list)
    assert isinstance(list(problems(spec, value)), list)
    with_defaults(spec, {})
