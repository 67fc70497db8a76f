from typing import Any

from django.apps import apps
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.account.forms import Connection, NewPassword, Preferences
from console import audit
from console.api.errors import ApiError
from console.api.resources.users import get_me
from console.http import api_for
from console.request import ConsoleRequest, needs
from console.ui.actions import go
from console.ui.responses import tell

YEAR = 365 * 24 * 60 * 60
UNPROCESSABLE = 422


@needs("self")
@require_http_methods(["GET", "POST"])
def settings(request: ConsoleRequest) -> HttpResponse:
    user: Any = request.user
    if request.method != "POST":
        return settings_page(request)
    form = Preferences(request.POST, instance=user)
    if not form.is_valid():
        user.refresh_from_db()
        return settings_page(request, preferences=form)
    form.save()
    tell(request, "Settings saved.")
    response = go(request, reverse("account:settings"))
    for name in ("theme", "density"):
        response.set_cookie(name, form.cleaned_data[name], max_age=YEAR, samesite="Lax")
    return response


@sensitive_post_parameters("old", "new")
@needs("self")
@require_POST
def password(request: ConsoleRequest) -> HttpResponse:
    """Ends the person's other sessions; this one goes on under a new key."""
    user: Any = request.user
    form = NewPassword(user, request.POST)
    if not form.is_valid():
        return settings_page(request, new_password=form)
    told = "Password changed." if user.has_usable_password() else "Password set."
    user.set_password(form.cleaned_data["new"])
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
    tell(request, f"{told} Your other sessions have ended.")
    return go(request, reverse("account:settings"))


def settings_page(
    request: ConsoleRequest,
    *,
    preferences: Preferences | None = None,
    new_password: NewPassword | None = None,
) -> HttpResponse:
    user: Any = request.user
    context = {
        "form": preferences or Preferences(instance=user, initial=shown(request)),
        "new_password": new_password or NewPassword(user),
        "has_password": user.has_usable_password(),
    }
    refused = preferences is not None or new_password is not None
    status = UNPROCESSABLE if refused else 200
    return render(request, "account/settings.html", context, status=status)


def shown(request: ConsoleRequest) -> dict[str, str]:
    """The theme may have been changed by the button meanwhile, which knows only the cookie."""
    user: Any = request.user
    theme = request.COOKIES.get("theme", user.theme)
    known = theme if theme in ("light", "dark", "system") else user.theme
    return {"time_zone": user.time_zone or "UTC", "theme": known, "density": user.density}


@needs("read")
@require_http_methods(["GET", "POST"])
def workspace(request: ConsoleRequest) -> HttpResponse:
    """Everyone may look, admins may change. The token is never shown again."""
    if request.method != "POST":
        return workspace_page(request, Connection(initial={"api_url": request.workspace.api_url}))
    if not request.may("team.manage"):
        return render(request, "errors/403.html", status=403)
    form = Connection(request.POST)
    if not form.is_valid():
        return workspace_page(request, form)
    row = apps.get_model("team", "Workspace")._default_manager.get(pk=request.workspace.id)
    before = row.api_url
    row.connect(api_url=form.cleaned_data["api_url"], token=form.cleaned_data["token"])
    after = {"api_url": row.api_url, "token": bool(form.cleaned_data["token"])}
    audit.record(request, "team.manage", before={"api_url": before}, after=after)
    kept = request.workspace.token if row.sealed_token else ""
    try_out(request, row.api_url, form.cleaned_data["token"] or kept)
    return go(request, reverse("account:workspace"))


def try_out(request: ConsoleRequest, api_url: str, token: str) -> None:
    """What is saved is tried at once: else a slip shows on somebody else's page."""
    if not token:
        return tell(request, "Saved. Now give it a token.", tone="warning")
    try:
        account = api_for(api_url, token).run(get_me())
    except ApiError as error:
        return tell(request, f"Saved, but it does not work: {error.sentence}", tone="error")
    return tell(request, f"Connection saved. The account is {account.username or account.id}.")


def workspace_page(request: ConsoleRequest, form: Connection) -> HttpResponse:
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "account/workspace.html", {"form": form}, status=status)
