"""Dataset items on their way out: fields kept or left out, hidden, empty, unwound, flattened.

Source: semantics.md rules 174, 182-194. Values that are not touched keep their very bytes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

Fields = dict[str, Any]  # values are msgspec.Raw unless the item was unwound or flattened
_shallow = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_deep = msgspec.json.Decoder(dict[str, Any]).decode
encode = msgspec.json.encode


@dataclass(frozen=True, slots=True)
class Selection:
    fields: tuple[str, ...] = ()
    omit: tuple[str, ...] = ()
    unwind: tuple[str, ...] = ()
    flatten: tuple[str, ...] = ()
    skip_hidden: bool = False
    skip_empty: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether every item leaves as it came."""
        return self == Selection()


def select(lines: Iterable[bytes], selection: Selection) -> Iterator[Fields]:
    """The items of `lines` as `selection` wants them."""
    deep = bool(selection.unwind or selection.flatten)
    read: Callable[[bytes], Fields] = _deep if deep else _shallow
    for line in lines:
        item = read(line)
        if selection.skip_hidden:
            item = {k: v for k, v in item.items() if not k.startswith("#")}
        for row in unwound(item, selection.unwind):
            shaped = _shaped(row, selection)
            if shaped or not selection.skip_empty:
                yield shaped


def _shaped(item: Fields, selection: Selection) -> Fields:
    if selection.flatten:
        item = flattened(item, selection.flatten)
    if selection.omit:
        item = {k: v for k, v in item.items() if k not in selection.omit}
    if selection.fields:
        item = {name: item[name] for name in selection.fields if name in item}
    return item


def unwound(item: Fields, names: tuple[str, ...]) -> Iterator[Fields]:
    """One row per element of the array in the first name, then by the others (rules 190-193)."""
    if not names:
        yield item
        return
    name, rest = names[0], names[1:]
    value = item.get(name)
    if isinstance(value, list):
        parts = value
    elif isinstance(value, dict):
        parts = [value]
    else:
        yield from unwound(item, rest)
        return
    others = {k: v for k, v in item.items() if k != name}
    for part in parts:
        row = {**others, **part} if isinstance(part, dict) else {**others, name: part}
        yield from unwound(row, rest)


def flattened(item: Fields, names: tuple[str, ...], mark: str = ".") -> Fields:
    """Nested objects of `names` as dotted keys in their place (rule 194)."""
    out: Fields = {}
    for key, value in item.items():
        if key in names and isinstance(value, dict):
            out.update(_dotted(key, value, mark))
        else:
            out[key] = value
    return out


def _dotted(prefix: str, value: dict[str, Any], mark: str) -> Fields:
    out: Fields = {}
    for key, inner in value.items():
        name = f"{prefix}{mark}{key}"
        if isinstance(inner, dict) and inner:
            out.update(_dotted(name, inner, mark))
        else:
            out[name] = inner
    return out
