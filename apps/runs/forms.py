from django import forms

STATUSES = [
    ("", "All"),
    ("READY", "Ready"),
    ("RUNNING", "Running"),
    ("SUCCEEDED", "Succeeded"),
    ("FAILED", "Failed"),
    ("TIMED-OUT", "Timed out"),
    ("ABORTED", "Aborted"),
]


class RunFilters(forms.Form):
    status = forms.ChoiceField(choices=STATUSES, required=False)
