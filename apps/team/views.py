from typing import cast

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.team import links
from apps.team.backends import NAME
from apps.team.forms import SignIn, SignInByToken
from apps.team.looks import remember_look
from apps.team.models import User
from apps.team.workspaces import seats_of
from console.request import ConsoleRequest, Role, needs
from console.ui.actions import go
from console.ui.listing import number
from console.ui.responses import tell

PASSWORD = "django.contrib.auth.backends.ModelBackend"  # noqa: S105 - a dotted name, no secret
TOKEN_REFUSED = "No workspace takes this token."  # noqa: S105 - a sentence, no secret


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.method == "GET" and request.user.is_authenticated:
        return redirect("home")
    form = SignIn(request, request.POST or None)
    if form.is_valid() and form.user is not None:
        return enter(request, form.user)
    return sign_in_page(request, form)


@sensitive_post_parameters("token")
@never_cache
@require_POST
def token(request: HttpRequest) -> HttpResponseBase:
    form = SignInByToken(request.POST)
    if form.is_valid() and settings.SIGN_IN_BY_TOKEN:
        user = authenticate(request, username=NAME, token=form.cleaned_data["token"].strip())
        if isinstance(user, User):
            return enter(request, user)
    form.add_error(None, TOKEN_REFUSED)
    return sign_in_page(request, SignIn(request), by_token=form)


@never_cache
@require_http_methods(["GET"])
def link(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Not by HEAD: whoever only checks the address must not use the link up."""
    user = links.use(secret)
    if user is None:
        return render(request, "team/link_used.html", status=410)
    if not user.has_usable_password() and not user.is_superuser:
        tell(request, "This link worked once. Choose a password in Settings to come back.")
    return enter(request, user, backend=PASSWORD)


@needs("self")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    logout(request)
    return go(request, reverse("team:sign_in"))


@needs("self")
@require_http_methods(["GET", "POST"])
def switch(request: ConsoleRequest) -> HttpResponse:
    """Chooses a workspace; the choice is remembered with the person."""
    user = cast(User, request.user)
    seats = seats_of(user.pk)
    if request.method == "POST":
        wanted = number(request.POST.get("workspace"))
        seat = get_object_or_404(user.memberships, workspace_id=wanted)
        user.workspace = seat.workspace
        user.save(update_fields=["workspace"])
        tell(request, f"You are now in {seat.workspace.name}.")
        return go(request, reverse("home"))
    choices = [(seat.workspace, Role(seat.role).word) for seat in seats]
    return render(request, "team/switch.html", {"choices": choices})


def enter(request: HttpRequest, user: User, *, backend: str | None = None) -> HttpResponseBase:
    """Signs in with a new session key and goes to where the person wanted to be."""
    login(request, user, backend=backend)
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    response = go(request, wanted if is_ours else reverse("home"))
    remember_look(response, user)
    return response


def sign_in_page(
    request: HttpRequest, form: SignIn, *, by_token: SignInByToken | None = None
) -> HttpResponse:
    refused = form.is_bound or by_token is not None
    context = {
        "form": form,
        "by_token": by_token or SignInByToken(),
        "token_offered": bool(settings.SIGN_IN_BY_TOKEN),
        "next": request.POST.get("next") or request.GET.get("next") or "",
    }
    return render(request, "team/sign_in.html", context, status=422 if refused else 200)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: object = None
) -> HttpResponse:
    """What django-axes answers after too many failed tries."""
    minutes = round(settings.AXES_COOLOFF_TIME.total_seconds() / 60)
    return render(request, "team/locked_out.html", {"minutes": minutes}, status=429)
