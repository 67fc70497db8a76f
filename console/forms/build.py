"""A Django form for a schema and the value it begins with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict

from console.forms import validate
from console.forms.editors import SECRET, Editor, Post, Problem, resolve
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


class Bound(BoundField):
    """What the templates need of a field: `raw` is what the editor shows now."""

    field: "InputField"

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
        show = self.field.editor.show
        return bool(self.raw != show(self.spec, self.spec.suggestion()))

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
    schema: Schema

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
