"""An Actor's input schema as values. Whatever is malformed degrades to the JSON editor.

Source: console-features.md section 5; the keywords are those of the public specification.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final


class Missing:
    """Absent, which is not the same as null, "" or false."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()
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
    def nullable(self) -> bool:
        return self.raw.get("nullable") is True

    @property
    def default(self) -> Any:
        return self.raw.get("default", MISSING)

    @property
    def unit(self) -> str:
        return text(self.raw.get("unit"))

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
    if not isinstance(raw, dict) or not isinstance(raw.get("properties"), dict):
        return Schema("", "", (), (), "The input schema is malformed. Write the input as JSON.")
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
    )


def property_of(key: str, raw: dict[str, Any], required: bool) -> Spec:
    kind = raw.get("type")
    kind = kind if isinstance(kind, str) and kind in TYPES else ""
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
