"""A page with the form of an input: what was posted, what becomes of it, what the template gets."""

from dataclasses import dataclass, replace
from typing import Any

from console.api.errors import ApiError
from console.forms import uploads, values
from console.forms.options import RunOptions
from console.forms.schema import Schema
from console.forms.view import Choices
from console.request import ConsoleRequest

VIEWS = frozenset({"form", "json"})
EDITS = VIEWS | {"more", "upload"}  # actions that only change how the form stands


@dataclass(frozen=True)
class Filling:
    """An input in the middle of being edited. `problem` is a sentence beside the form."""

    schema: Schema
    read: values.Read
    options: RunOptions
    action: str = ""
    problem: str = ""

    @property
    def is_edit(self) -> bool:
        return self.action in EDITS

    @property
    def is_complete(self) -> bool:
        """Whether value and options are fit to be sent."""
        return self.read.value is not None and self.options.is_valid() and not self.problem

    def redrawn(self) -> "Filling":
        """In the other view, with more rows or with the addresses of files; what cannot be read
        yet stays as it was typed."""
        read = self.read
        value = read.unchecked if self.action == "json" and read.value is None else read.value
        if value is not None:
            view = self.action if self.action in VIEWS else read.view
            return replace(self, read=values.Read(view, value, value))
        if self.action not in VIEWS and read.form is not None:
            read.form.is_quiet = True
        return self

    @property
    def status(self) -> int:
        """422 while the page tells of something that needs a change."""
        return 422 if self.problem or self.read.problem or self.faulty else 200

    @property
    def faulty(self) -> list[Any]:
        form = self.read.form
        return form.faulty() if form is not None and not form.is_quiet else []

    def context(self, sealed_for: str, choices: Choices, upload_url: str) -> dict[str, Any]:
        """For `forms/input.html` and `forms/options.html`."""
        was = self.read.was
        form = self.read.form or values.fresh_form(self.schema, was)
        form.choices = choices
        form.upload_url = upload_url
        return {
            "schema": self.schema,
            "view": self.read.view,
            "groups": form.groups(),
            "faulty": self.faulty,
            "json": self.read.text or values.as_json(self.schema, was),
            "json_problem": self.read.problem,
            "carried": values.carried(self.schema, was, sealed_for),
            "options": self.options,
            "problem": self.problem,
            "has_files": uploads.has_files(self.schema),
        }


def begun(schema: Schema, value: values.Value, options: dict[str, Any], view: str) -> Filling:
    """A fresh form that begins with `value`."""
    shown = "json" if view == "json" or schema.problem else "form"
    return Filling(schema, values.Read(shown, value, value), RunOptions(initial=options))


def receive(request: ConsoleRequest, schema: Schema, sealed_for: str) -> Filling:
    """What was posted; files that were chosen are stored first."""
    action = request.POST.get("action", "start")
    problem, post = "", request.POST.copy()
    try:
        post = uploads.take(request)
    except uploads.NotTaken as refused:
        problem = str(refused)
    except ApiError as error:
        problem = f"The file was not uploaded: {error.sentence}"
    if action == "upload" and not problem and not request.FILES:
        problem = "Choose a file first."
    options = RunOptions(request.POST)
    return Filling(schema, values.read(schema, post, sealed_for), options, action, problem)
