"""Templates of webhooks: JSON in which `{{variable}}` stands for a value (rules 234-236).

A template is cut into texts and variables by the tokenizer below and nothing else. Variables are
`userId`, `createdAt`, `eventType`, `eventData`, `resource` and `globals.{dateISO,dateUnix}`, with
dots for what lies inside. Where strings are interpolated, a string that is only a variable becomes
the value itself.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

DEFAULT = """{
    "userId": {{userId}},
    "createdAt": {{createdAt}},
    "eventType": {{eventType}},
    "eventData": {{eventData}},
    "resource": {{resource}}
}"""
LONGEST = 100_000  # characters of a template
LARGEST = 1 << 20  # bytes of what it becomes
ROOTS = ("userId", "createdAt", "eventType", "eventData", "resource", "globals")
INSIDE = {
    "globals": ("dateISO", "dateUnix"),
    "eventData": ("actorId", "actorTaskId", "actorRunId", "actorBuildId"),
}
PLAIN = ("userId", "createdAt", "eventType")  # texts: nothing lies inside

MOST_HEADERS = 50
LONGEST_HEADER = 8192
FIXED = frozenset(
    {
        "host",
        "content-type",
        "x-apify-webhook",
        "x-apify-webhook-dispatch-id",
        "x-apify-request-origin",
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
    }
)
HOP_BY_HOP = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-encoding",
        "content-length",
        "expect",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,200}\Z")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*\Z")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"', re.DOTALL)
_COLON = re.compile(r"\s*:")
_OPEN, _CLOSE = "{{", "}}"
_PATH = re.compile(r"[A-Za-z_]\w*(\.\w[\w-]*)*\Z", re.ASCII)


class BadTemplate(Exception):
    """A sentence that names the place."""


@dataclass(frozen=True, slots=True)
class Variable:
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class String:
    """A JSON string with variables inside, its escapes undone."""

    parts: tuple["str | Variable", ...]


Part = str | Variable | String


def parse(template: str, *, strings: bool) -> list[Part]:
    """The template in parts; `strings`: variables inside strings count too. Raises BadTemplate
    when it can never become JSON, a variable is unknown or the template too long."""
    if len(template) > LONGEST:
        raise BadTemplate(f"The template is longer than {LONGEST} characters")
    parts = list(_tokens(template, strings))
    _check_json("".join(part if isinstance(part, str) else " null " for part in parts))
    return parts


def _check_json(text: str) -> None:
    try:
        json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise BadTemplate("The template is nested too deeply") from None
    except json.JSONDecodeError as problem:
        raise BadTemplate(
            f"The template is not JSON with variables: {problem.msg} in line {problem.lineno}"
        ) from None
    except ValueError as problem:
        raise BadTemplate(f"The template is not JSON with variables: {problem}") from None


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _tokens(template: str, strings: bool) -> Iterator[Part]:
    at = 0
    while at < len(template):
        if template[at] == '"':
            found = _STRING.match(template, at)
            if not found:
                raise BadTemplate(f"A string does not end, {_place(template, at)}")
            is_key = bool(_COLON.match(template, found.end()))
            asks = strings and _OPEN in found[0] and not is_key
            yield _string(found[0], template, at) if asks else found[0]
            at = found.end()
        elif template.startswith(_OPEN, at):
            yield _variable(template, at, template, at)
            at = template.index(_CLOSE, at) + 2
        else:
            ends = [template.find(mark, at + 1) for mark in ('"', _OPEN)]
            end = min((each for each in ends if each >= 0), default=len(template))
            yield template[at:end]
            at = end


def _string(literal: str, template: str, place: int) -> String:
    try:
        text = json.loads(literal)
    except ValueError:
        raise BadTemplate(f"A string is not valid, {_place(template, place)}") from None
    parts: list[str | Variable] = []
    at = 0
    while (start := text.find(_OPEN, at)) >= 0:
        parts += [text[at:start], _variable(text, start, template, place)]
        at = text.index(_CLOSE, start) + 2
    return String(tuple(part for part in [*parts, text[at:]] if part != ""))


def _variable(text: str, start: int, template: str, place: int) -> Variable:
    end = text.find(_CLOSE, start)
    if end < 0:
        raise BadTemplate(f"A variable does not end with }}}}, {_place(template, place)}")
    name = text[start + 2 : end].strip()
    path = tuple(name.split("."))
    root = path[0]
    known = _PATH.match(name) and root in ROOTS and not (root in PLAIN and len(path) > 1)
    inside = INSIDE.get(root)
    if known and inside and (len(path) > 2 or any(each not in inside for each in path[1:])):  # noqa: PLR2004 - root and what lies inside
        known = False
    if not known:
        raise BadTemplate(
            f"Unknown variable {name[:100]!r}, {_place(template, place)}. "
            f"Known are {', '.join(ROOTS)}"
        )
    return Variable(path)


def _place(template: str, at: int) -> str:
    line = template.count("\n", 0, at) + 1
    column = at - template.rfind("\n", 0, at)
    return f"line {line}, column {column}"


def render(parts: list[Part], context: dict[str, Any]) -> str:
    """The JSON that the template becomes; BadTemplate when it is too large."""
    made: list[str] = []
    size = 0
    for part in parts:
        made.append(_text(part, context))
        size += len(made[-1].encode(errors="replace"))
        if size > LARGEST:
            raise BadTemplate(f"The template becomes larger than {LARGEST} bytes")
    return "".join(made)


def _text(part: Part, context: dict[str, Any]) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, Variable):
        return _dumps(_value(part, context))
    if len(part.parts) == 1 and isinstance(part.parts[0], Variable):
        return _dumps(_value(part.parts[0], context))
    values = [each if isinstance(each, str) else _value(each, context) for each in part.parts]
    return _dumps("".join(each if isinstance(each, str) else _dumps(each) for each in values))


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _value(variable: Variable, context: dict[str, Any]) -> Any:
    """What the path leads to; null where nothing is."""
    value: Any = context
    for name in variable.path:
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        else:
            return None
    return value


def headers_of(text: str) -> list[tuple[str, str]]:
    """What a headers template became, without those that are always overwritten; BadTemplate for
    what no header can be."""
    value = json.loads(text) if text.strip() else {}
    if not isinstance(value, dict):
        raise BadTemplate("The headers template must be a JSON object")
    if len(value) > MOST_HEADERS:
        raise BadTemplate(f"At most {MOST_HEADERS} headers can be sent")
    found = []
    for name, content in value.items():
        if name.lower() in FIXED:
            continue
        if not _NAME.match(name) or name.lower() in HOP_BY_HOP:
            raise BadTemplate(f"{name[:100]!r} cannot be set as a header")
        sent = content if isinstance(content, str) else _dumps(content)
        if not _VALUE.match(sent) or len(sent) > LONGEST_HEADER:
            raise BadTemplate(f"The header {name} has a value that cannot be sent")
        found.append((name, sent))
    return found
