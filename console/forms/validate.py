"""The schema's keywords checked on a value; messages can be replaced by the schema."""

import re
from collections.abc import Iterator
from typing import Any, TypeGuard

from console.forms import jsontext
from console.forms.patterns import matches
from console.forms.schema import Spec, text

URL = re.compile(r"(?:https?|ftp)://[^\s/?#]+(?:[/?#]|$)", re.IGNORECASE)
NO_URL = "write an address that begins with http:// or https://."
MOST_NAMED = 20
UNITS = {"rows": "row", "characters": "character", "properties": "property"}


def problems(spec: Spec, value: Any) -> list[str]:
    """Sentences for what is wrong with `value`, which is not absent."""
    if value is None:
        return [] if spec.nullable else [said(spec, "type", "This must not be null.")]
    kind = wrong_type(spec, value)
    if kind:
        return [said(spec, "type", kind)]
    found = [said(spec, keyword, sentence) for keyword, sentence in keyword_problems(spec, value)]
    return [*found, *inner_problems(spec, value)]


def keyword_problems(spec: Spec, value: Any) -> "Found":
    if isinstance(value, str):
        return string_problems(spec, value)
    if isinstance(value, list):
        return array_problems(spec, value)
    if isinstance(value, dict):
        return object_problems(spec, value)
    return number_problems(spec, value) if is_number(value) else []


def inner_problems(spec: Spec, value: Any) -> Iterator[str]:
    """Of the sub-fields of a sub-form, each with the row and the name of its field."""
    if isinstance(value, list) and spec.children:
        for number, row in enumerate(value, 1):
            yield from (f"Row {number}, {each}" for each in child_problems(spec, row))
    elif isinstance(value, dict):
        yield from child_problems(spec, value)


def child_problems(spec: Spec, value: Any) -> Iterator[str]:
    for child in spec.children if isinstance(value, dict) else ():
        if child.key in value:
            yield from (f"{child.title}: {each}" for each in problems(child, value[child.key]))
        elif child.is_needed:
            yield f"{child.title}: {said(child, 'required', 'This field is required.')}"


def said(spec: Spec, keyword: str, sentence: str) -> str:
    own = spec.raw.get("errorMessage")
    if isinstance(own, str) and own:
        return own
    return text(own.get(keyword)) or sentence if isinstance(own, dict) else sentence


TYPE_SENTENCES = {
    "string": (str, "This must be a text."),
    "boolean": (bool, "This must be true or false."),
    "object": (dict, "This must be an object in braces."),
    "array": (list, "This must be an array in brackets."),
}


def wrong_type(spec: Spec, value: Any) -> str:
    if spec.type in TYPE_SENTENCES:
        kind, sentence = TYPE_SENTENCES[spec.type]
        return "" if isinstance(value, kind) else sentence
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if spec.type == "number" and not is_number:
        return "This must be a number."
    if spec.type == "integer" and not (is_number and float(value).is_integer()):
        return "This must be a whole number."
    return ""


Found = list[tuple[str, str]]


def string_problems(spec: Spec, value: str) -> Found:
    found = bounds(spec, "Length", len(value), "characters")
    pattern = spec.raw.get("pattern")
    if isinstance(pattern, str) and value and not matches(pattern, value):
        found.append(("pattern", f"This must match {pattern}."))
    if spec.is_strict_choice() and value not in [option for option, _ in spec.options()]:
        found.append(("enum", "Choose one of the options."))
    return found


def number_problems(spec: Spec, value: float) -> Found:
    found: Found = []
    least, most = spec.raw.get("minimum"), spec.raw.get("maximum")
    unit = f" {spec.unit}" if spec.unit else ""
    if is_number(least) and value < least:
        found.append(("minimum", f"Use {least}{unit} or more."))
    if is_number(most) and value > most:
        found.append(("maximum", f"Use {most}{unit} or less."))
    return found


def array_problems(spec: Spec, value: list[Any]) -> Found:
    found = bounds(spec, "Items", len(value), "rows")
    if spec.raw.get("uniqueItems") is True:
        texts = [jsontext.compact(item) for item in value]
        if len(texts) != len(set(texts)):
            found.append(("uniqueItems", "Each row must be different."))
    found += pair_problems(spec, value)
    if spec.editor == "requestListSources":
        found += [("items", f"Row {row}: {NO_URL}") for row in rows_without_url(value)]
    allowed = {option for option, _ in spec.options()}
    if spec.editor == "select" and spec.is_strict_choice() and not set(map(str, value)) <= allowed:
        found.append(("enum", "Choose from the options."))
    return found


def rows_without_url(value: list[Any]) -> list[int]:
    """From 1; each row names a page, or a list of pages."""
    return [number for number, item in enumerate(value, 1) if not has_url(item)][:MOST_NAMED]


def has_url(item: Any) -> bool:
    found = item.get("requestsFromUrl") or item.get("url") if isinstance(item, dict) else None
    return isinstance(found, str) and URL.match(found.strip()) is not None


def pair_problems(spec: Spec, value: list[Any]) -> Found:
    """The deprecated `patternKey` and `patternValue` of keyValue and stringList."""
    found: Found = []
    for part in ("key", "value"):
        pattern = spec.raw.get(f"pattern{part.title()}")
        for row in value if isinstance(pattern, str) else ():
            cell = row.get(part) if isinstance(row, dict) else row if part == "value" else None
            if isinstance(cell, str) and not matches(str(pattern), cell):
                found.append((f"pattern{part.title()}", f"{cell[:60]} must match {pattern}."))
    return found


def object_problems(spec: Spec, value: dict[str, Any]) -> Found:
    return bounds(spec, "Properties", len(value), "properties")


def bounds(spec: Spec, what: str, size: int, unit: str) -> Found:
    found: Found = []
    low, high = f"min{what}", f"max{what}"
    least, most = spec.raw.get(low), spec.raw.get(high)
    if is_number(least) and size < least:
        found.append((low, f"Use at least {counted(least, unit)}."))
    if is_number(most) and size > most:
        found.append((high, f"Use at most {counted(most, unit)}."))
    return found


def counted(bound: float, units: str) -> str:
    return f"{bound} {UNITS[units] if bound == 1 else units}"


def is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
