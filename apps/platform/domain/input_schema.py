"""An Actor's input schema: defaults filled in, input checked (console-features.md section 5).

A schema of someone else's making may hold anything; what cannot be understood is not enforced.
Patterns run in RE2, which needs linear time whatever the pattern.
"""

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any

import re2

from apps.platform.domain.errors import ApiError

DEEPEST = 20
LONGEST_PATTERN = 2000
MOST_NAMED = 20
URL = re.compile(r"(?:https?|ftp)://[^\s/?#]", re.IGNORECASE)
TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: (
        (isinstance(value, int) and not isinstance(value, bool))
        or (isinstance(value, float) and value.is_integer())
    ),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}
Problem = tuple[str, str]  # keyword, what is wrong


def with_defaults(schema: Any, value: dict[str, Any]) -> dict[str, Any]:
    """`value` with the default of every property that is not in it (rule 145)."""
    missing = {
        name: spec["default"]
        for name, spec in _properties(schema).items()
        if "default" in spec and name not in value
    }
    return {**value, **missing}


def check(schema: Any, value: dict[str, Any]) -> None:
    """ApiError 400 `invalid-input` naming the first field that the schema does not allow."""
    for problem in problems(schema, value):
        raise ApiError(400, "invalid-input", f"Input is not valid: {problem}")


def problems(schema: Any, value: Any, *, where: str = "input", depth: int = 0) -> Iterator[str]:
    """A sentence for each thing in the object `value` that `schema` does not allow."""
    if not isinstance(schema, dict) or not isinstance(value, dict) or depth > DEEPEST:
        return
    properties = _properties(schema)
    required = schema.get("required")
    for name in required if isinstance(required, list) else []:
        if isinstance(name, str) and name not in value:
            yield f"Field {where}.{name} is required"
    if schema.get("additionalProperties") is False:
        for name in value:
            if name not in properties:
                yield f"Property {where}.{name} is not allowed"
    for name, spec in properties.items():
        if name in value:
            yield from _field_problems(spec, value[name], f"{where}.{name}", depth)


def _field_problems(spec: dict[str, Any], value: Any, where: str, depth: int) -> Iterator[str]:
    if value is None and spec.get("nullable") is True:
        return
    named = spec.get("type")
    named = named if isinstance(named, list) else [named]
    kinds = [kind for kind in named if isinstance(kind, str) and kind in TYPES]
    if kinds and not any(TYPES[kind](value) for kind in kinds):
        yield _said(spec, "type", f"Field {where} must be {' or '.join(kinds)}")
        return
    for keyword, message in _value_problems(spec, value):
        yield _said(spec, keyword, f"Field {where} {message}")
    if isinstance(value, dict):
        yield from problems(spec, value, where=where, depth=depth + 1)
    elif isinstance(value, list):
        items = spec.get("items")
        if isinstance(items, dict) and depth < DEEPEST:
            for number, item in enumerate(value):
                yield from _field_problems(items, item, f"{where}.{number}", depth + 1)


def _value_problems(spec: dict[str, Any], value: Any) -> Iterator[Problem]:
    allowed = spec.get("enum")
    if isinstance(allowed, list) and value not in allowed:
        yield "enum", "must be equal to one of the allowed values: " + ", ".join(map(str, allowed))
    if isinstance(value, str):
        yield from _string_problems(spec, value)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _bounds(spec, "imum", value)
    elif isinstance(value, list):
        yield from _bounds(spec, "Items", len(value), " items")
        if spec.get("uniqueItems") is True and _has_doubles(value):
            yield "uniqueItems", "must not hold the same item twice"
        yield from _pair_problems(spec, value)
        if spec.get("editor") == "requestListSources":
            yield from _source_problems(value)
    elif isinstance(value, dict):
        yield from _bounds(spec, "Properties", len(value), " properties")


def _string_problems(spec: dict[str, Any], value: str) -> Iterator[Problem]:
    yield from _bounds(spec, "Length", len(value), " characters")
    if not _matches(spec.get("pattern"), value):
        yield "pattern", f'must match pattern "{spec["pattern"]}"'


def _bounds(spec: dict[str, Any], what: str, size: float, unit: str = "") -> Iterator[Problem]:
    """The keywords `minimum` and `maximum`, or `minItems` and `maxItems` and so on."""
    least, most = (f"{end}{what}" for end in ("min", "max"))
    verb = "have" if unit else "be"
    if TYPES["number"](spec.get(least)) and size < spec[least]:
        yield least, f"must {verb} at least {spec[least]}{unit}"
    if TYPES["number"](spec.get(most)) and size > spec[most]:
        yield most, f"must {verb} at most {spec[most]}{unit}"


def _pair_problems(spec: dict[str, Any], value: list[Any]) -> Iterator[Problem]:
    """`patternKey` and `patternValue` of the editors keyValue and stringList."""
    for item in value:
        pair = item if isinstance(item, dict) else {"value": item}
        for keyword, part in (("patternKey", "key"), ("patternValue", "value")):
            text = pair.get(part)
            if isinstance(text, str) and not _matches(spec.get(keyword), text):
                yield keyword, f'must hold items whose {part} matches "{spec[keyword]}"'
                return


def _source_problems(value: list[Any]) -> Iterator[Problem]:
    """Each item names a page, or a list of pages."""
    wrong = [number for number, item in enumerate(value) if not _is_source(item)]
    if wrong:
        shown = ", ".join(map(str, wrong[:MOST_NAMED]))
        yield "items", f"must hold items with valid URLs; those at positions [{shown}] have none"


def _is_source(item: Any) -> bool:
    found = item.get("requestsFromUrl") or item.get("url") if isinstance(item, dict) else None
    return isinstance(found, str) and URL.match(found.strip()) is not None


def _matches(pattern: Any, value: str) -> bool:
    if not isinstance(pattern, str) or len(pattern) > LONGEST_PATTERN:
        return True
    compiled = _compiled(pattern)
    return compiled is None or compiled.search(value) is not None


@functools.lru_cache(maxsize=256)
def _compiled(pattern: str) -> Any:
    """None for a pattern that RE2 does not know, as one with a look-ahead."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        return re2.compile(pattern, options=options)
    except (re2.error, UnicodeEncodeError):
        return None


def _has_doubles(values: list[Any]) -> bool:
    seen = set()
    for value in values:
        mark = _frozen(value)
        if mark in seen:
            return True
        seen.add(mark)
    return False


def _frozen(value: Any) -> Any:
    """`value` as something that can be compared by hash; 1 and true stay apart."""
    if isinstance(value, dict):
        return frozenset((key, _frozen(item)) for key, item in value.items())
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return (isinstance(value, bool), value)


def _said(spec: dict[str, Any], keyword: str, message: str) -> str:
    """The schema's own words for the problem, if it has any."""
    own = spec.get("errorMessage")
    if isinstance(own, dict):
        own = own.get(keyword)
    return f"{message}. {own}" if isinstance(own, str) and own else message


def _properties(schema: Any) -> dict[str, dict[str, Any]]:
    found = schema.get("properties") if isinstance(schema, dict) else None
    if not isinstance(found, dict):
        return {}
    return {name: spec for name, spec in found.items() if isinstance(spec, dict)}
