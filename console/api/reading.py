"""How answers are read: each function gives a `read` for a `Call`."""

from collections.abc import Callable
from typing import TypeVar

from console.api.calls import Answer
from console.api.decode import decode
from console.api.models.base import Data

T = TypeVar("T")


def data(wanted: type[T]) -> Callable[[Answer], T]:
    """The value inside `{"data": ...}` (rule 4)."""
    envelope: type[Data[T]] = Data[wanted]  # type: ignore[valid-type]  # a type made at run time
    return lambda answer: decode(answer.content, envelope).data


def nothing(answer: Answer) -> None:
    """For answers whose body says nothing (rules 16, 170)."""


def whole(answer: Answer) -> Answer:
    return answer
