"""A Django form for a schema and the value it begins with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict

from console.forms import validate
from console.forms.editors import SECRET, Editor, Post, Problem, resolve
from console.forms.editors_special import UNITS, child_raws, editor_of
from console.forms.fields import editor_for
from console.forms.schema import MISSING, Schema, Section, Spec

PREFIX = "in"


class Widget(forms.Widget):
    def __init__(self, spec: Spec, editor: Editor) -> None:
        super().__init__()
        self.spec, self.editor = spec, editor

    def value_from_datadict(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> Any:
        return self.editor.read(self.spec, cast(Post, data), name)

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> bool:
        return False


@dataclass(frozen=True)
class View:
    """One editor on the page: a field of the form, or a part of a sub-form."""

    spec: Spec
    raw: Any
    name: str
    template: str
    invalid: bool = False
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def dom_id(self) -> str:
        return "f-" + re.sub(r"[^0-9A-Za-z_-]", lambda found: f"_{ord(found[0]):x}", self.name)

    @property
    def is_group(self) -> bool:
        return self.template in GROUPS

    @property
    def suggestions(self) -> list[tuple[str, str]]:
        return [*self.spec.options(), *self.choices]

    @property
    def is_foreign_choice(self) -> bool:
        """A value that the schema does not offer is shown all the same."""
        return bool(self.raw) and self.foreign_choice not in dict(self.spec.options())

    @property
    def foreign_choice(self) -> str:
        return str(self.raw)[1:]

    @property
    def check_options(self) -> list[tuple[str, str]]:
        known = [(f"={value}", label) for value, label in self.spec.options()]
        offered = {value for value, _ in known}
        return known + [(value, value[1:]) for value in self.raw if value not in offered]

    @property
    def units(self) -> tuple[str, ...]:
        return UNITS

    @property
    def proxy_modes(self) -> list[tuple[str, str]]:
        return [("none", "None"), ("auto", "Automatic"), ("groups", "Groups"), ("own", "Own")]

    def rows(self) -> list[tuple[int, tuple[str, ...]]]:
        """Numbered rows and an empty one to type into."""
        width = WIDTHS[self.template]
        return list(enumerate([*self.raw, ("",) * width]))

    def parts(self) -> list["View"]:
        return self._children(self.raw, self.name)

    def subforms(self) -> list[tuple[int, str, list["View"]]]:
        """(number, row it was, its editors), and an empty one."""
        blank = ("", *child_raws(self.spec, None))
        return [
            (number, row[0], self._children(tuple(row[1:]), f"{self.name}.{number}"))
            for number, row in enumerate([*self.raw, blank])
        ]

    def _children(self, raws: tuple[Any, ...], name: str) -> list["View"]:
        return [
            View(child, raw, f"{name}.{child.key}", editor_of(child).template)
            for child, raw in zip(self.spec.children, raws, strict=True)
            if not child.is_hidden
        ]


WIDTHS = {"forms/strings.html": 1, "forms/pairs.html": 2, "forms/sources.html": 2}
GROUPS = frozenset(
    {
        *WIDTHS,
        "forms/checks.html",
        "forms/date.html",
        "forms/proxy.html",
        "forms/object.html",
        "forms/objects.html",
    }
)


class Bound(BoundField):
    """What the templates need of a field: `raw` is what the editor shows now."""

    field: "InputField"
    form: "InputForm"

    @property
    def view(self) -> View:
        return View(
            self.spec,
            self.raw,
            self.html_name,
            self.template,
            invalid=bool(self.errors),
            choices=self.form.choices.get(self.spec.key, ()),
        )

    @property
    def spec(self) -> Spec:
        return self.field.spec

    @property
    def template(self) -> str:
        return self.field.editor.template

    @property
    def raw(self) -> Any:
        if self.form.is_bound:
            return self.data
        return self.field.editor.show(self.spec, self.field.was)

    @property
    def is_changed(self) -> bool:
        """Whether the value differs from what the schema suggests."""
        if self.field.editor is SECRET:
            return False
        editor, suggested = self.field.editor, self.spec.suggestion()
        if suggested is not MISSING and not editor.fits(self.spec, suggested):
            return True
        return bool(self.raw != editor.show(self.spec, suggested))

    @property
    def is_kept_secret(self) -> bool:
        return self.field.editor is SECRET and self.field.was is not MISSING

    @property
    def unchecked_pattern(self) -> str:
        """A pattern that cannot be checked here."""
        pattern = self.spec.raw.get("pattern")
        return pattern if isinstance(pattern, str) and not validate.checkable(pattern) else ""


class InputField(forms.Field):
    """`was` is the value the form began with, MISSING when it was absent."""

    def __init__(self, spec: Spec, was: Any) -> None:
        self.spec, self.was = spec, was
        self.editor = editor_for(spec, was)
        super().__init__(
            required=False,
            widget=Widget(spec, self.editor),
            label=spec.title,
            help_text=spec.description,
        )

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> Bound:
        return Bound(form, self, field_name)

    def clean(self, raw: Any) -> Any:
        """The value for the input, MISSING when it is to be left out."""
        if self.spec.is_hidden:
            return self.was  # nobody could mend it here; the API checks it
        try:
            value = resolve(self.editor, self.spec, raw, self.was)
        except Problem as problem:
            raise ValidationError(str(problem)) from None
        if self.spec.required and value in (MISSING, "") and self.spec.default is MISSING:
            raise ValidationError(validate.said(self.spec, "required", "This field is required."))
        if value is not MISSING and value != "":
            found = validate.problems(self.spec, value)
            if found:
                raise ValidationError(found)
        return value


@dataclass(frozen=True)
class Group:
    """A section with its visible fields, for the page."""

    caption: str
    description: str
    fields: list[Bound]

    @property
    def changed(self) -> int:
        return sum(field.is_changed for field in self.fields)

    @property
    def has_errors(self) -> bool:
        return any(field.errors for field in self.fields)


class InputForm(forms.Form):
    """`choices` offers values for keys, such as the storages of a picker."""

    schema: Schema
    choices: Mapping[str, tuple[tuple[str, str], ...]] = {}

    def groups(self) -> list[Group]:
        found = [self._group(section) for section in self.schema.sections]
        return [group for group in found if group.fields]

    def _group(self, section: Section) -> Group:
        visible = [cast(Bound, self[spec.key]) for spec in section.specs if not spec.is_hidden]
        return Group(section.caption, section.description, visible)

    def faulty(self) -> list[Bound]:
        return [cast(Bound, self[key]) for key in self.errors if key in self.fields]


def form_class(schema: Schema, value: Mapping[str, Any]) -> type[InputForm]:
    """A form whose fields begin with `value`."""
    fields: dict[str, Any] = {
        spec.key: InputField(spec, value.get(spec.key, MISSING)) for spec in schema.specs
    }
    made = type("Input", (InputForm,), {"schema": schema})
    made.base_fields = fields  # type: ignore[attr-defined] # keys need not be names of Python
    return cast(type[InputForm], made)
