from typing import Any

from django import forms

from console.api.models.users import Limits

MOST_USD = 10_000_000
MOST_DAYS = 3650
# the form's name, the API's, what it is called
WRITABLE = (
    ("usd", "maxMonthlyUsageUsd", "Monthly usage limit"),
    ("days", "dataRetentionDays", "Data retention"),
)


class LimitsForm(forms.Form):
    usd = forms.DecimalField(
        label="Monthly usage limit", min_value=0, max_value=MOST_USD, max_digits=12
    )
    days = forms.IntegerField(label="Data retention", min_value=1, max_value=MOST_DAYS)
    confirmed = forms.BooleanField(required=False)

    def changes(self, known: Limits) -> dict[str, Any]:
        """What differs from `known`, in the API's names."""
        wanted = {api: float(self.cleaned_data[name]) for name, api, _ in WRITABLE}
        return {
            api: int(value) if value == int(value) else value
            for api, value in wanted.items()
            if known.limits.get(api) != value
        }


def initial(known: Limits) -> dict[str, Any]:
    """Whole figures without a point, as people write them."""
    return {
        name: "" if (value := known.limits.get(api)) is None else f"{value:.15g}"
        for name, api, _ in WRITABLE
    }
