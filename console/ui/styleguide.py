"""Every component in every state on one page, to look at; in debug only."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from console.api.models.runs import STATUSES
from console.ui.listing import page_params, pager
from console.ui.responses import render_page
from console.ui.tabs import Tab

WORDS = (*STATUSES, "ENABLED", "DISABLED", "A-NEW-WORD")
TONES = ("success", "info", "warning", "error")


def styleguide(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    params = page_params(request.GET)
    tabs = [
        Tab("Output", "#output", current=True, count=3389),
        Tab("Log", "#log"),
        Tab("Input", "#input"),
        Tab("Storage", "#storage", count=3),
    ]
    context = {
        "statuses": WORDS,
        "tones": TONES,
        "tabs": tabs,
        "pager": pager(request, params=params, total=1284, shown=params.limit),
        "moments": [now - timedelta(seconds=gone) for gone in (8, 240, 7300, 400_000)],
        "now": now,
        "open": request.GET.get("dialog") == "sample",
    }
    return render_page(request, "ui/styleguide.html", context)
