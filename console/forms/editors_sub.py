"""Sub-forms: an object, or rows of objects. Keys that the schema does not know survive."""

from typing import Any

from console.forms.editors import Editor, Post, Problem, effective, posted, resolve
from console.forms.editors_rows import MOST_SHOWN, element, indexes
from console.forms.names import part
from console.forms.schema import MISSING, Spec


def editor_of(spec: Spec) -> Editor:
    """A sub-field's editor: JSON when not even its default can be shown as it is meant."""
    from console.forms.fields import editor_for

    return editor_for(spec, MISSING)


def children_fit(spec: Spec, value: Any) -> bool:
    """When one sub-field cannot show its value, the whole is shown as JSON."""
    return all(
        child.key not in value or editor_of(child).fits(child, value[child.key])
        for child in spec.children
    )


def child_raws(spec: Spec, value: Any) -> tuple[Any, ...]:
    found = value if isinstance(value, dict) else {}
    return tuple(
        editor_of(child).show(child, found.get(child.key, MISSING)) for child in spec.children
    )


def read_children(spec: Spec, post: Post, name: str) -> tuple[Any, ...]:
    return tuple(
        editor_of(child).read(child, post, f"{name}.{part(child.key)}") for child in spec.children
    )


def merged(spec: Spec, raws: tuple[Any, ...], was: Any) -> dict[str, Any]:
    """Sub-fields put into what was there. What is new has the defaults that it was shown with."""
    made = dict(was) if isinstance(was, dict) else defaults(spec)
    for child, raw in zip(spec.children, raws, strict=True):
        before = made.get(child.key, MISSING)
        try:
            value = resolve(editor_of(child), child, raw, before)
        except Problem as problem:
            raise Problem(f"{child.title}: {problem}") from None
        if value is MISSING:
            made.pop(child.key, None)
        else:
            made[child.key] = value
    return made


def defaults(spec: Spec) -> dict[str, Any]:
    found = {child.key: child.default for child in spec.children}
    return {key: value for key, value in found.items() if value is not MISSING}


def is_object(spec: Spec, value: Any) -> bool:
    return isinstance(value, dict) and children_fit(spec, value)


def show_object(spec: Spec, value: Any) -> tuple[Any, ...]:
    return child_raws(spec, effective(spec, value))


def read_object(spec: Spec, post: Post, name: str) -> tuple[Any, ...]:
    return read_children(spec, post, name)


def object_value(spec: Spec, raw: tuple[Any, ...], was: Any) -> Any:
    return merged(spec, raw, effective(spec, was))


def is_objects(spec: Spec, value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_SHOWN
        and all(isinstance(row, dict) and children_fit(spec, row) for row in value)
    )


def show_objects(spec: Spec, value: Any) -> tuple[Any, ...]:
    found = effective(spec, value)
    rows = found if isinstance(found, list) else []
    return tuple((str(number), *child_raws(spec, row)) for number, row in enumerate(rows))


def read_objects(spec: Spec, post: Post, name: str) -> tuple[Any, ...]:
    """Each row says which row it was (`from`), so that what it does not show survives."""
    rows = []
    for index in indexes(post, name):
        row = f"{name}.{index}"
        rows.append((posted(spec, post, f"{row}.from"), *read_children(spec, post, row)))
    blank = ("", *child_raws(spec, MISSING))
    return tuple(row for row in rows if row != blank)


def objects_value(spec: Spec, raw: tuple[Any, ...], was: Any) -> Any:
    before = effective(spec, was)
    made = []
    for number, (origin, *raws) in enumerate(raw, 1):
        try:
            made.append(merged(spec, tuple(raws), element(before, origin)))
        except Problem as problem:
            raise Problem(f"Row {number}, {problem}") from None
    return made


OBJECT = Editor("forms/object.html", is_object, show_object, read_object, object_value)
OBJECTS = Editor("forms/objects.html", is_objects, show_objects, read_objects, objects_value)
