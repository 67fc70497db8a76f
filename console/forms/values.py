"""From values to forms and back: one canonical value behind the Form and the JSON view."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from console.forms import jsontext, masks, secrets
from console.forms.build import InputForm, form_class
from console.forms.schema import MISSING, Schema

LARGEST = 9 << 20
Value = dict[str, Any]


def suggested(schema: Schema) -> Value:
    """What a fresh form begins with: prefill, else default, else absent."""
    return {
        spec.key: spec.suggestion() for spec in schema.specs if spec.suggestion() is not MISSING
    }


def carried(schema: Schema, value: Mapping[str, Any], context: str) -> str:
    """The value for a hidden field of the page; secrets in it are sealed."""
    shown: Any = dict(value)
    sealed = []
    for place in list(masks.places(masks.whole(schema), value)):
        secret = masks.get(value, place)
        sealed.append([list(place), secrets.seal(secret, sealed_for(context, place))])
        shown = masks.put(shown, place, None)
    return jsontext.compact({"value": shown, "secrets": sealed})


def carried_back(text: str, context: str) -> Value:
    """What `carried` was given; what is broken or foreign is left out."""
    try:
        held = jsontext.loads(text) if len(text) <= LARGEST else {}
    except jsontext.BadJson:
        return {}
    if not isinstance(held, dict) or not isinstance(held.get("value"), dict):
        return {}
    value: Value = held["value"]
    for place, seal in pairs(held.get("secrets")):
        if masks.get(value, place) is not MISSING:
            value = masks.put(value, place, secrets.unseal(seal, sealed_for(context, place)))
    return value


def pairs(held: Any) -> list[tuple[masks.Place, str]]:
    """(place, seal) of each entry that has that shape."""
    entries = held if isinstance(held, list) else []
    return [
        (tuple(entry[0]), entry[1])
        for entry in entries
        if isinstance(entry, list)
        and len(entry) == len(("place", "seal"))
        and isinstance(entry[0], list)
        and entry[0]
        and all(type(step) in {str, int} for step in entry[0])
        and isinstance(entry[1], str)
    ]


def sealed_for(context: str, place: masks.Place) -> str:
    return f"{context}/{jsontext.compact(place)}"


def fresh_form(schema: Schema, value: Value) -> InputForm:
    return form_class(schema, value)()


def to_input(form: InputForm, was: Value) -> Value:
    """The input of a valid form: its fields in the schema's order, then what it does not know."""
    return with_unknown(form, form.cleaned_data, was)


def with_unknown(form: InputForm, found: Value, was: Value) -> Value:
    made: Value = {key: value for key, value in found.items() if value is not MISSING}
    return made | {key: value for key, value in was.items() if key not in form.fields}


@dataclass(frozen=True)
class Read:
    """What was posted: `value` is None when there are errors, `unchecked` only when something
    could not even be read."""

    view: str  # form or json
    was: Value
    value: Value | None
    unchecked: Value | None = None
    form: InputForm | None = None
    text: str = ""
    problem: str = ""


def read(schema: Schema, post: Any, context: str) -> Read:
    """Reads whichever view was posted; nothing that was typed is lost."""
    was = carried_back(str(post.get("was", "")), context)
    if post.get("view") != "json":
        form = form_class(schema, was)(post)
        value = to_input(form, was) if form.is_valid() else None
        typed = value if value is not None else form.unchecked()
        unchecked = None if typed is None else with_unknown(form, typed, was)
        kept = with_typed_secrets(schema, form, was)
        return Read("form", kept, value, unchecked, form=form)
    text = str(post.get("json", ""))
    try:
        value = from_json(schema, text, was)
    except jsontext.BadJson as problem:
        return Read("json", was, None, text=text, problem=str(problem))
    return Read("json", was, value, text=text)


def with_typed_secrets(schema: Schema, form: InputForm, was: Value) -> Value:
    """A secret is never shown again, so one that was typed is carried on sealed."""
    typed = {
        spec.key: form.cleaned_data[spec.key]
        for spec in schema.specs
        if spec.holds_secrets and spec.key in form.cleaned_data
    }
    return {key: value for key, value in (was | typed).items() if value is not MISSING}


def as_json(schema: Schema, value: Mapping[str, Any]) -> str:
    """The value as text, secrets masked; a mask that stays keeps the secret."""
    return jsontext.dumps(masks.masked(masks.whole(schema), value))


def from_json(schema: Schema, text: str, was: Value) -> Value:
    value = jsontext.loads(text) if text.strip() else {}
    if not isinstance(value, dict):
        raise jsontext.BadJson("The input must be an object in braces.")
    found: Value = masks.unmasked(masks.whole(schema), value, was)
    return found
