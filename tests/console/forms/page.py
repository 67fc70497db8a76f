"""A form as its page shows it, and what comes back from a browser."""

from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html

from console.forms import names, schema, values
from tests.console.forms.browser import submitted

CONTEXT = "1/actor"


def html_of(raw: Any, value: values.Value) -> str:
    parsed = schema.parse(raw)
    form = values.fresh_form(parsed, value)
    carried = values.carried(parsed, value, CONTEXT)
    hidden = render_to_string("forms/form.html", {"groups": form.groups()})
    return hidden + format_html('<input type="hidden" name="was" value="{}">', carried)


def sent(raw: Any, value: values.Value, **changes: str) -> QueryDict:
    """What a browser sends after a person changed some fields; keys use __ for dots."""
    data = submitted(html_of(raw, value)).copy()
    for name, text in changes.items():
        data[names.PREFIX + "-" + name.replace("__", ".")] = text
    return data


def back(raw: Any, data: QueryDict) -> values.Read:
    return values.read(schema.parse(raw), data, CONTEXT)


def one(kind: str, editor: str, **keywords: Any) -> dict[str, Any]:
    """A schema with one property `x`."""
    spec = {"title": "X", "type": kind, "editor": editor, "description": "About X", **keywords}
    return {"type": "object", "title": "T", "schemaVersion": 1, "properties": {"x": spec}}
