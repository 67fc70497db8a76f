from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from apps.schedules import cron, presets
from console.api.errors import Refused
from console.api.models.schedules import Schedule
from console.ui.zones import ZONES

NEEDED = {
    "minute": ("minutes",),
    "hourly": ("hours", "minute"),
    "daily": ("time",),
    "weekly": ("time", "days"),
    "monthly": ("time", "day"),
    "yearly": ("time", "day", "month"),
    "cron": ("cron",),
}
LABELS = {
    "name": "Name",
    "description": "Description",
    "cronExpression": "Cron expression",
    "timezone": "Time zone",
    "isExclusive": "Skip if the last one is still on",
}
SAYING = (("cron", "cron"), ("zone", "timezone"), ("name", "name"), ("description", "description"))


class When(forms.Form):
    """The moments: only the fields of the chosen tab count. Valid, it has `expression`, `zone`."""

    mode = forms.ChoiceField(choices=presets.MODES)
    minutes = forms.TypedChoiceField(
        choices=[(step, step) for step in presets.MINUTES], coerce=int, required=False
    )
    hours = forms.TypedChoiceField(
        choices=[(step, step) for step in presets.HOURS], coerce=int, required=False
    )
    minute = forms.IntegerField(min_value=0, max_value=59, required=False)
    time = forms.RegexField(r"^([01]\d|2[0-3]):[0-5]\d$", required=False)
    days = forms.MultipleChoiceField(choices=presets.DAYS, required=False)
    day = forms.IntegerField(min_value=1, max_value=31, required=False)
    month = forms.IntegerField(min_value=1, max_value=12, required=False)
    cron = forms.CharField(required=False)
    timezone = forms.CharField(max_length=64)

    exclusive = forms.BooleanField(required=False)
    was = forms.CharField(required=False)  # the expression that the form was made from

    moments = frozenset({*presets.BEGIN, "mode", "cron", "timezone"})
    expression = ""
    zone: ZoneInfo | None = None

    def zone_options(self) -> SafeString:
        """One that is not offered is offered as well, so that a page never changes it."""
        chosen = self["timezone"].value() or ""
        offered = ZONES if chosen in dict(ZONES) else ((chosen, chosen), *ZONES)
        return format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((zone, " selected" if zone == chosen else "", label) for zone, label in offered),
        )

    def clean_timezone(self) -> str:
        name: str = self.cleaned_data["timezone"]
        if not cron.is_zone(name):
            raise forms.ValidationError(f"There is no time zone {name}.")
        self.zone = ZoneInfo(name)
        return name

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        mode = found.get("mode", "cron")
        needed = NEEDED[mode]
        for name in presets.BEGIN.keys() - set(needed):
            self.errors.pop(name, None)  # a field of another tab stands in nobody's way
        for name in needed:
            if name not in self.errors and found.get(name) in (None, "", []):
                self.add_error(name, "Choose a day." if name == "days" else "This is needed.")
        if not self.errors.keys() & {"mode", *needed}:
            self.read_moments(mode, found)
        return found

    def read_moments(self, mode: str, found: dict[str, Any]) -> None:
        """One written otherwise but with the same meaning stays as it was written."""
        made = found["cron"] if mode == "cron" else presets.expression(mode, found)
        was = presets.fields(found.get("was", ""))
        if was["mode"] == mode != "cron" and presets.expression(mode, was) == made:
            made = was["cron"]
        try:
            cron.sentence(made)
        except cron.BadCron as problem:
            self.add_error(NEEDED[mode][-1], str(problem))
        else:
            self.expression = made


class Setup(When):
    """All that is edited in one place. Names of 3 to 63 characters, as console-features.md says."""

    name = forms.CharField(min_length=3, max_length=63)
    description = forms.CharField(required=False, max_length=1000)

    def fields_typed(self) -> dict[str, Any]:
        """For the API and for `editing`, in the order of `fields_of`."""
        typed = self.cleaned_data
        return {
            "name": typed["name"],
            "description": typed["description"],
            "cronExpression": self.expression,
            "timezone": typed["timezone"],
            "isExclusive": typed["exclusive"],
        }

    def refuse(self, refused: Refused) -> None:
        """Puts the API's words beside the field that they speak of."""
        words = refused.sentence.lower()
        field = next((field for saying, field in SAYING if saying in words), None)
        if field == "cron":
            field = NEEDED[self.cleaned_data["mode"]][-1]
        self.add_error(field, refused.sentence)


def fields_of(schedule: Schedule) -> dict[str, Any]:
    return {
        "name": schedule.name,
        "description": schedule.description or "",
        "cronExpression": schedule.cron_expression,
        "timezone": schedule.timezone,
        "isExclusive": schedule.is_exclusive,
    }


def begin(schedule: Schedule) -> dict[str, Any]:
    """What the form begins with."""
    return {
        **presets.fields(schedule.cron_expression),
        "name": schedule.name,
        "description": schedule.description or "",
        "timezone": schedule.timezone,
        "exclusive": schedule.is_exclusive,
        "was": schedule.cron_expression,
    }
