"""A Django form for a schema and the value it begins with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict

from console.forms import names, validate
from console.forms.editors import CHECKBOX, Editor, Post, Problem, resolve
from console.forms.editors_guard import SECRET
from console.forms.fields import editor_for
from console.forms.schema import MISSING, Schema, Section, Spec, text
from console.forms.view import Choices, View


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
    """`raw` is what the editor shows now: what was posted, else what the form began with."""

    field: "InputField"
    form: "InputForm"

    @property
    def view(self) -> View:
        return View(
            self.spec,
            self.raw,
            self.html_name,
            self.field.editor,
            errors=() if self.form.is_quiet else tuple(map(str, self.errors)),
            choices=self.form.choices,
            upload_url=self.form.upload_url,
            is_changed=self.is_changed,
            was=self.field.was,
        )

    @property
    def spec(self) -> Spec:
        return self.field.spec

    @property
    def raw(self) -> Any:
        if not self.form.is_bound:
            return self.field.editor.show(self.spec, self.field.was)
        # a secret that was typed is carried sealed instead (values.sealed_secrets)
        return ("", self.data[1]) if self.field.editor is SECRET else self.data

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
    def is_awaited(self) -> bool:
        """Whether it must be filled in and is empty."""
        return self.spec.is_needed and self.raw == self.field.editor.show(self.spec, MISSING)


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
        value = self.value_of(raw)
        if value in (MISSING, "") and self.spec.is_needed:
            raise ValidationError(validate.said(self.spec, "required", "This field is required."))
        is_sealed = self.editor is SECRET and value is self.was  # a secret of a run is ciphertext
        if value is not MISSING and value != "" and not is_sealed:
            found = validate.problems(self.spec, value)
            if found:
                raise ValidationError(found)
        return value

    def value_of(self, raw: Any) -> Any:
        """What was typed as a value, whatever the schema says of it."""
        try:
            return resolve(self.editor, self.spec, raw, self.was)
        except Problem as problem:
            raise ValidationError(str(problem)) from None


@dataclass(frozen=True)
class Cluster:
    """Fields that stand together; with a caption they are checkboxes of one group."""

    caption: str
    description: str
    fields: list[Bound]


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
    def must_open(self) -> bool:
        """A browser cannot lead to a field that it does not show."""
        return any(field.errors or field.is_awaited or field.is_changed for field in self.fields)

    @property
    def clusters(self) -> list[Cluster]:
        """`groupCaption` of a checkbox begins a group that lasts while checkboxes follow."""
        numbered = zip(cluster_numbers(self.fields), self.fields, strict=True)
        made = []
        for number, pairs in groupby(numbered, key=lambda pair: pair[0]):
            found = [field for _, field in pairs]
            raw = found[0].spec.raw if number % 2 else {}
            caption, said = text(raw.get("groupCaption")), text(raw.get("groupDescription"))
            made.append(Cluster(caption, said, found))
        return made


def cluster_numbers(fields: list[Bound]) -> Iterator[int]:
    """The same number for fields of one cluster; odd ones are groups of checkboxes. A caption that
    comes again goes on with its group."""
    number, group = 0, ""
    for field in fields:
        is_checkbox = field.view.bare.editor is CHECKBOX
        caption = text(field.spec.raw.get("groupCaption"))
        if is_checkbox and caption and (caption != group or not number % 2):
            number, group = number + 2 - (number + 1) % 2, caption
        elif not is_checkbox and number % 2:
            number += 1
        yield number


class InputForm(forms.Form):
    """`choices` offers storages by kind; files are posted to `upload_url`, if there is one.

    A form that `is_quiet` keeps what is wrong with it to itself: nothing was sent yet.
    """

    schema: Schema
    choices: Choices = {}
    upload_url = ""
    is_quiet = False

    def add_prefix(self, field_name: str) -> str:
        return names.field_name(field_name)

    def groups(self) -> list[Group]:
        found = [self._group(section) for section in self.schema.sections]
        return [group for group in found if group.fields]

    def _group(self, section: Section) -> Group:
        visible = [cast(Bound, self[spec.key]) for spec in section.specs if not spec.is_hidden]
        return Group(section.caption, section.description, visible)

    def unchecked(self) -> dict[str, Any] | None:
        """The values as typed, with what the schema forbids; None when some cannot be read."""
        fields = cast(dict[str, InputField], self.fields)
        try:
            return {
                key: field.was if field.spec.is_hidden else field.value_of(self[key].data)
                for key, field in fields.items()
            }
        except ValidationError:
            return None

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
