"""JSON as people edit it: numbers keep their kind, errors name line and column.

Numbers are what every reader of the input takes them for: integers exact at any size, 1.0 apart
from 1, other figures as doubles (so 1e2 comes back as 100.0, the same number).
"""

import json
from typing import Any

DEEPEST = 100


class BadJson(ValueError):
    """A sentence with line and column."""


def loads(text: str) -> Any:
    """Raises BadJson; NaN, Infinity and numbers beyond a double are refused."""
    try:
        found = json.loads(text, parse_constant=_refuse, parse_float=_float)
    except json.JSONDecodeError as problem:
        raise BadJson(
            f"This is not valid JSON: line {problem.lineno}, column {problem.colno}: "
            f"{problem.msg[:1].lower()}{problem.msg[1:]}."
        ) from None
    except RecursionError:
        raise BadJson("This JSON is nested too deeply.") from None
    except BadJson:
        raise
    except ValueError as problem:  # a number with thousands of digits
        raise BadJson(f"This is not valid JSON: {problem}.") from None
    if is_too_deep(found):
        raise BadJson("This JSON is nested too deeply.")
    return found


def is_too_deep(value: Any) -> bool:
    """More than 100 levels: what makes text of values would run out of stack at a thousand."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def dumps(value: Any) -> str:
    """Indented, characters as they are; lone surrogates escaped, since no page can hold them."""
    shown = json.dumps(value, indent=2, ensure_ascii=False)
    return shown if has_no_surrogates(shown) else json.dumps(value, indent=2)


def compact(value: Any) -> str:
    """On one line; lone surrogates stay escaped so that it can be sent."""
    return json.dumps(value, separators=(",", ":"))


def is_showable(value: Any) -> bool:
    """Whether a page can hold its texts and a browser sends them back as they are."""
    if isinstance(value, str):
        return "\0" not in value and has_no_surrogates(value)
    if isinstance(value, dict):
        return all(is_showable(key) and is_showable(each) for key, each in value.items())
    return not isinstance(value, list) or all(map(is_showable, value))


def has_no_surrogates(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse(word: str) -> float:
    raise BadJson(f"This is not valid JSON: {word} is not a JSON number.")


def _float(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise BadJson(f"The number {text[:40]} is too large.")
    return number
