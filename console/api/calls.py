"""A call is a value: what to send and how to read the answer. Executors are in `client`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Generic, TypeVar
from urllib.parse import quote

T = TypeVar("T")
U = TypeVar("U")
Param = str | int | bool | None

JSON = "application/json"
MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete 2xx answer, or a 404 that was expected; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def figure(self, header: str) -> int | None:
        """A header's whole number; None when it is missing or is none."""
        return figure(self.headers.get(header, ""))


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """`path` is percent-encoded already; `params` hold what goes into the query string.

    With `may_be_gone` a 404 is an answer to `read` too.
    """

    method: str
    path: str
    read: Callable[[Answer], T]
    params: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    content_type: str = ""
    user_agent_suffix: str = ""
    may_be_gone: bool = False

    @property
    def label(self) -> str:
        """Method and path, for messages and logs; the query is left out on purpose."""
        return f"{self.method} {self.path}"

    def marked(self, suffix: str) -> "Call[T]":
        """The same call with a mark in its User-Agent, by which a lost answer is found again."""
        return replace(self, user_agent_suffix=suffix)

    def or_none(self) -> "Call[T | None]":
        """The same call, with None where the API has nothing: a run outlives its storages."""
        return Call(
            self.method,
            self.path,
            lambda answer: None if answer.status == HTTPStatus.NOT_FOUND else self.read(answer),
            self.params,
            self.body,
            self.content_type,
            self.user_agent_suffix,
            may_be_gone=True,
        )

    def mapped(self, change: Callable[[T], U]) -> "Call[U]":
        return Call(
            self.method,
            self.path,
            lambda answer: change(self.read(answer)),
            self.params,
            self.body,
            self.content_type,
            self.user_agent_suffix,
            self.may_be_gone,
        )


def figure(text: str) -> int | None:
    is_figure = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if is_figure else None


def path(template: str, *values: str) -> str:
    """Fills the `{}` of `template` with percent-encoded values."""
    return template.format(*(quote(value, safe="~") for value in values))


def params(**values: Param) -> dict[str, str]:
    """Query parameters in the API's spelling; None is left out, booleans become 1 and 0."""
    return {_camel(name): _text(value) for name, value in values.items() if value is not None}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _text(value: str | int | bool) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)
