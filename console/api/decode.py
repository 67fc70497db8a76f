"""From bytes to structs. A field of the wrong type falls back to its default, not the page.

Strict decoding is tried first, since answers are nearly always as described. Only when it
fails is the answer taken apart field by field. A struct without its required field (the id)
is left out of a list; alone, it makes the answer unreadable.
"""

import types
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin

import msgspec

T = TypeVar("T")


class Mismatch(ValueError):
    """The value cannot be read as the wanted type."""


def decode(content: bytes, wanted: type[T]) -> T:
    """Raises `Mismatch` when nothing of it can be read."""
    kind: Any = wanted
    try:
        try:
            return cast(T, _decoder(kind).decode(content))
        except msgspec.ValidationError:
            plain = msgspec.json.decode(content)
    except (ValueError, RecursionError) as problem:  # all that msgspec raises is a ValueError
        raise Mismatch(str(problem)) from problem
    return cast(T, soften(plain, wanted))


@cache
def _decoder(wanted: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(wanted)


def soften(value: object, wanted: Any) -> Any:
    """`value`, built of JSON's own types, read as `wanted` as far as that goes."""
    origin = get_origin(wanted)
    if origin in (Union, types.UnionType):
        return _first_that_fits(value, get_args(wanted))
    if isinstance(origin or wanted, type) and issubclass(origin or wanted, msgspec.Struct):
        return _struct(value, wanted)
    if origin is list:
        return _list(value, get_args(wanted)[0])
    if origin is dict:
        return _dict(value, get_args(wanted)[1])
    try:
        return msgspec.convert(value, wanted)
    except (msgspec.ValidationError, OverflowError) as problem:
        raise Mismatch(str(problem)) from problem


def _first_that_fits(value: object, choices: tuple[Any, ...]) -> Any:
    for choice in choices:
        try:
            return soften(value, choice)
        except Mismatch:
            continue
    raise Mismatch("no part of the union fits")


def _struct(value: object, wanted: Any) -> Any:
    if not isinstance(value, dict):
        raise Mismatch(f"{wanted} wants an object")
    read: dict[str, Any] = {}
    for field in msgspec.structs.fields(wanted):
        try:
            if field.encode_name in value:
                read[field.name] = soften(value[field.encode_name], field.type)
        except Mismatch:
            if field.required:
                raise
        else:
            if field.required and field.name not in read:
                raise Mismatch(f"{field.encode_name} is missing")
    return (get_origin(wanted) or wanted)(**read)


def _list(value: object, wanted: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Mismatch("wants a list")
    read = []
    for each in value:
        try:
            read.append(soften(each, wanted))
        except Mismatch:
            continue
    return read


def _dict(value: object, wanted: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Mismatch("wants an object")
    read = {}
    for name, each in value.items():
        try:
            read[name] = soften(each, wanted)
        except Mismatch:
            continue
    return read
