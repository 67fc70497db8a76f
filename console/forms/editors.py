"""Editors of single values. An editor shows a value, reads what was posted, makes a value of it.

What is shown and comes back unchanged keeps the very value it was made of (`resolve`), so that a
form never turns "" into nothing, 1.0 into 1 or an unknown shape into a broken one.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from console.forms import jsontext
from console.forms.masks import masked, unmasked
from console.forms.schema import MISSING, Spec

Raw = Any  # what an editor shows: texts in tuples, comparable


class Post(Protocol):
    """Django's QueryDict, as far as editors need it."""

    def get(self, key: str) -> Any: ...
    def getlist(self, key: str) -> list[Any]: ...
    def __iter__(self) -> Iterator[str]: ...


class Problem(Exception):
    """A sentence for the person who typed."""


@dataclass(frozen=True)
class Editor:
    """`fits` says whether a present value can be shown by this editor.

    `inner` is the editor that this one adds something to.
    """

    template: str
    fits: Callable[[Spec, Any], bool]
    show: Callable[[Spec, Any], Raw]
    read: Callable[[Spec, Post, str], Raw]
    value: Callable[[Spec, Raw, Any], Any]
    inner: "Editor | None" = None


def resolve(editor: Editor, spec: Spec, raw: Raw, was: Any) -> Any:
    """The value of what was posted; `was` when nothing changed. Raises Problem."""
    return was if raw == editor.show(spec, was) else editor.value(spec, raw, was)


def effective(spec: Spec, value: Any) -> Any:
    """What an absent value amounts to, for showing."""
    return spec.default if value is MISSING else value


def is_text(spec: Spec, value: Any) -> bool:
    return isinstance(value, str)


def posted(spec: Spec, post: Post, name: str) -> str:
    found = post.get(name)
    return as_posted(found) if isinstance(found, str) else ""


def as_posted(text: str) -> str:
    """As a browser sends what a field of many lines held, with one kind of line break."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def one_line(text: str) -> str:
    """As a browser keeps it in a field of one line."""
    return re.sub(r"[\r\n]", "", text)


def show_line(spec: Spec, value: Any) -> str:
    return one_line(show_text(spec, value))


def show_text(spec: Spec, value: Any) -> str:
    found = effective(spec, value)
    return as_posted(found) if isinstance(found, str) else ""


def text_value(spec: Spec, raw: str, was: Any) -> Any:
    """Emptied means left out, unless a default would then come in its place."""
    return raw if raw or isinstance(spec.default, str) else MISSING


def is_numeric(spec: Spec, value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def show_number(spec: Spec, value: Any) -> str:
    found = effective(spec, value)
    return jsontext.compact(found) if is_numeric(spec, found) else ""


def number_value(spec: Spec, raw: str, was: Any) -> Any:
    text = raw.strip()
    if not text:
        return MISSING
    try:
        found = jsontext.loads(text)
    except jsontext.BadJson:
        raise Problem("Write a number, such as 10 or 2.5.") from None
    if not is_numeric(spec, found):
        raise Problem("Write a number, such as 10 or 2.5.")
    return found


def is_boolean(spec: Spec, value: Any) -> bool:
    return isinstance(value, bool)


def show_boolean(spec: Spec, value: Any) -> bool:
    return effective(spec, value) is True


def read_boolean(spec: Spec, post: Post, name: str) -> bool:
    return post.get(name) is not None


def boolean_value(spec: Spec, raw: bool, was: Any) -> Any:
    return raw


UNSET = ""  # a choice is posted with "=" before it, so that "" can be one


def show_choice(spec: Spec, value: Any) -> str:
    found = effective(spec, value)
    return f"={found}" if isinstance(found, str) else UNSET


def choice_value(spec: Spec, raw: str, was: Any) -> Any:
    return raw[1:] if raw.startswith("=") else MISSING


def is_choices(spec: Spec, value: Any) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(item, str) for item in value)
        and len(set(value)) == len(value)
    )


def show_choices(spec: Spec, value: Any) -> tuple[str, ...]:
    found = effective(spec, value)
    chosen = found if isinstance(found, list) else []
    order = [option for option, _ in spec.options()]
    rest = [item for item in chosen if item not in order]
    return tuple(f"={item}" for item in [*(o for o in order if o in chosen), *rest])


def read_choices(spec: Spec, post: Post, name: str) -> tuple[str, ...]:
    return tuple(item for item in post.getlist(name) if isinstance(item, str))


def choices_value(spec: Spec, raw: tuple[str, ...], was: Any) -> Any:
    return [item[1:] for item in raw if item.startswith("=")]


def any_value(spec: Spec, value: Any) -> bool:
    return True


def show_json(spec: Spec, value: Any) -> str:
    found = effective(spec, value)
    return "" if found is MISSING else jsontext.dumps(masked(spec, found))


def json_value(spec: Spec, raw: str, was: Any) -> Any:
    if not raw.strip():
        return MISSING
    try:
        return unmasked(spec, jsontext.loads(raw), was)
    except jsontext.BadJson as problem:
        raise Problem(str(problem)) from None


TEXT_LINE = Editor("forms/text.html", is_text, show_line, posted, text_value)
TEXT_AREA = Editor("forms/textarea.html", is_text, show_text, posted, text_value)
CODE = Editor("forms/code.html", is_text, show_text, posted, text_value)
NUMBER = Editor("forms/number.html", is_numeric, show_number, posted, number_value)
CHECKBOX = Editor("forms/checkbox.html", is_boolean, show_boolean, read_boolean, boolean_value)
SELECT = Editor("forms/select.html", is_text, show_choice, posted, choice_value)
CHECKS = Editor("forms/checks.html", is_choices, show_choices, read_choices, choices_value)
JSON = Editor("forms/json.html", any_value, show_json, posted, json_value)
