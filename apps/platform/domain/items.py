"""Dataset items on their way out: fields kept or left out, hidden, empty, unwound, flattened.

Source: semantics.md rules 174, 182-194, 200, 201. Values keep the very bytes they came with.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

Fields = dict[str, msgspec.Raw]
read_fields = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
read_elements = msgspec.json.Decoder(list[msgspec.Raw]).decode
encode = msgspec.json.encode
NESTED = frozenset(b"{[")  # first bytes of objects and arrays

LONGEST_NAME = 200  # characters above which nothing is flattened further: no names without end
HIDDEN = (b'"#', b'"\\u0023')


@dataclass(frozen=True, slots=True)
class Selection:
    """`only` picks fields before anything is unwound, `fields` afterwards; both in their order."""

    only: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    omit: tuple[str, ...] = ()
    unwind: tuple[str, ...] = ()
    flatten: tuple[str, ...] = ()
    skip_hidden: bool = False
    skip_empty: bool = False
    skip_failed: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether every item leaves as it came."""
        return self == Selection()


def select(lines: Iterable[bytes], selection: Selection) -> Iterator[Fields]:
    """The items of `lines` as `selection` wants them."""
    for line in lines:
        item = read_fields(line)
        if selection.skip_failed and "errorInfo" in item:
            continue
        if selection.skip_hidden:
            item = {name: value for name, value in item.items() if name[:1] != "#"}
        if selection.only:
            item = _picked(item, selection.only)
        for row in unwound(item, selection.unwind) if selection.unwind else (item,):
            shaped = _shaped(row, selection)
            if shaped or not selection.skip_empty:
                yield shaped


def is_clean(line: bytes) -> bool:
    """Whether something is left of an item without its hidden fields (rules 174, 175)."""
    if any(mark in line for mark in HIDDEN):
        return any(name[:1] != "#" for name in read_fields(line))
    return line.strip(b" \t{}") != b""


def _picked(item: Fields, names: tuple[str, ...]) -> Fields:
    return {name: item[name] for name in names if name in item}


def _shaped(item: Fields, selection: Selection) -> Fields:
    if selection.flatten:
        item = flattened(item, selection.flatten)
    if selection.omit:
        item = {name: value for name, value in item.items() if name not in selection.omit}
    return _picked(item, selection.fields) if selection.fields else item


def unwound(item: Fields, names: tuple[str, ...]) -> Iterator[Fields]:
    """One row per element of the array in the first name, then by the others (rules 190-193)."""
    if not names:
        yield item
        return
    name, rest = names[0], names[1:]
    value = bytes(item.get(name, b""))
    if value[:1] not in {b"[", b"{"}:
        yield from unwound(item, rest)
        return
    others = {key: kept for key, kept in item.items() if key != name}
    for part in read_elements(value) if value[:1] == b"[" else (msgspec.Raw(value),):
        inner = read_fields(part) if bytes(part)[:1] == b"{" else {name: part}
        yield from unwound({**others, **inner}, rest)


def flattened(item: Fields, names: tuple[str, ...]) -> Fields:
    """Nested objects of `names` as dotted keys in their place (rule 194)."""
    out: Fields = {}
    for name, value in item.items():
        if name in names:
            out.update(_dotted(name, value))
        else:
            out[name] = value
    return out


def _dotted(name: str, value: msgspec.Raw) -> Fields:
    nested = len(name) <= LONGEST_NAME and bytes(value)[:1] == b"{"
    inner = read_fields(value) if nested else {}
    if not inner:
        return {name: value}
    out: Fields = {}
    for key, each in inner.items():
        out.update(_dotted(f"{name}.{key}", each))
    return out
