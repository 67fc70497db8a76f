from collections.abc import Mapping
from typing import Any

from django import forms

from apps.actors import starters
from console.api.models.actors import Actor
from console.api.models.store import CATEGORIES
from console.forms.jsontext import BadJson, loads
from console.forms.options import MEMORY, memory_label

NAME = r"^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$"
JSON = "application/json; charset=utf-8"
TAG = r"^[A-Za-z0-9._-]{1,64}$"
BAD_TAG = {"invalid": "Use 1 to 64 letters, digits, dots, dashes or underscores."}
LABELS = {
    "name": "Name",
    "title": "Title",
    "description": "Description",
    "build": "Default build",
    "memoryMbytes": "Default memory",
    "timeoutSecs": "Default timeout",
    "restartOnError": "Restart on error",
    "exampleRunInput": "Example input",
}


class Filter(forms.Form):
    """`status` is that of an Actor's last run; `my` is 1 for the account's own Actors."""

    q = forms.CharField(required=False, max_length=100, strip=True)
    status = forms.CharField(required=False, max_length=20)
    sort = forms.CharField(required=False, max_length=20)
    my = forms.CharField(required=False, max_length=1)

    def wanted(self) -> dict[str, str]:
        found = self.cleaned_data if self.is_valid() else {}
        return {name: str(found.get(name) or "") for name in self.fields}


class ActorName(forms.Form):
    name = forms.RegexField(
        NAME,
        max_length=63,
        label="Name",
        help_text="Letters, digits and dashes. Programs and addresses use it.",
        error_messages={
            "required": "Write a name.",
            "invalid": "Use letters, digits and dashes, no dash at either end.",
        },
    )
    title = forms.CharField(required=False, max_length=200, label="Title")
    description = forms.CharField(
        required=False, max_length=300, label="Description", widget=forms.Textarea
    )


class NewActor(ActorName):
    template = forms.ChoiceField(
        choices=[(key, label) for key, label, _ in starters.CHOICES],
        error_messages={"required": "Choose what it begins with."},
    )


class Settings(ActorName):
    """`settings_of` in reverse: the API's names and values from what was typed."""

    build = forms.RegexField(
        TAG,
        label="Build",
        help_text="A tag or a number.",
        error_messages={"required": "Name a tag or a build.", **BAD_TAG},
    )
    memory = forms.TypedChoiceField(
        coerce=int,
        label="Memory",
        choices=[(str(size), memory_label(size)) for size in MEMORY],
        error_messages={"required": "Choose a size."},
    )
    timeout = forms.IntegerField(
        min_value=0,
        max_value=31_536_000,
        label="Timeout",
        help_text="Seconds; 0 means no limit.",
        error_messages={"required": "Write seconds, or 0."},
    )
    restart = forms.BooleanField(
        required=False, label="Restart on error", help_text="A run that fails starts again."
    )

    example = forms.CharField(
        required=False,
        max_length=100_000,
        label="Example input",
        help_text="Shown on the Information tab to those who do not know the Actor yet.",
        widget=forms.Textarea,
        strip=False,
    )
    example_type = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def clean_example(self) -> str:
        """What is said to be of another type may be any text."""
        text: str = self.cleaned_data["example"].replace("\r\n", "\n")
        if text.strip() and "json" in self.data.get("example_type", JSON):
            try:
                loads(text)
            except BadJson as problem:
                raise forms.ValidationError(str(problem)) from problem
        return text

    def example_input(self) -> dict[str, str] | None:
        """As the API has it, None when there is none."""
        text = self.cleaned_data["example"]
        kind = self.cleaned_data["example_type"] or JSON
        return {"body": text, "contentType": kind} if text.strip() else None

    def typed(self) -> dict[str, Any]:
        found = self.cleaned_data
        return {
            "name": found["name"],
            "title": found["title"],
            "description": found["description"],
            "build": found["build"],
            "memoryMbytes": found["memory"],
            "timeoutSecs": found["timeout"],
            "restartOnError": found["restart"],
            "exampleRunInput": found["example"],
        }


def settings_of(actor: Actor) -> dict[str, Any]:
    options, example = actor.default_run_options, actor.example_run_input
    return {
        "name": actor.name,
        "title": actor.title or "",
        "description": actor.description or "",
        "build": options.build,
        "memoryMbytes": options.memory_mbytes,
        "timeoutSecs": options.timeout_secs,
        "restartOnError": bool(actor.restart_on_error),
        "exampleRunInput": example.body or "" if example else "",
    }


def initial_of(actor: Actor) -> dict[str, Any]:
    found, example = settings_of(actor), actor.example_run_input
    return {
        **found,
        "memory": found["memoryMbytes"],
        "timeout": found["timeoutSecs"],
        "restart": found["restartOnError"],
        "example": found["exampleRunInput"],
        "example_type": example.content_type if example else JSON,
    }


class Publication(forms.Form):
    """A public Actor has a title and a category (rule 62)."""

    title = forms.CharField(
        max_length=200, label="Title", error_messages={"required": "A public Actor needs a title."}
    )
    categories = forms.MultipleChoiceField(
        choices=[(each, each) for each in CATEGORIES],
        error_messages={"required": "Choose at least one category."},
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, initial: dict[str, Any] | None = None
    ) -> None:
        """Beside `Settings`, which has a title too, so the ids are its own."""
        super().__init__(data, initial=initial, auto_id="publish_%s")
