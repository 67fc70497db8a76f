"""What each operation answers, field by field, and what in an answer is not so."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.contract.operations import OPERATIONS, ROOTS, Operation

FILE = Path(__file__).with_name("shapes.txt")
PLAIN: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "number": (int, float),
    "boolean": bool,
    "object": dict,
    "list": list,
}
PAGE = {
    "total": "number",
    "offset": "number",
    "limit": "number",
    "count": "number",
    "desc": "boolean",
}
Fields = dict[str, str]


def _read() -> tuple[dict[str, Fields], dict[int, str]]:
    shapes: dict[str, Fields] = defaultdict(dict)
    answers: dict[int, str] = {}
    for line in FILE.read_text().splitlines():
        if match := re.match(r"(\w+): (.+)", line):
            for field in match[2].split(", "):
                name, _, kind = field.partition(" ")
                assert name not in shapes[match[1]], f"{match[1]}.{name} is there twice"
                shapes[match[1]][name] = kind
        elif " = " in line:
            numbers, _, kind = line.partition(" = ")
            answers |= dict.fromkeys(map(int, numbers.split()), kind)
    return dict(shapes), answers


SHAPES, ANSWERS = _read()


def of(operation: Operation) -> str:
    """The shape of its `data`; "" when it answers something else, or nothing."""
    root = next((root for root in ROOTS if operation.path.startswith(f"{root}/")), "")
    if not root:
        return ANSWERS.get(operation.number, "")
    kind, slash, rest = operation.path.removeprefix(f"{root}/").partition("/")
    same = re.compile(rf"{kind}s/{{\w+}}{re.escape(slash + rest)}\Z")
    for each in OPERATIONS:
        if each.method == operation.method and same.match(each.path):
            return ANSWERS.get(each.number, "")
    return ""


def complaints(kind: str, value: Any, where: str = "data") -> Iterator[str]:
    """A sentence for each field that is missing or has another type."""
    name = kind.rstrip("?*")
    if value is None:
        if "?" not in kind:
            yield f"{where} is null"
    elif name.startswith(("[", "{")):
        yield from _many(name, value, where)
    elif name.startswith("page("):
        yield from _fields(PAGE | {"items": f"[{name[5:-1]}]"}, value, where)
    elif name in SHAPES:
        yield from _fields(SHAPES[name], value, where)
    elif isinstance(value, bool) != (name == "boolean") or not isinstance(value, PLAIN[name]):
        yield f"{where} is {value!r:.60}, no {name}"


def _many(name: str, value: Any, where: str) -> Iterator[str]:
    wanted = list if name[0] == "[" else dict
    if not isinstance(value, wanted):
        yield f"{where} is no {wanted.__name__}"
        return
    found = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in found:
        yield from complaints(name[1:-1], each, f"{where}[{key}]")


def _fields(fields: Fields, value: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} is no object"
        return
    for name, kind in fields.items():
        if name in value:
            yield from complaints(kind, value[name], f"{where}.{name}")
        elif "*" not in kind:
            yield f"{where}.{name} is missing"
