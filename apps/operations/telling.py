"""Tell me when this run or build ends, whoever or whatever started it."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.operations.intents import mine
from apps.operations.models import DUE, WANTED, Intent
from console.api.models.builds import Build
from console.api.models.runs import Run
from console.api.resources.builds import get_build
from console.api.resources.runs import get_run
from console.outcomes import DONE
from console.request import ConsoleRequest, needs
from console.ui.actions import go
from console.ui.names import name_of
from console.ui.responses import tell as say

FOLLOWED = ("run.start", "run.resurrect", "run.watch", "build.start", "build.watch")


class Ways(forms.Form):
    """The page itself always tells; these are asked for."""

    browser = forms.BooleanField(required=False)
    mail = forms.BooleanField(required=False)
    stop = forms.BooleanField(required=False)


@dataclass(frozen=True, slots=True)
class Work:
    kind: str
    found: Run | Build
    name: str

    @property
    def page(self) -> str:
        return reverse(f"{self.kind}s:detail", args=[self.found.id])


def work_of(request: ConsoleRequest, kind: str, object_id: str) -> Work:
    if kind == "run":
        run = request.api.run(get_run(object_id))
        return Work(kind, run, name_of(request, run.act_id))
    if kind == "build":
        build = request.api.run(get_build(object_id))
        return Work(kind, build, f"{name_of(request, build.act_id)} {build.build_number or ''}")
    raise Http404


@needs("read")
@require_http_methods(["GET", "POST"])
def tell(request: ConsoleRequest, kind: str, object_id: str) -> HttpResponse:
    work = work_of(request, kind, object_id)
    known = mine(request).filter(object_id=work.found.id, kind__in=FOLLOWED).first()
    if request.method == "POST":
        return answer(request, work, known)
    user: Any = request.user
    context = {
        "work": work,
        "known": known if known and known.is_told else None,
        "mail_on": settings.MAIL_ON,
        "address": user.email,
    }
    return render(request, "operations/tell.html", context)


def answer(request: ConsoleRequest, work: Work, known: Intent | None) -> HttpResponse:
    ways = Ways(request.POST)
    ways.is_valid()  # switches are on or off, nothing is refused
    chosen = ways.cleaned_data
    if chosen["stop"]:
        stop(known)
        say(request, "You are not told any more when it ends.")
    elif work.found.is_terminal:
        say(request, "It has ended already.", tone="info")
    else:
        user: Any = request.user
        by_mail = chosen["mail"] and settings.MAIL_ON and bool(user.email)
        note(request, work, known, by_browser=chosen["browser"], by_mail=by_mail)
        say(request, "You are told when it ends.")
    return go(request, work.page)


def note(
    request: ConsoleRequest, work: Work, known: Intent | None, *, by_browser: bool, by_mail: bool
) -> None:
    """On the person's own operation, or on one made for it. One that ended meanwhile is told."""
    ways = {"is_told": True, "by_browser": by_browser, "mail": WANTED if by_mail else ""}
    user: Any = request.user
    with transaction.atomic():
        if known is None:
            key = f"watch-{request.workspace.id}-{work.found.id}"
            known, _ = Intent.objects.get_or_create(
                user=user, key=key[:64], defaults=made(request, work)
            )
        Intent.objects.filter(pk=known.pk).update(**ways)
        Intent.objects.filter(pk=known.pk, is_over=True, mail=WANTED).update(mail=DUE)


def made(request: ConsoleRequest, work: Work) -> dict[str, Any]:
    found = work.found
    return {
        "workspace_id": request.workspace.id,
        "kind": f"{work.kind}.watch",
        "state": DONE,
        "subject": work.name.strip()[:200],
        "target_id": found.act_id or "",
        "sent_at": timezone.now(),
        "object_kind": work.kind,
        "object_id": found.id,
        "status": found.status,
        "sentence": (found.status_message or "") if isinstance(found, Run) else "",
    }


def stop(known: Intent | None) -> None:
    if known is None:
        return
    if known.kind.endswith(".watch"):
        known.delete()
    else:
        Intent.objects.filter(pk=known.pk).update(is_told=False, by_browser=False, mail="")
