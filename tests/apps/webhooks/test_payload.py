"""Templates: what they become, and where they are wrong."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.webhooks import payload
from apps.webhooks.payload import Problem, check_headers, headers, parse, render

VALUES: dict[str, Any] = {
    "userId": "u1",
    "eventType": "ACTOR.RUN.SUCCEEDED",
    "eventData": {"actorId": "a1"},
    "resource": {"id": 'r"1', "n": [1, {"deep": 2}], "none": None},
    "globals": {"dateUnix": 5},
}


@pytest.mark.parametrize(
    ("template", "interpolate", "made"),
    [
        ('{"a": {{resource.id}}}', False, {"a": 'r"1'}),
        ('{"a": {{ resource.n.1.deep }}}', False, {"a": 2}),
        ('{"a": {{resource.missing.more}}}', False, {"a": None}),
        ('{"a": "{{resource.id}}"}', False, {"a": "{{resource.id}}"}),
        ('{"a": "{{resource.n}}"}', True, {"a": [1, {"deep": 2}]}),
        ('{"a": "Run {{resource.id}} of {{userId}}"}', True, {"a": 'Run r"1 of u1'}),
        ('{"a": "n {{resource.n}}"}', True, {"a": 'n [1, {"deep": 2}]'}),
        ('{"{{userId}}": 1}', True, {"{{userId}}": 1}),
        ("{{eventData}}", False, {"actorId": "a1"}),
    ],
)
def test_rules_234_236_variables_stand_for_values(
    template: str, interpolate: bool, made: Any
) -> None:
    assert json.loads(render(template, VALUES, interpolate=interpolate)) == made


def test_the_default_template_is_fine() -> None:
    assert set(json.loads(render(payload.DEFAULT, VALUES, interpolate=False))) == {
        "userId", "createdAt", "eventType", "eventData", "resource",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("template", "interpolate", "said"),
    [
        ('{"a": {{nope}}}', False, "Line 1, column 7: there is no nope."),
        ('{\n  "a": {{resource.id},\n}', False, "Line 2, column 8: this variable has no end"),
        ('{\n "a": 1,\n}', False, "Line 3, column 1: "),
        ('{"x": {{resource.id}},\n "a": tru}', False, "Line 2, column 7: "),
        ('{"a":\n"{{foo}} b"}', True, "Line 2, column 2: there is no foo."),
        ('{"a": "{{b"}', True, "Line 1, column 8: this variable has no end"),
        ('{"a": {{globals.x}}}', False, "There are globals.dateISO, globals.dateUnix."),
        ('{"a": {{1}}}', False, "a variable is a name"),
        ("[NaN]", False, "NaN is no number"),
        ("[" * 100_000, False, "cannot be read"),
    ],
)
def test_errors_name_the_place(template: str, interpolate: bool, said: str) -> None:
    with pytest.raises(Problem, match=said.replace("(", r"\(")):
        parse(template, interpolate=interpolate)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("[]", "Line 1, column 1: headers are an object"),
        ('{"a b": "x"}', "cannot be the name"),
        ('{"A": "x",\n "B": 1}', "Line 2, column 2: the value of B must be a string"),
        ('{"A": "x\\r\\nEvil: 1"}', "line break"),
    ],
)
def test_headers_are_an_object_of_strings(template: str, said: str) -> None:
    with pytest.raises(Problem, match=said):
        check_headers(template, interpolate=False)


def test_rule_235_fixed_headers_are_left_out() -> None:
    template = '{"Authorization": "Bearer {{userId}}", "HOST": "x", "X-Apify-Webhook": "no"}'
    assert headers(template, VALUES, interpolate=True) == {"Authorization": "Bearer u1"}
    assert headers(" ", VALUES, interpolate=True) == {}


PIECES = ["{{userId}}", "{{", "}}", *'{}"\\: ,[]ab1.\n']
TEXTS = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, st.booleans())
def test_whatever_is_typed_it_is_json_or_a_problem(template: str, interpolate: bool) -> None:
    with suppress(Problem):
        json.loads(render(template, VALUES, interpolate=interpolate))
