from typing import Any

from django import forms

NAME = r"^[A-Za-z0-9](?:-?[A-Za-z0-9])*$"


class TaskName(forms.Form):
    name = forms.RegexField(
        NAME,
        max_length=63,
        label="Name",
        error_messages={
            "required": "Write a name.",
            "invalid": "Use letters, digits and single dashes between them.",
        },
    )


class Settings(TaskName):
    title = forms.CharField(required=False, max_length=200, label="Title")
    description = forms.CharField(required=False, max_length=5000, label="Description")

    def typed(self) -> dict[str, Any]:
        """Values under the API's names."""
        return {name: self.cleaned_data[name] for name in ("name", "title", "description")}


class Filter(forms.Form):
    """`status` is that of a task's last run."""

    q = forms.CharField(required=False, max_length=100, strip=True)
    actor = forms.CharField(required=False, max_length=64)
    status = forms.CharField(required=False, max_length=20)

    def wanted(self) -> dict[str, str]:
        found = self.cleaned_data if self.is_valid() else {}
        return {name: str(found.get(name) or "") for name in self.fields}
