from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.usage.forms import WRITABLE, LimitsForm, initial
from console import audit
from console.api.models.users import Limits
from console.api.resources.users import get_limits, update_limits
from console.request import ConsoleRequest, needs
from console.ui.actions import go
from console.ui.responses import tell
from console.ui.tabs import Tab

UNPROCESSABLE = 422
# the API's name of what is used, of the most, what it is called, its unit
MEASURED = (
    ("actorMemoryGbytes", "maxActorMemoryGbytes", "Memory of running Actors", "GB"),
    ("activeActorJobCount", "maxConcurrentActorJobs", "Runs and builds at once", ""),
    ("actorCount", "maxActorCount", "Actors", ""),
    ("actorTaskCount", "maxActorTaskCount", "Tasks", ""),
    ("scheduleCount", "maxScheduleCount", "Schedules", ""),
    ("webhookCount", "maxWebhookCount", "Webhooks", ""),
    ("monthlyActorComputeUnits", "maxMonthlyActorComputeUnits", "Compute units", ""),
    (
        "monthlyExternalDataTransferGbytes",
        "maxMonthlyExternalDataTransferGbytes",
        "Data transfer out",
        "GB",
    ),
    ("teamAccountSeatCount", "maxTeamAccountSeatCount", "Seats", ""),
)


@needs("read")
@require_http_methods(["GET", "POST"])
def page(request: ConsoleRequest) -> HttpResponse:
    """Everyone may look, admins may change, and are asked once more before it counts."""
    if request.method == "POST" and not request.may("limits.edit"):
        return render(request, "errors/403.html", status=403)
    known = request.api.run(get_limits())
    if request.method != "POST":
        return shown(request, known, LimitsForm(initial=initial(known)))
    form = LimitsForm(request.POST)
    if not form.is_valid():
        return shown(request, known, form, status=UNPROCESSABLE)
    changes = form.changes(known)
    if not changes:
        tell(request, "Nothing was changed.", tone="info")
        return go(request, reverse("usage:limits"))
    if not form.cleaned_data["confirmed"]:
        return shown(request, known, form, to_confirm=compared(known, changes))
    return save(request, known, changes)


def save(request: ConsoleRequest, known: Limits, changes: dict[str, Any]) -> HttpResponse:
    request.api.run(update_limits(changes))
    before = {name: known.limits.get(name) for name in changes}
    audit.record(request, "limits.edit", before=before, after=changes)
    cache.delete(f"limits-{request.workspace.id}")
    tell(request, "Limits saved.")
    return go(request, reverse("usage:limits"))


def shown(
    request: ConsoleRequest,
    known: Limits,
    form: LimitsForm,
    *,
    status: int = 200,
    to_confirm: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    context = {
        "tabs": tabs("Limits"),
        "limits": known,
        "measured": measured(known),
        "used_usd": known.current.get("monthlyUsageUsd"),
        "most_usd": known.limits.get("maxMonthlyUsageUsd"),
        "retention": known.limits.get("dataRetentionDays"),
        "form": form,
        "to_confirm": to_confirm,
        "changes": [
            (entry, told(entry.before, entry.after))
            for entry in audit.recent(request, "limits.edit")
        ],
    }
    return render(request, "usage/limits.html", context, status=status)


def tabs(current: str) -> list[Tab]:
    places = (("Usage", "usage:usage"), ("Limits", "usage:limits"))
    return [Tab(label, reverse(name), label == current) for label, name in places]


def measured(known: Limits) -> list[tuple[str, float, float, str]]:
    """Label, used, most and unit of what the API tells; it need not know all of them."""
    return [
        (label, known.current.get(used) or 0, most_of, unit)
        for used, most, label, unit in MEASURED
        if (most_of := known.limits.get(most))
    ]


def compared(known: Limits, changes: dict[str, Any]) -> list[dict[str, Any]]:
    return told({name: known.limits.get(name) for name in changes}, changes)


def told(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """Each change with its label, in the order of the form."""
    return [
        {"name": api, "label": label, "before": before.get(api), "after": after[api]}
        for _, api, label in WRITABLE
        if api in after
    ]
