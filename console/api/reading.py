"""How answers are read: each function gives a `read` for a `Call`."""

from collections.abc import Callable
from typing import Any, TypeVar

from console.api.calls import Answer
from console.api.decode import decode
from console.api.models.base import Data

T = TypeVar("T")


def data(wanted: type[T]) -> Callable[[Answer], T]:
    """The value inside `{"data": ...}` (rule 4)."""
    envelope: Any = Data[wanted]  # type: ignore[valid-type]  # built when the module loads
    return lambda answer: decode(answer.content, envelope).data  # type: ignore[no-any-return]  # see above


def nothing(answer: Answer) -> None:
    """For answers whose body says nothing (rules 16, 170)."""


def whole(answer: Answer) -> Answer:
    return answer
