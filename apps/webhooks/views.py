"""The list, the form and its preview."""

from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import reverse

from apps.webhooks import payload
from apps.webhooks.forms import EVENTS, LABELS, WebhookForm, fields, initial, typed
from apps.webhooks.previews import Preview, event_of, source_for
from apps.webhooks.previews import preview as preview_of
from apps.webhooks.scopes import KEYS, Scope, choices, names_of
from apps.webhooks.shown import rows, tabs_of_list, tabs_of_webhook
from console.api.errors import Refused
from console.api.models.webhooks import BUILD_EVENTS, RUN_EVENTS, Webhook
from console.api.resources.webhooks import (
    create_webhook,
    get_webhook,
    list_actor_webhooks,
    list_task_webhooks,
    list_webhooks,
    update_webhook,
)
from console.request import ConsoleRequest, needs
from console.ui.actions import go
from console.ui.editing import conflict, edited_from, touched
from console.ui.listing import page_params, pager
from console.ui.responses import render_page, tell

UNPROCESSABLE = 422
LONGEST_KEY = 64


@needs("read")
def webhooks(request: ConsoleRequest) -> HttpResponse:
    """All of the account, or those of one Actor or task (`?actor=`, `?task=`)."""
    params = page_params(request.GET)
    scope = next((kind for kind in ("actor", "task") if request.GET.get(kind)), "")
    scope_id = request.GET.get(scope, "")[:200]
    bounds = {"offset": params.offset, "limit": params.limit}
    calls = {
        "": lambda: list_webhooks(**bounds, desc=params.desc),
        "actor": lambda: list_actor_webhooks(scope_id, **bounds, desc=params.desc),
        "task": lambda: list_task_webhooks(scope_id, **bounds, desc=params.desc),
    }
    listed = request.api.run(calls[scope]())
    shown = len(listed.items)
    names = names_of(request, [each.condition for each in listed.items])
    context = {
        "only": Scope(scope, scope_id, names.get(scope_id, scope_id)),
        "query": f"?{scope}={quote(scope_id)}" if scope else "",
        "rows": rows(listed.items, names),
        "tabs": tabs_of_list("Webhooks"),
        "pager": pager(request, params=params, total=listed.total, shown=shown),
    }
    return render_page(request, "webhooks/list.html", context, partial="rows")


@needs("webhooks.edit")
def new(request: ConsoleRequest) -> HttpResponse:
    """`?actor=`, `?task=` or `?run=` choose what it watches."""
    if request.method != "POST":
        kind = next((kind for kind in KEYS if request.GET.get(kind)), "actor")
        begin = {
            "events": ["ACTOR.RUN.SUCCEEDED"],
            "scope": kind,
            kind: request.GET.get(kind, "")[:200],
            "payload": payload.DEFAULT,
        }
        return form_page(request, WebhookForm(initial=begin))
    form = WebhookForm(request.POST)
    if request.POST.get("action") == "preview" or not form.is_valid():
        return form_page(request, form)
    body = typed(form) | {"isAdHoc": False}
    if key := request.POST.get("intent", "")[:LONGEST_KEY]:
        body["idempotencyKey"] = key  # a second click finds the first one's webhook (rule 230)
    try:
        made = request.api.run(create_webhook(body))
    except Refused as refused:
        return refusal(request, form, refused)
    tell(request, "Webhook created. Test sends made-up data to it.")
    return go(request, reverse("webhooks:detail", args=[made.id]))


@needs("read")
def webhook(request: ConsoleRequest, webhook_id: str) -> HttpResponse:
    """The settings: a form for those who may edit, facts for the others."""
    if request.method == "POST" and not request.may("webhooks.edit"):
        raise PermissionDenied
    found = request.api.run(get_webhook(webhook_id))
    if request.method != "POST":
        if request.may("webhooks.edit"):
            return form_page(request, WebhookForm(initial=initial(found)), found)
        return render(request, "webhooks/facts.html", about(request, found))
    form = WebhookForm(request.POST)
    if request.POST.get("action") == "preview" or not form.is_valid():
        return form_page(request, form, found)
    return save(request, form, found)


def save(request: ConsoleRequest, form: WebhookForm, found: Webhook) -> HttpResponse:
    mine, theirs = typed(form, found), fields(found)
    here = reverse("webhooks:detail", args=[found.id])
    page = conflict(
        request, name="This webhook", mine=mine, theirs=theirs, edit_url=here, labels=LABELS
    )
    if page is not None:
        return page
    changes = {name: mine[name] for name in touched(request, mine)}
    try:
        if changes:
            request.api.run(update_webhook(found.id, changes))
    except Refused as refused:
        return refusal(request, form, refused, found)
    tell(request, "Webhook saved.")
    return go(request, here)


def refusal(
    request: ConsoleRequest, form: WebhookForm, refused: Refused, found: Webhook | None = None
) -> HttpResponse:
    """What was typed stays; the API's words stand beside the field that they name."""
    problem = "" if form.add_refusal(refused.sentence) else refused.sentence
    return form_page(request, form, found, problem=problem)


def about(request: ConsoleRequest, found: Webhook) -> dict[str, Any]:
    row = rows([found], names_of(request, [found.condition]))[0]
    return {
        "webhook": found,
        "row": row,
        "address": row.address,
        "tabs": tabs_of_webhook(found, "Settings"),
    }


def form_page(
    request: ConsoleRequest, form: WebhookForm, found: Webhook | None = None, *, problem: str = ""
) -> HttpResponse:
    post_url = reverse("webhooks:detail", args=[found.id]) if found else reverse("webhooks:new")
    wants_preview = request.POST.get("action") == "preview"
    offered = choices(request)
    context = {
        "form": form,
        "choices": offered,
        "extra": {
            kind: form[kind].value()
            for kind in KEYS
            if form[kind].value() not in {each[0] for each in getattr(offered, kind)}
        },
        "post_url": post_url,
        "problem": problem,
        "key": request.POST.get("intent", ""),
        "run_events": [event for event in EVENTS if event[0] in RUN_EVENTS],
        "build_events": [event for event in EVENTS if event[0] in BUILD_EVENTS],
        "chosen": form["events"].value() or [],
        "roots": payload.ROOTS,
        "fixed": payload.FIXED_HEADERS,
        "default": payload.DEFAULT,
        "preview": make_preview(request) if wants_preview else None,
        "preview_run": request.POST.get("preview_run", ""),
    }
    if found is not None:
        context |= about(request, found) | {"edited_from": edited_from(request, fields(found))}
    status = UNPROCESSABLE if form.is_bound and not wants_preview else 200
    template = "webhooks/edit.html" if found else "webhooks/new.html"
    return render(request, template, context, status=status)


@needs("webhooks.edit")
def preview(request: ConsoleRequest) -> HttpResponse:
    """What the form as it is typed now would send, for htmx."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    return render(request, "webhooks/preview.html", {"preview": make_preview(request)})


def make_preview(request: ConsoleRequest) -> Preview:
    typed_now = request.POST
    events = typed_now.getlist("events")
    scope = typed_now.get("scope", "")
    source = source_for(
        request,
        events=events,
        scope=scope,
        its_id=typed_now.get(scope, "")[:200],
        chosen=typed_now.get("preview_run", "")[:200],
    )
    return preview_of(
        source,
        event_of(source, events),
        template=typed_now.get("payload", "").replace("\r\n", "\n")[: payload.LONGEST],
        headers=typed_now.get("headers", "").replace("\r\n", "\n")[: payload.LONGEST],
        interpolate="interpolate" in typed_now,
    )
