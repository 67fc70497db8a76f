"""Which editor shows which property: one table, looked up by type and editor."""

from typing import Any

from console.forms.editors import (
    CHECKBOX,
    CHECKS,
    CODE,
    HIDDEN,
    JSON,
    NUMBER,
    SECRET,
    SELECT,
    TEXT_AREA,
    TEXT_LINE,
    Editor,
)
from console.forms.editors_rows import GLOBS, PAIRS, PSEUDO_URLS, SOURCES, STRINGS
from console.forms.editors_special import DATE, OBJECT, OBJECTS, PROXY
from console.forms.schema import MISSING, Spec

EDITORS: dict[tuple[str, str], Editor] = {
    ("string", "textfield"): TEXT_LINE,
    ("string", "textarea"): TEXT_AREA,
    ("string", "javascript"): CODE,
    ("string", "python"): CODE,
    ("string", "select"): SELECT,
    ("string", "datepicker"): DATE,
    ("string", "fileupload"): TEXT_LINE,
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
    ("array", "fileupload"): STRINGS,
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
    if spec.editor == "select" and not spec.is_strict_choice():
        # free entry with suggestions
        return STRINGS if spec.type == "array" else TEXT_LINE
    if spec.editor == "schemaBased" and not spec.children:
        return JSON
    return EDITORS.get((spec.type, spec.editor), JSON)


def editor_for(spec: Spec, value: Any) -> Editor:
    """The usual editor, or JSON for a value (or default) that it cannot show."""
    usual = usual_editor(spec)
    shown = spec.default if value is MISSING else value
    return usual if shown is MISSING or usual.fits(spec, shown) else JSON
