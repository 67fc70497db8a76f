"""Templates of webhooks (rules 234-236; reliability-security.md rows 17, 18)."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.platform.domain import templates
from apps.platform.domain.templates import BadTemplate

CONTEXT: dict[str, Any] = {
    "userId": "u",
    "createdAt": "2026-01-01T00:00:00.000Z",
    "eventType": "ACTOR.RUN.SUCCEEDED",
    "eventData": {"actorId": "a", "actorRunId": "r"},
    "resource": {"id": "r", "n": 3, "list": [{"x": 'q"uote'}], "text": "{{userId}}", "ok": True},
    "globals": {"dateISO": "2026", "dateUnix": 5},
}


def filled(template: str, *, strings: bool = False) -> Any:
    return json.loads(templates.render(templates.parse(template, strings=strings), CONTEXT))


def test_rule_234_the_default_has_the_five_keys() -> None:
    made = filled(templates.DEFAULT)
    assert made == {name: CONTEXT[name] for name in templates.ROOTS[:5]}


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{{userId}}", "u"),
        ('[{{ resource.n }}, {{resource.list.0.x}}, "{{userId}}"]', [3, 'q"uote', "{{userId}}"]),
        ('{"a": {"b": {{resource.ok}}}}', {"a": {"b": True}}),
        ("[{{resource.missing.deeper}}, {{resource.id.x}}, {{resource.list.9}}]", [None] * 3),
        ('{"a\\"}}": {{globals.dateUnix}}}', {'a"}}': 5}),
        ("{{resource.text}}", "{{userId}}"),
    ],
)
def test_rule_234_variables_stand_for_values(template: str, value: Any) -> None:
    assert filled(template) == value


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ('"{{resource.n}}"', 3),
        ('"n is {{resource.n}}, {{eventType}}!"', "n is 3, ACTOR.RUN.SUCCEEDED!"),
        ('"{{resource.list}}"', [{"x": 'q"uote'}]),
        ('"x{{resource.list.0.x}}\\n"', 'xq"uote\n'),
        ('{"{{userId}}": "{{userId}}"}', {"{{userId}}": "u"}),
        ('"{{resource.text}} {{userId}}"', "{{userId}} u"),
    ],
)
def test_rule_236_inside_strings(template: str, value: Any) -> None:
    assert filled(template, strings=True) == value


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ('{"a": {{nobody}}}', "Unknown variable 'nobody', line 1, column 7"),
        ('{\n "a": {{__class__}}}', "line 2, column 7"),
        ("{{userId.x}}", "Unknown variable"),
        ("{{globals.other}}", "Unknown variable"),
        ("{{eventData.actorId.x}}", "Unknown variable"),
        ("{{resource.__class__.x()}}", "Unknown variable"),
        ("{{}}", "Unknown variable"),
        ("{{userId", "does not end"),
        ('{"a": "b', "A string does not end, line 1"),
        ('{"a": 1', "is not JSON with variables"),
        ("{{userId}}{{userId}}", "is not JSON with variables"),
        ("1{{userId}}", "is not JSON with variables"),
        ("{ {{userId}}: 1}", "is not JSON with variables"),
        ("[NaN]", "NaN is no JSON"),
        ("hello", "is not JSON with variables"),
        ("", "is not JSON with variables"),
        ("[" * 90_000, "nested too deeply|is not JSON"),
        (" " * 100_001, "longer than 100000"),
    ],
)
def test_what_cannot_work_is_refused_with_its_place(template: str, sentence: str) -> None:
    with pytest.raises(BadTemplate, match=sentence):
        templates.parse(template, strings=False)


def test_in_strings_an_unknown_variable_counts_only_where_they_are_interpolated() -> None:
    templates.parse('"{{nobody}}"', strings=False)
    with pytest.raises(BadTemplate, match="Unknown variable 'nobody', line 1, column 1"):
        templates.parse('"{{nobody}}"', strings=True)


def test_the_expansion_is_capped() -> None:
    parts = templates.parse("[" + ",".join(["{{resource}}"] * 5000) + "]", strings=False)
    big = CONTEXT | {"resource": "x" * 1000}
    with pytest.raises(BadTemplate, match="larger than"):
        templates.render(parts, big)


@pytest.mark.parametrize(
    "text",
    [
        '{"Content-Length": "1"}',
        '{"Transfer-Encoding": "chunked"}',
        '{"connection": "keep-alive"}',
        '{"X-A": "a\\r\\nX-B: c"}',
        '{"X-A\\r\\n": "a"}',
        '{"X A": "a"}',
        '{"": "a"}',
        '{"X-A": "\\u0000"}',
        '{"X-A": "' + "a" * 8193 + '"}',
        '{"X-A": "š"}',
        "[1]",
        "{" + ",".join(f'"X-{n}": "a"' for n in range(51)) + "}",
    ],
)
def test_row_17_headers_that_cannot_be_sent(text: str) -> None:
    with pytest.raises(BadTemplate):
        templates.headers_of(text)


def test_rule_235_the_fixed_headers_are_not_the_templates() -> None:
    fixed = dict.fromkeys(templates.FIXED, "x") | {"HOST": "x", "X-Mine": 5}
    assert templates.headers_of(json.dumps(fixed)) == [("X-Mine", "5")]


ATOMS = [
    "{",
    "}",
    "{{",
    "}}",
    "[",
    "]",
    '"',
    "\\",
    ",",
    ":",
    " ",
    "userId",
    "resource.id",
    "1",
    "x",
]


@given(st.lists(st.sampled_from(ATOMS), max_size=14).map("".join), st.booleans())
def test_row_18_what_is_accepted_becomes_json(template: str, strings: bool) -> None:
    """The oracle: a template is either refused or becomes JSON, and where strings are left alone
    that JSON is the template with each variable's value written out."""
    try:
        parts = templates.parse(template, strings=strings)
    except BadTemplate:
        return
    made = templates.render(parts, CONTEXT)
    json.loads(made)
    if not strings and '"' not in template:
        values = {"userId": '"u"', "resource.id": '"r"'}
        assert made == re.sub(r"\{\{\s*([\w.]+)\s*\}\}", lambda m: values[m[1]], template)
