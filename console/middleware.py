"""The choke point: every request to a page passes here before its view.

Signed in, a seat in a workspace, the permission that the view names. A view that names none is
refused, unless its URL name is in PUBLIC with a reason. Errors of the API become pages or toasts.
"""

import secrets
import time
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from console import errors
from console.api.errors import ApiError
from console.request import SELF, ConsoleRequest, May
from console.seating import keep_zone, take_seat

PUBLIC = {
    "team:sign_in": "people sign in here",
    "team:link": "the link itself is the credential",
    "team:token": "people sign in here with a token, where a setting allows it",
    "asset": "styles and scripts hold no secrets, and the sign-in page needs them",
    "health": "whoever watches the process has no account",
    "styleguide": "exists only with debug on, holds made-up data",
}

Next = Callable[[HttpRequest], HttpResponseBase]
UTC = ZoneInfo("UTC")
SEEN_EVERY = 600


class Gate:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, plain: HttpRequest) -> HttpResponseBase:
        request = cast(ConsoleRequest, plain)
        request.request_id = secrets.token_hex(6)
        request.may = May(None)
        request.zone = UTC
        if is_cross_site(request):
            response: HttpResponseBase = errors.refuse_cross_site(request)
        else:
            try:
                response = errors.only_actions(request, self.get_response(request))
            finally:
                timezone.deactivate()
        response["X-Request-Id"] = request.request_id
        return response

    def process_view(
        self, plain: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        request = cast(ConsoleRequest, plain)
        if request.user.is_authenticated:
            keep_zone(request)
            keep_session(request)
        match = request.resolver_match
        if match is not None and match.view_name in PUBLIC:
            return None
        return self.admit(request, getattr(view, "needs", None))

    def admit(self, request: ConsoleRequest, permission: str | None) -> HttpResponseBase | None:
        """None when the person may go on; else the answer, or `PermissionDenied`."""
        if not request.user.is_authenticated:
            return to_sign_in(request)
        seat = take_seat(request)
        if permission == SELF:
            return None
        if permission is None or (seat is not None and not request.may(permission)):
            raise PermissionDenied
        return None if seat is not None else errors.no_workspace(request)

    def process_exception(self, plain: HttpRequest, problem: Exception) -> HttpResponse | None:
        request = cast(ConsoleRequest, plain)
        return errors.api_error(request, problem) if isinstance(problem, ApiError) else None


def keep_session(request: HttpRequest) -> None:
    """Idle time counts from the last request, written down at most every ten minutes."""
    now = int(time.time())
    if now - request.session.get("seen", 0) > SEEN_EVERY:
        request.session["seen"] = now


def is_cross_site(request: HttpRequest) -> bool:
    """A second lock beside the CSRF token: browsers say where an unsafe request comes from."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return False
    return request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")


def to_sign_in(request: ConsoleRequest) -> HttpResponseBase:
    """htmx would put the sign-in page into a corner of this one, so it is told to go there."""
    if not request.htmx:
        return redirect_to_login(place_of(request))
    response = HttpResponse(status=401)
    response["HX-Redirect"] = redirect(settings.LOGIN_URL).url
    return response


def place_of(request: HttpRequest) -> str:
    """Where to go on after signing in: the page, or that on which an action's button stood."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc != request.get_host() or not came_from.path:
        return redirect("home").url
    return came_from._replace(scheme="", netloc="", fragment="").geturl()
