"""Options of one start, for the panel beside the form."""

from typing import Any

from django import forms

MEMORY = [2**power for power in range(7, 16)]
MB_PER_CPU = 4096
MB_PER_GB = 1024
BOUNDS = {"min_value": "Use %(limit_value)s or more.", "max_value": "Use %(limit_value)s or less."}


def memory_label(megabytes: int) -> str:
    size = f"{megabytes} MB" if megabytes < MB_PER_GB else f"{megabytes // MB_PER_GB} GB"
    return f"{size}, {megabytes / MB_PER_CPU:g} CPU core{'' if megabytes == MB_PER_CPU else 's'}"


class RunOptions(forms.Form):
    """What is left empty is the default of the Actor or the task."""

    build = forms.CharField(required=False, max_length=64, label="Build")
    timeout = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=31_536_000,
        label="Timeout",
        error_messages=BOUNDS | {"invalid": "Write seconds, such as 3600, or 0 for no limit."},
    )
    memory = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        label="Memory",
        choices=[("", "Default"), *((str(size), memory_label(size)) for size in MEMORY)],
    )
    max_items = forms.IntegerField(
        required=False, min_value=1, label="Maximum of results", error_messages=BOUNDS
    )

    def options(self) -> dict[str, Any]:
        """For `start_run` and `run_task`."""
        return {
            "build": self.cleaned_data["build"] or None,
            "timeout": self.cleaned_data["timeout"],
            "memory": self.cleaned_data["memory"],
            "max_items": self.cleaned_data["max_items"],
        }
