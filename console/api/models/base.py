"""What all wire models share (semantics.md rules 4, 37)."""

from typing import Annotated, Generic, TypeVar

import msgspec

T = TypeVar("T")

# Ids stand in URLs of the Console, so a value that cannot is no id.
Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Count = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]


class Model(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Unknown keys are ignored; every field but the id has a default."""


class Data(msgspec.Struct, Generic[T], frozen=True):
    data: T


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One page of a listing, ordered by creation, oldest first unless `desc`."""

    total: Count = 0
    offset: Count = 0
    limit: Count = 0
    count: Count = 0
    desc: bool = False
    items: list[T] = []


class Listing(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """Versions and their variables come without paging (rule 46)."""

    total: Count = 0
    items: list[T] = []
