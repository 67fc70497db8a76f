"""JSON as people edit it: numbers keep their kind, errors name line and column."""

import json
from typing import Any


class BadJson(ValueError):
    """A sentence with line and column."""


def loads(text: str) -> Any:
    """Raises BadJson; NaN, Infinity and numbers beyond a double are refused."""
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_float)
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


def dumps(value: Any) -> str:
    """Indented, characters as they are."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def compact(value: Any) -> str:
    """On one line; lone surrogates stay escaped so that it can be sent."""
    return json.dumps(value, separators=(",", ":"))


def _refuse(word: str) -> float:
    raise BadJson(f"This is not valid JSON: {word} is not a JSON number.")


def _float(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise BadJson(f"The number {text[:40]} is too large.")
    return number
