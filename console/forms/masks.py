"""Where a value holds secrets, and texts that stand for them where the value is shown."""

from collections.abc import Iterator
from typing import Any

from console.forms.schema import MISSING, Schema, Spec

MASK = "••••••••"
Place = tuple[str | int, ...]


def whole(schema: Schema) -> Spec:
    """The schema as one property, for what works on both."""
    return Spec(key="", type="object", editor="json", title="", children=schema.specs)


def places(spec: Spec, value: Any, at: Place = ()) -> Iterator[Place]:
    """Paths of the secrets within `value`, in the order of the schema."""
    if spec.is_secret:
        yield at
    elif isinstance(value, list):
        for number, row in enumerate(value) if spec.holds_secrets else ():
            yield from _within(spec, row, (*at, number))
    else:
        yield from _within(spec, value, at)


def _within(spec: Spec, value: Any, at: Place) -> Iterator[Place]:
    for child in spec.children if isinstance(value, dict) else ():
        if child.key in value:
            yield from places(child, value[child.key], (*at, child.key))


def get(value: Any, place: Place) -> Any:
    """MISSING when there is nothing."""
    for step in place:
        kind = list if isinstance(step, int) else dict
        here: Any = value if isinstance(value, kind) else {}
        try:
            value = here[step]
        except (KeyError, IndexError):
            return MISSING
    return value


def put(value: Any, place: Place, new: Any) -> Any:
    """A copy with `new` at an existing place; MISSING takes the key away, or leaves null."""
    if not place:
        return new
    step, rest = place[0], place[1:]
    if isinstance(value, list):
        made: Any = list(value)
        at = int(step)
        below = put(made[at], rest, new)
        made[at] = None if below is MISSING else below
        return made
    made = dict(value)
    below = put(made[step], rest, new)
    if below is MISSING:
        del made[step]
    else:
        made[step] = below
    return made


def masked(spec: Spec, value: Any) -> Any:
    """Each secret is replaced by a mask with its number."""
    for number, place in enumerate(list(places(spec, value)), 1):
        value = put(value, place, f"{MASK} {number}")
    return value


def unmasked(spec: Spec, value: Any, was: Any) -> Any:
    """Masks that were left as they are become the secrets of `was` again."""
    before = {
        f"{MASK} {number}": get(was, place)
        for number, place in enumerate(places(spec, was), 1)
        if was is not MISSING
    }
    for place in list(places(spec, value)):
        found = get(value, place)
        if isinstance(found, str) and found.startswith(MASK):
            value = put(value, place, before.get(found, MISSING))
    return value
