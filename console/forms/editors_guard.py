"""Editors of what is not shown: secrets, hidden fields, and the box that says null."""

from functools import cache, partial
from typing import Any

from console.forms.editors import Editor, Post, json_value, posted, text_value
from console.forms.schema import MISSING, Spec

SecretRaw = tuple[str, bool]  # what was typed, whether the kept one goes
NullRaw = tuple[Any, bool]  # of the inner editor, whether null is ticked


def any_value(spec: Spec, value: Any) -> bool:
    return True


def nothing(spec: Spec, value: Any) -> None:
    return None


def read_nothing(spec: Spec, post: Post, name: str) -> None:
    return None


def keep(spec: Spec, raw: None, was: Any) -> Any:
    return was


def show_secret(spec: Spec, value: Any) -> SecretRaw:
    """Never the value: an empty field means that it stays."""
    return ("", False)


def read_secret(spec: Spec, post: Post, name: str) -> SecretRaw:
    return (posted(spec, post, name), post.get(f"{name}!clear") is not None)


def secret_value(spec: Spec, raw: SecretRaw, was: Any) -> Any:
    typed, is_cleared = raw
    if not typed:
        return MISSING if is_cleared else was
    return (text_value if spec.type == "string" else json_value)(spec, typed, MISSING)


HIDDEN = Editor("", any_value, nothing, read_nothing, keep)
SECRET = Editor("forms/secret.html", any_value, show_secret, read_secret, secret_value)


def fits_null(inner: Editor, spec: Spec, value: Any) -> bool:
    return value is None or inner.fits(spec, value)


def show_null(inner: Editor, spec: Spec, value: Any) -> NullRaw:
    is_null = value is None or (value is MISSING and spec.default is None)
    return (inner.show(spec, value), is_null)


def read_null(inner: Editor, spec: Spec, post: Post, name: str) -> NullRaw:
    return (inner.read(spec, post, name), post.get(f"{name}!null") is not None)


def null_value(inner: Editor, spec: Spec, raw: NullRaw, was: Any) -> Any:
    """Null where it was ticked; what is typed beside a box that was ticked before wins over it."""
    typed, is_null = raw
    before, was_null = show_null(inner, spec, was)
    if is_null and not (was_null and typed != before):
        return None
    return inner.value(spec, typed, MISSING if was is None else was)


@cache
def nullable(inner: Editor) -> Editor:
    """The editor with a box for null."""
    return Editor(
        "forms/null.html",
        partial(fits_null, inner),
        partial(show_null, inner),
        partial(read_null, inner),
        partial(null_value, inner),
        inner,
    )
