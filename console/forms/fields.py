"""Which editor shows which property: one table, looked up by type and editor."""

from typing import Any

from console.forms import jsontext
from console.forms.editors import (
    CHECKBOX,
    CHECKS,
    CODE,
    JSON,
    NUMBER,
    SELECT,
    TEXT_AREA,
    TEXT_LINE,
    Editor,
)
from console.forms.editors_guard import HIDDEN, SECRET, nullable
from console.forms.editors_rows import FILES, GLOBS, PAIRS, PSEUDO_URLS, SOURCES, STRINGS
from console.forms.editors_special import DATE, FILE, PROXY
from console.forms.editors_sub import OBJECT, OBJECTS
from console.forms.schema import MISSING, Spec

EDITORS: dict[tuple[str, str], Editor] = {
    ("string", "textfield"): TEXT_LINE,
    ("string", "textarea"): TEXT_AREA,
    ("string", "javascript"): CODE,
    ("string", "python"): CODE,
    ("string", "select"): SELECT,
    ("string", "datepicker"): DATE,
    ("string", "fileupload"): FILE,
    ("string", "resourcePicker"): TEXT_LINE,
    ("boolean", "checkbox"): CHECKBOX,
    ("integer", "number"): NUMBER,
    ("number", "number"): NUMBER,
    ("object", "json"): JSON,
    ("object", "proxy"): PROXY,
    ("object", "schemaBased"): OBJECT,
    ("array", "json"): JSON,
    ("array", "requestListSources"): SOURCES,
    ("array", "globs"): GLOBS,
    ("array", "pseudoUrls"): PSEUDO_URLS,
    ("array", "keyValue"): PAIRS,
    ("array", "stringList"): STRINGS,
    ("array", "fileupload"): FILES,
    ("array", "resourcePicker"): STRINGS,
    ("array", "select"): CHECKS,
    ("array", "schemaBased"): OBJECTS,
}


def usual_editor(spec: Spec) -> Editor:
    """Unknown types and editors are edited as JSON."""
    if spec.is_hidden:
        return HIDDEN
    if spec.is_secret:
        return SECRET
    plain = plain_editor(spec)
    return nullable(plain) if spec.nullable and plain is not JSON else plain


def plain_editor(spec: Spec) -> Editor:
    if spec.editor == "select" and not spec.is_strict_choice():
        # free entry with suggestions
        return {"array": STRINGS, "string": TEXT_LINE}.get(spec.type, JSON)
    if spec.editor == "schemaBased" and not spec.children:
        return JSON
    return EDITORS.get((spec.type, spec.editor), JSON)


def editor_for(spec: Spec, value: Any) -> Editor:
    """The usual editor, or JSON for a value (or default) that it cannot show."""
    usual = usual_editor(spec)
    shown = spec.default if value is MISSING else value
    if shown is MISSING or usual in (HIDDEN, SECRET):
        return usual
    return usual if usual.fits(spec, shown) and jsontext.is_showable(shown) else JSON
