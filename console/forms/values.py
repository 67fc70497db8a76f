"""From values to forms and back: one canonical value behind the Form and the JSON view."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from console.forms import jsontext, secrets
from console.forms.build import PREFIX, InputForm, form_class
from console.forms.schema import MISSING, Schema

LARGEST = 9 << 20
Value = dict[str, Any]


def suggested(schema: Schema) -> Value:
    """What a fresh form begins with: prefill, else default, else absent."""
    return {
        spec.key: spec.suggestion() for spec in schema.specs if spec.suggestion() is not MISSING
    }


def secret_keys(schema: Schema) -> set[str]:
    return {spec.key for spec in schema.specs if spec.is_secret}


def carried(schema: Schema, value: Mapping[str, Any], context: str) -> str:
    """The value for a hidden field of the page; secrets in it are sealed."""
    hidden = secret_keys(schema)
    shown = {key: each for key, each in value.items() if key not in hidden}
    sealed = {key: secrets.seal(value[key], f"{context}/{key}") for key in hidden if key in value}
    return jsontext.compact({"value": shown, "secrets": sealed})


def carried_back(text: str, context: str) -> Value:
    """What `carried` was given; what is broken or foreign is left out."""
    try:
        held = jsontext.loads(text) if len(text) <= LARGEST else {}
    except jsontext.BadJson:
        return {}
    if not isinstance(held, dict) or not isinstance(held.get("value"), dict):
        return {}
    value: Value = dict(held["value"])
    sealed = held.get("secrets")
    for key, seal in sealed.items() if isinstance(sealed, dict) else ():
        opened = secrets.unseal(str(seal), f"{context}/{key}")
        if opened is not MISSING:
            value[key] = opened
    return value


def bound_form(schema: Schema, was: Value, post: Any) -> InputForm:
    return form_class(schema, was)(post, prefix=PREFIX)


def fresh_form(schema: Schema, value: Value) -> InputForm:
    return form_class(schema, value)(prefix=PREFIX)


def to_input(form: InputForm, was: Value) -> Value:
    """The input of a valid form: its fields in the schema's order, then what it does not know."""
    made: Value = {key: value for key, value in form.cleaned_data.items() if value is not MISSING}
    known = set(form.fields)
    return made | {key: value for key, value in was.items() if key not in known}


@dataclass(frozen=True)
class Read:
    """What was posted: `value` is None when there are errors."""

    view: str  # form or json
    was: Value
    value: Value | None
    form: InputForm | None = None
    text: str = ""
    problem: str = ""


def read(schema: Schema, post: Any, context: str) -> Read:
    """Reads whichever view was posted; nothing that was typed is lost."""
    was = carried_back(str(post.get("was", "")), context)
    if post.get("view") != "json":
        form = bound_form(schema, was, post)
        return Read("form", was, to_input(form, was) if form.is_valid() else None, form=form)
    text = str(post.get("json", ""))
    try:
        value = with_kept_secrets(schema, jsontext.loads(text) if text.strip() else {}, was)
    except jsontext.BadJson as problem:
        return Read("json", was, None, text=text, problem=str(problem))
    return Read("json", was, value, text=text)


MASK = "••••••••"


def as_json(schema: Schema, value: Mapping[str, Any]) -> str:
    """The value as text, secrets masked; a mask that stays keeps the secret."""
    hidden = secret_keys(schema)
    return jsontext.dumps({k: MASK if k in hidden else v for k, v in value.items()})


def with_kept_secrets(schema: Schema, value: Any, was: Value) -> Value:
    if not isinstance(value, dict):
        raise jsontext.BadJson("The input must be an object in braces.")
    made = dict(value)
    for key in secret_keys(schema):
        if made.get(key) == MASK:
            if key in was:
                made[key] = was[key]
            else:
                del made[key]
    return made
