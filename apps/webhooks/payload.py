"""Payload and header templates: JSON with variables, as rules 234-236 describe them.

`{{variable}}` stands where a value may stand. With `interpolate`, also inside strings: alone it is
the value itself, among other characters its text. A tokenizer of our own finds the variables; the
rest is read as JSON with each variable blanked out at its own length, so that errors keep their
line and column.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

KNOWN_INSIDE = {
    "userId": (),
    "createdAt": (),
    "eventType": (),
    "eventData": ("actorId", "actorTaskId", "actorRunId", "actorBuildId"),
    "globals": ("dateISO", "dateUnix"),
}
ROOTS = {
    "userId": "ID of the account",
    "createdAt": "when the event happened, ISO 8601",
    "eventType": "such as ACTOR.RUN.SUCCEEDED",
    "eventData": "IDs of the Actor, task, run or build",
    "resource": "the whole run or build, as the API tells it at that moment",
    "globals": "dateISO and dateUnix of the event",
}
DEFAULT = """{
    "userId": {{userId}},
    "createdAt": {{createdAt}},
    "eventType": {{eventType}},
    "eventData": {{eventData}},
    "resource": {{resource}}
}"""
FIXED_HEADERS = (
    "Host",
    "Content-Type",
    "X-Apify-Webhook",
    "X-Apify-Webhook-Dispatch-Id",
    "X-Apify-Request-Origin",
)
LONGEST = 100_000
PATH = re.compile(r"[A-Za-z_]\w*(?:\.[\w-]+)*", re.ASCII)
HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
TOKEN = re.compile(r'\{\{|"(?:[^"\\\n]|\\.)*"')
KEY_END = re.compile(r"\s*:")
INSIDE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


class Problem(ValueError):
    """`sentence` names the place, counted from 1."""

    def __init__(self, text: str, position: int, sentence: str) -> None:
        line = text.count("\n", 0, position) + 1
        column = position - (text.rfind("\n", 0, position) + 1) + 1
        self.sentence = f"Line {line}, column {column}: {sentence}"
        super().__init__(self.sentence)


class Slot(NamedTuple):
    """A variable at `text[start:end]`; `kind` is value, whole (a string of its own) or part."""

    start: int
    end: int
    path: str
    kind: str


def parse(text: str, *, interpolate: bool) -> list[Slot]:
    """The variables of a template that is fine, in order; raises `Problem` otherwise."""
    slots = []
    at = 0
    while found := TOKEN.search(text, at):
        at = found.end()
        if found[0] == "{{":
            slots.append(_value(text, found.start()))
            at = slots[-1].end
        elif interpolate and not KEY_END.match(text, at):
            slots += _inside(text, found.start(), at)
    _read(text, slots)
    return slots


def _value(text: str, start: int) -> Slot:
    found = INSIDE.match(text, start)
    if found is None:
        raise Problem(text, start, "this variable has no end: }} is missing.")
    return Slot(start, found.end(), _path(text, start, found[1]), "value")


def _inside(text: str, start: int, end: int) -> list[Slot]:
    found = list(INSIDE.finditer(text, start, end))
    opened = text.rfind("{{", start, end)
    if opened >= 0 and text.find("}}", opened, end) < 0:
        raise Problem(text, opened, "this variable has no end: }} is missing.")
    is_alone = len(found) == 1 and found[0].span() == (start + 1, end - 1)
    if is_alone:
        return [Slot(start, end, _path(text, start, found[0][1]), "whole")]
    return [Slot(*each.span(), _path(text, each.start(), each[1]), "part") for each in found]


def _path(text: str, position: int, inner: str) -> str:
    path = inner.strip()
    if not PATH.fullmatch(path):
        raise Problem(text, position, "a variable is a name such as resource.id between {{ and }}.")
    root, _, inside = path.partition(".")
    known = KNOWN_INSIDE.get(root)
    if root not in ROOTS or (inside and known is not None and inside not in known):
        names = [f"{root}.{name}" for name in known] if known else list(ROOTS)
        raise Problem(text, position, f"there is no {path}. There are {', '.join(names)}.")
    return path


def _read(text: str, slots: list[Slot]) -> Any:
    plain = text
    for slot in slots:
        if slot.kind != "part":
            blank = "null".ljust(slot.end - slot.start)
            plain = plain[: slot.start] + blank + plain[slot.end :]
    try:
        return json.loads(plain, parse_constant=_refuse)
    except json.JSONDecodeError as problem:
        said = (problem.msg[:1].lower() + problem.msg[1:]).removesuffix(" starting at")
        raise Problem(text, problem.pos, f"{said}. Apart from variables this is JSON.") from None
    except (RecursionError, ValueError) as problem:
        raise Problem(text, 0, f"this cannot be read as JSON: {problem}.") from None


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no number of JSON")


def check_headers(text: str, *, interpolate: bool) -> None:
    """Raises `Problem`: headers are an object whose values are strings or variables."""
    found = _read(text, parse(text, interpolate=interpolate))
    if not isinstance(found, dict):
        raise Problem(text, 0, 'headers are an object, such as {"Authorization": "Bearer …"}.')
    for name, value in found.items():
        place = max(text.find(json.dumps(name, ensure_ascii=False)), 0)
        if not HEADER_NAME.fullmatch(name):
            raise Problem(text, place, f"{name} cannot be the name of a header.")
        if value is not None and not isinstance(value, str):
            raise Problem(text, place, f"the value of {name} must be a string in quotes.")
        if isinstance(value, str) and not value.isprintable():
            raise Problem(text, place, f"the value of {name} holds a line break or control sign.")


def render(text: str, variables: Mapping[str, Any], *, interpolate: bool) -> str:
    """JSON text; what a path does not find is null. Raises `Problem`."""
    parts = []
    at = 0
    for slot in parse(text, interpolate=interpolate):
        value = _look_up(variables, slot.path)
        made = json.dumps(value, ensure_ascii=False)
        if slot.kind == "part":
            plain = value if isinstance(value, str) else made
            made = json.dumps(plain, ensure_ascii=False)[1:-1]
        parts += [text[at : slot.start], made]
        at = slot.end
    return "".join([*parts, text[at:]])


def _look_up(variables: Mapping[str, Any], path: str) -> Any:
    value: Any = variables
    for name in path.split("."):
        if isinstance(value, list) and name.isdecimal() and int(name[:9]) < len(value):
            value = value[int(name[:9])]
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
    return value


def headers(text: str, variables: Mapping[str, Any], *, interpolate: bool) -> dict[str, str]:
    """The headers that a template makes, without those that the API sets itself."""
    if not text.strip():
        return {}
    check_headers(text, interpolate=interpolate)
    made = json.loads(render(text, variables, interpolate=interpolate))
    fixed = {name.lower() for name in FIXED_HEADERS}
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in made.items()
        if name.lower() not in fixed and value is not None
    }
