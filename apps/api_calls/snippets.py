"""One call of the API as text to copy: curl, Python and JavaScript, with the token masked."""

import json
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, unquote, urlencode

from apps.api_calls.methods import EXAMPLES, METHODS, NEXT

LONGEST, MOST = 2000, 16
FLAGS = {"desc", "my", "unnamed", "clean", "skipEmpty", "skipHidden", "stream", "download"}
NOTHING = ("", "", "")
WORDS = {"GET", "POST", "PUT", "DELETE"}
TOKEN = "$CALLBOARD_TOKEN"  # noqa: S105 - a variable's name stands for the token


@dataclass(frozen=True)
class Snippet:
    method: str
    path: str
    params: tuple[tuple[str, str], ...]

    @property
    def address(self) -> str:
        return f"/v2/{self.path}" + (f"?{urlencode(self.params)}" if self.params else "")

    def curl(self, base_url: str) -> str:
        verb = "" if self.method == "GET" else f" -X {self.method}"
        header = f'-H "Authorization: Bearer {TOKEN}"'
        body = example(self.method, self.path)[0]
        sent = f" \\\n  -H 'Content-Type: application/json' -d {shlex.quote(body)}" if body else ""
        return f"curl{verb} {header}{sent} \\\n  {shlex.quote(base_url + self.address)}"

    def python(self, base_url: str) -> str:
        head = f"client = ApifyClient(token, api_url={json.dumps(base_url)})"
        found = chain(self.method, self.path)
        if found is None:
            return f"{head}\n# the client has no method for {self.method} {self.address}"
        given = ", ".join(f"{snake(name)}={python_value(name, v)}" for name, v in self.params)
        given = given or example(self.method, self.path)[1]
        return f"{head}\nanswer = client.{ended(found, given)}"

    def javascript(self, base_url: str) -> str:
        head = f"const client = new ApifyClient({{ token, baseUrl: {json.dumps(base_url)} }});"
        found = chain(self.method, self.path)
        if found is None:
            return f"{head}\n// the client has no method for {self.method} {self.address}"
        given = ", ".join(f"{name}: {script_value(name, v)}" for name, v in self.params)
        options = f"{{ {given} }}" if given else example(self.method, self.path)[2]
        call = ended(camel_calls(found), options)
        return f"{head}\nconst answer = await client.{call};"


def read(texts: Sequence[str]) -> list[Snippet]:
    """`GET /v2/acts?limit=1` each; what is no such text is left out, and so are repetitions."""
    found: dict[Snippet, None] = {}
    for text in texts[:MOST]:
        method, _, address = text.partition(" ")
        path, _, query = address.partition("?")
        if method in WORDS and path.startswith("/v2/") and len(text) <= LONGEST:
            found[Snippet(method, path.removeprefix("/v2/"), tuple(parse_qsl(query)))] = None
    return list(found)


def next_of(snippets: Sequence[Snippet]) -> list[Snippet]:
    """What can be done with the things that these calls read."""
    made = []
    for snippet in snippets:
        for pattern, calls in NEXT.items():
            parts = matched(pattern, snippet.path) if snippet.method == "GET" else None
            if parts is not None:
                made += [Snippet(method, path.format(*parts), ()) for method, path in calls]
    return [each for each in dict.fromkeys(made) if each not in snippets]


def chain(method: str, path: str) -> str | None:
    """The client's chain with the path's values as literals, its last call not yet closed."""
    for verb, pattern, spelt in METHODS:
        parts = matched(pattern, path) if verb == method else None
        if parts is not None:
            return spelt.format(*(json.dumps(unquote(part)) for part in parts))
    return None


def example(method: str, path: str) -> tuple[str, str, str]:
    """What a POST sends, for curl, Python and JavaScript; empty where it sends nothing."""
    found = (given for pattern, given in EXAMPLES.items() if matched(pattern, path) is not None)
    return next(found, NOTHING) if method == "POST" else NOTHING


def matched(pattern: str, path: str) -> tuple[str, ...] | None:
    found = compiled(pattern).fullmatch(path)
    return None if found is None else found.groups()


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("{}", "([^/]+)"))


def ended(spelt: str, given: str) -> str:
    """`x.get` gets its parentheses; one that ends with a value takes the rest beside it."""
    if spelt.endswith(")"):
        return f"{spelt[:-1]}, {given})" if given else spelt
    return f"{spelt}({given})"


def camel_calls(spelt: str) -> str:
    """Names outside of literals in camel case."""
    parts = re.split(r'("(?:[^"\\]|\\.)*")', spelt)
    return "".join(each if each.startswith('"') else camel(each) for each in parts)


def camel(text: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), text)


def snake(text: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: "_" + found[1].lower(), text)


def python_value(name: str, value: str) -> str:
    if name in FLAGS:
        return str(value in ("1", "true"))
    return value if value.isdecimal() else json.dumps(value)


def script_value(name: str, value: str) -> str:
    return python_value(name, value).lower() if name in FLAGS else python_value(name, value)
