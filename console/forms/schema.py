"""An Actor's input schema as values. Whatever is malformed degrades to the JSON editor.

Source: console-features.md section 5; the keywords are those of the public specification.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from console.forms import jsontext


class Missing:
    """Absent, which is not the same as null, "" or false."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()
MOST_FIELDS = 500
TYPES = frozenset({"string", "boolean", "integer", "number", "object", "array"})


@dataclass(frozen=True)
class Spec:
    """One property. `raw` holds its keywords as written."""

    key: str
    type: str
    editor: str
    title: str
    description: str = ""
    required: bool = False
    raw: dict[str, Any] = field(default_factory=dict)
    children: tuple["Spec", ...] = ()

    @property
    def is_secret(self) -> bool:
        return self.raw.get("isSecret") is True

    @property
    def is_hidden(self) -> bool:
        return self.editor == "hidden"

    @property
    def holds_secrets(self) -> bool:
        return self.is_secret or any(child.holds_secrets for child in self.children)

    @property
    def nullable(self) -> bool:
        kinds = self.raw.get("type")
        return self.raw.get("nullable") is True or (isinstance(kinds, list) and "null" in kinds)

    @property
    def default(self) -> Any:
        """A default of null where null is not allowed is none."""
        found = self.raw.get("default", MISSING)
        return MISSING if found is None and not self.nullable else found

    @property
    def unit(self) -> str:
        return text(self.raw.get("unit"))

    @property
    def example(self) -> str:
        """The example of a simple value, as text; never that of a secret."""
        found = self.raw.get("example")
        is_simple = isinstance(found, str | int | float) and not isinstance(found, bool)
        return str(found)[:200] if is_simple and not self.is_secret else ""

    @property
    def placeholders(self) -> dict[str, str]:
        """What empty rows show: `key` and `value`."""
        return {part: text(self.raw.get(f"placeholder{part.title()}")) for part in ("key", "value")}

    @property
    def resource(self) -> str:
        """dataset, keyValueStore, requestQueue or "" when the value is no id of a storage."""
        return text(self.raw.get("resourceType"))

    @property
    def is_needed(self) -> bool:
        """Whether it must be filled in: required, and nothing stands in for it."""
        return self.required and self.default is MISSING

    def suggestion(self) -> Any:
        """What a fresh form shows: prefill, else the default."""
        return self.raw.get("prefill", self.default)

    def options(self) -> list[tuple[str, str]]:
        """(value, label) of a choice; strict or suggested."""
        holder = self.raw.get("items") if self.type == "array" else self.raw
        holder = holder if isinstance(holder, dict) else {}
        values = holder.get("enum") or holder.get("enumSuggestedValues") or []
        titles = holder.get("enumTitles") or self.raw.get("enumTitles") or []
        if not isinstance(values, list) or not isinstance(titles, list):
            return []
        labels = [*map(text, titles), *map(text, values[len(titles) :])]
        return [
            (value, label)
            for value, label in zip(values, labels, strict=False)
            if isinstance(value, str)
        ]

    def is_strict_choice(self) -> bool:
        holder = self.raw.get("items") if self.type == "array" else self.raw
        return isinstance(holder, dict) and isinstance(holder.get("enum"), list)


@dataclass(frozen=True)
class Section:
    """Fields under one caption; the first section may have none."""

    caption: str
    description: str
    specs: tuple[Spec, ...]


@dataclass(frozen=True)
class Schema:
    title: str
    description: str
    specs: tuple[Spec, ...]
    sections: tuple[Section, ...]
    problem: str = ""  # a sentence when it could not be read

    def walk(self) -> Iterator[Spec]:
        for spec in self.specs:
            yield spec
            yield from spec.children


def parse(raw: Any) -> Schema:
    """Never raises; `problem` says what is wrong with a schema that cannot make a form."""
    if raw in (None, {}, ""):
        return Schema("", "", (), (), "This Actor describes no input. Write it as JSON.")
    if (
        not isinstance(raw, dict)
        or not isinstance(raw.get("properties"), dict)
        or jsontext.is_too_deep(raw)
    ):
        return Schema("", "", (), (), "The input schema is malformed. Write the input as JSON.")
    if len(raw["properties"]) > MOST_FIELDS:
        return Schema("", "", (), (), "The input has too many fields for a form. Write it as JSON.")
    specs = properties(raw)
    return Schema(text(raw.get("title")), text(raw.get("description")), specs, sections(specs))


def properties(raw: dict[str, Any]) -> tuple[Spec, ...]:
    wanted = raw.get("required")
    required = (
        {key for key in wanted if isinstance(key, str)} if isinstance(wanted, list) else set()
    )
    return tuple(
        property_of(key, value if isinstance(value, dict) else {}, key in required)
        for key, value in raw["properties"].items()
        if key  # a form cannot name it; its value survives like that of an unknown key
    )


def property_of(key: str, raw: dict[str, Any], required: bool) -> Spec:
    kind = type_of(raw)
    editor = raw.get("editor")
    editor = editor if isinstance(editor, str) else usual_editor(kind, raw)
    return Spec(
        key=key,
        type=kind,
        editor=editor,
        title=text(raw.get("title")) or key,
        description=text(raw.get("description")),
        required=required,
        raw=raw,
        children=children_of(kind, editor, raw),
    )


def type_of(raw: dict[str, Any]) -> str:
    """The one type besides null; "" for several and for unknown ones."""
    named = raw.get("type")
    named = [each for each in named if each != "null"] if isinstance(named, list) else [named]
    kind = named[0] if len(named) == 1 else ""
    return kind if isinstance(kind, str) and kind in TYPES else ""


def usual_editor(kind: str, raw: dict[str, Any]) -> str:
    if raw.get("resourceType"):
        return "resourcePicker"
    if kind == "string":
        return "select" if raw.get("enum") or raw.get("enumSuggestedValues") else "textfield"
    return {"boolean": "checkbox", "integer": "number", "number": "number"}.get(kind, "json")


def children_of(kind: str, editor: str, raw: dict[str, Any]) -> tuple[Spec, ...]:
    """Sub-fields of a schemaBased editor; one level only, deeper ones are JSON."""
    if editor != "schemaBased":
        return ()
    holder = raw.get("items") if kind == "array" else raw
    if not isinstance(holder, dict) or not isinstance(holder.get("properties"), dict):
        return ()
    flat = {
        name: {**value, "editor": "json"}
        if isinstance(value, dict) and value.get("editor") == "schemaBased"
        else value
        for name, value in holder["properties"].items()
    }
    return properties({**holder, "properties": flat})


def sections(specs: tuple[Spec, ...]) -> tuple[Section, ...]:
    """`sectionCaption` begins a section that lasts until the next one."""
    made: list[Section] = []
    for spec in specs:
        caption = text(spec.raw.get("sectionCaption"))
        if caption or not made:
            made.append(Section(caption, text(spec.raw.get("sectionDescription")), ()))
        last = made[-1]
        made[-1] = Section(last.caption, last.description, (*last.specs, spec))
    return tuple(made)


def text(value: Any) -> str:
    return value if isinstance(value, str) else ""
