import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from apps.schedules import cron, presets
from apps.schedules.forms import Setup, When, begin, fields_of
from apps.schedules.preview import preview as preview_of
from apps.schedules.preview import seconds
from apps.schedules.targets import MOST, is_task, look_up, slowest
from console.api.models.base import Page
from console.api.models.schedules import Invocation, Schedule
from console.api.resources.schedules import get_schedule, list_schedules, schedule_log
from console.request import ConsoleRequest, needs
from console.ui.editing import edited_from
from console.ui.listing import PageParams, list_page, page_params, pager
from console.ui.responses import render_page
from console.ui.tabs import Tab

IN_BRIEF = 5
SEARCHED = 1000
LONGEST_ID = 200
KEYS = {"actor": "actorId", "task": "actorTaskId"}
WORDS = {"actor": "Actor", "task": "saved task"}
RUN = re.compile(r"\brun (\w{17})\b", re.ASCII)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@needs("read")
def schedules(request: ConsoleRequest) -> HttpResponse:
    """All of the account, or those that start one Actor or task (`?actor=`, `?task=`)."""
    kind = next((kind for kind in KEYS if request.GET.get(kind)), "")
    if kind:
        return those_of(request, kind, request.GET[kind][:LONGEST_ID])

    def fetch(params: PageParams) -> Page[dict[str, Any]]:
        call = list_schedules(offset=params.offset, limit=params.limit, desc=params.desc)
        listed = request.api.run(call)
        return Page(total=listed.total, items=[row(each) for each in listed.items])

    return list_page(
        request,
        template="schedules/list.html",
        fetch=fetch,
        context={"tabs": list_tabs("Schedules")},
    )


def those_of(request: ConsoleRequest, kind: str, its_id: str) -> HttpResponse:
    """The API filters nothing: the newest 1,000 are looked through."""
    listed = request.api.run(list_schedules(limit=SEARCHED, desc=True))
    key = KEYS[kind]
    items = [
        row(each)
        for each in listed.items
        if any(action.get(key) == its_id for action in each.actions or [])
    ]
    context = {
        "only": kind,
        "only_name": f"the {WORDS[kind]} {its_id}",
        "query": f"?{kind}={quote(its_id)}",
        "items": items,
        "tabs": list_tabs("Schedules"),
    }
    return render_page(request, "schedules/list.html", context, partial="rows")


def list_tabs(current: str) -> list[Tab]:
    places = (("Schedules", "schedules:list"), ("Week", "schedules:week"))
    return [Tab(label, reverse(name), label == current) for label, name in places]


def row(schedule: Schedule) -> dict[str, Any]:
    actions = schedule.actions or []
    tasks = sum(map(is_task, actions))
    return {
        "schedule": schedule,
        "sentence": in_words(schedule),
        "actors": len(actions) - tasks,
        "tasks": tasks,
    }


def in_words(schedule: Schedule) -> str:
    """Of an expression that the Console cannot read, the expression itself."""
    try:
        return cron.sentence(schedule.cron_expression)
    except cron.BadCron:
        return schedule.cron_expression


@needs("read")
def detail(request: ConsoleRequest, schedule_id: str) -> HttpResponse:
    schedule, log = request.api.gather(get_schedule(schedule_id), schedule_log(schedule_id))
    return show(request, schedule, Setup(in_mode(request, begin(schedule))), log=log)


def in_mode(request: ConsoleRequest, initial: dict[str, Any]) -> dict[str, Any]:
    """Each tab of the editor has an address."""
    asked = request.GET.get("mode")
    return {**initial, "mode": asked} if asked in dict(presets.MODES) else initial


def show(
    request: ConsoleRequest,
    schedule: Schedule,
    form: Setup,
    *,
    log: list[Invocation] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a schedule around a bound form; what was typed stays."""
    targets = look_up(request.api, (schedule.actions or [])[:MOST])
    usual = slowest(targets)
    context = {
        **around(request, form, usual),
        **head(schedule, "Setup"),
        "targets": targets,
        "most": MOST,
        "log": newest(log or [])[:IN_BRIEF],
        "edited_from": edited_from(request, fields_of(schedule)),
    }
    return render(request, "schedules/detail.html", context, status=status)


def around(request: ConsoleRequest, form: When, usual: float | None) -> dict[str, Any]:
    """For `schedules/when.html` and the next firings."""
    return {
        "form": form,
        "preview": preview_of(form, request.zone, usual),
        "usual": usual,
        "modes": presets.MODES,
        "steps": {"minutes": presets.MINUTES, "hours": presets.HOURS},
        "weekdays": presets.DAYS,
        "months": presets.MONTHS,
        "shortcuts": cron.SHORTCUTS,
    }


def head(schedule: Schedule, current: str) -> dict[str, Any]:
    places = (("Setup", "schedules:detail"), ("Log", "schedules:log"))
    return {
        "schedule": schedule,
        "title": schedule.name,
        "sentence": in_words(schedule),
        "tabs": [
            Tab(label, reverse(name, args=[schedule.id]), label == current)
            for label, name in places
        ],
    }


def newest(log: list[Invocation]) -> list[tuple[Invocation, str]]:
    """Each line with the id of the run that it names, if it names one."""
    lines = sorted(log, key=lambda line: line.created_at or LONG_AGO, reverse=True)
    return [(line, named[1] if (named := RUN.search(line.message)) else "") for line in lines]


@needs("read")
def log(request: ConsoleRequest, schedule_id: str) -> HttpResponse:
    """The API gives all of it at once, at most 1,000 lines."""
    schedule, found = request.api.gather(get_schedule(schedule_id), schedule_log(schedule_id))
    params = page_params(request.GET)
    lines = newest(found)
    shown = lines[params.offset : params.offset + params.limit]
    paging = pager(request, params=params, total=len(lines), shown=len(shown))
    context = {**head(schedule, "Log"), "lines": shown, "pager": paging}
    return render(request, "schedules/log.html", context)


@needs("read")
def preview(request: ConsoleRequest) -> HttpResponse:
    """What a form's moments mean: the part of a page for htmx, a page of its own without."""
    given = request.GET if "timezone" in request.GET else in_mode(request, fresh(request))
    context = around(request, When(given), seconds(request.GET.get("usual", "")))
    return render_page(request, "schedules/preview.html", context, partial="live")


def fresh(request: ConsoleRequest) -> dict[str, Any]:
    """What a new schedule begins with."""
    return {
        **presets.fields("0 9 * * 1-5"),
        "name": "my-schedule",
        "timezone": request.zone.key,
        "exclusive": True,
        "was": "",
    }
