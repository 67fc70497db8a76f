"""A task's input and options field by field, for two people who edit it at once.

Values are JSON as text, "" when absent; a secret is told by a mark that says only whether it is
the same one.
"""

from typing import Any

from django.utils.crypto import salted_hmac

from console.api.models.tasks import Task
from console.forms import jsontext, masks
from console.forms.options import RunOptions
from console.forms.schema import MISSING, Schema
from console.forms.values import Value

OPTIONS = {
    "build": "build",
    "timeout": "timeoutSecs",
    "memory": "memoryMbytes",
    "max_items": "maxItems",
}
LABELS = {"build": "Build", "timeout": "Timeout", "memory": "Memory", "max_items": "Most results"}
REST = "other fields"
Fields = dict[str, Any]


def options_of(task: Task) -> dict[str, Any]:
    """Named as `RunOptions` names them."""
    found = task.options
    return {
        "build": found.build if found else None,
        "timeout": found.timeout_secs if found else None,
        "memory": found.memory_mbytes if found else None,
        "max_items": found.max_items if found else None,
    }


def fields_of(schema: Schema, value: Value, options: dict[str, Any]) -> Fields:
    shown = marked(schema, value)
    known = {f"in.{spec.key}": told(shown.get(spec.key, MISSING)) for spec in schema.specs}
    named = {spec.key for spec in schema.specs}
    rest = {key: each for key, each in shown.items() if key not in named}
    return {**options, **known, REST: told(rest or MISSING)}


def labels_of(schema: Schema) -> dict[str, str]:
    return {**LABELS, **{f"in.{spec.key}": spec.title for spec in schema.specs}}


def marked(schema: Schema, value: Value) -> Value:
    shown: Any = value
    whole = masks.whole(schema)
    for place in list(masks.places(whole, value)):
        secret = jsontext.compact(masks.get(value, place))
        mark = salted_hmac("console.task", secret).hexdigest()[:6]
        shown = masks.put(shown, place, f"{masks.MASK} {mark}")
    found: Value = shown
    return found


def told(value: Any) -> str:
    return "" if value is MISSING else jsontext.dumps(value)


def merged(schema: Schema, mine: Value, theirs: Value, changed: set[str]) -> Value:
    """Their input with the fields that I changed."""
    named = {spec.key for spec in schema.specs}
    keys = {key for key in named if f"in.{key}" in changed}
    if REST in changed:
        keys |= (set(mine) | set(theirs)) - named
    kept = {key: each for key, each in theirs.items() if key not in keys or key in mine}
    return kept | {key: each for key, each in mine.items() if key in keys}


def changes(
    schema: Schema, task: Task, mine: Value, options: RunOptions, changed: set[str]
) -> dict[str, Any]:
    """The body of a save: what was changed, beside what the task has now.

    Input and options go whole, since an API may take each as one value.
    """
    body: dict[str, Any] = {}
    if changed & set(OPTIONS):
        typed, now = options.options(), options_of(task)
        body["options"] = {
            key: typed[name] if name in changed else now[name]
            for name, key in OPTIONS.items()
            if name in changed or now[name] is not None
        }
    if changed - set(OPTIONS):
        body["input"] = merged(schema, mine, task.input or {}, changed)
    return body
