from datetime import UTC, date, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from apps.usage import spending
from apps.usage.limits import tabs
from console.api.calls import Call
from console.api.models.base import Page
from console.api.models.runs import RunSummary
from console.api.models.tasks import TaskSummary
from console.api.models.users import Cycle, Limits, MonthlyUsage
from console.api.resources.runs import list_runs
from console.api.resources.tasks import list_tasks
from console.api.resources.users import get_limits, get_monthly_usage
from console.forecast import forecast
from console.request import ConsoleRequest, needs
from console.templatetags.days import days
from console.ui.names import actor_names

NEWEST = 1000
Answers = tuple[MonthlyUsage, Limits, Page[TaskSummary], Page[RunSummary]]


@needs("read")
def usage(request: ConsoleRequest) -> HttpResponse:
    """The cycle that holds `?date=`, else the present one."""
    asked = asked_date(request.GET.get("date", ""))
    month, known, tasks, runs = fetch(request, asked)
    cycle = month.usage_cycle
    task_names = {task.id: task.title or task.name for task in tasks.items}
    now = timezone.now()
    earlier, later = spending.neighbours(cycle, now)
    context = {
        "tabs": tabs("Usage"),
        "usage": month,
        "total": month.total_usage_credits_usd_after_volume_discount,
        "limit": known.limits.get("maxMonthlyUsageUsd"),
        "forecast": forecast(month, now),
        "services": spending.services(month),
        "days": days(month),
        "actors": spending.spenders(runs.items, cycle, by="act_id", names=actor_names(request)),
        "tasks": spending.spenders(runs.items, cycle, by="actor_task_id", names=task_names),
        "is_cut": runs.total > len(runs.items),
        "shown_runs": len(runs.items),
        "earlier": earlier,
        "later": later,
    }
    return render(request, "usage/usage.html", context)


def fetch(request: ConsoleRequest, asked: str | None) -> Answers:
    """The newest runs belong to the present cycle; another one must say its dates first."""
    month, limits = get_monthly_usage(asked), get_limits()
    tasks = list_tasks(limit=NEWEST)
    if asked is None:
        return request.api.gather(month, limits, tasks, list_runs(limit=NEWEST))
    found, known, named = request.api.gather(month, limits, tasks)
    return found, known, named, request.api.run(runs_of(found.usage_cycle))


def asked_date(text: str) -> str | None:
    """None for what is no date: then it is the present cycle."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def runs_of(cycle: Cycle) -> Call[Page[RunSummary]]:
    return list_runs(
        limit=NEWEST, started_after=iso(cycle.start_at), started_before=iso(cycle.end_at)
    )


def iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
