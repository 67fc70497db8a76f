"""Every error that a person can meet, as a page, or as a toast where htmx asked for a part."""

import logging
from http import HTTPStatus
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from console.api.errors import ApiError, Limited, Refused, TooSlow, Unreachable
from console.request import ConsoleRequest
from console.seating import keep_zone, take_seat
from console.ui.nav import Link, current_section, links
from console.ui.query import posted
from console.ui.responses import toast, wants_part

logger = logging.getLogger(__name__)
SHOWN = frozenset({400, 402, 403, 404, 405, 408, 409, 413, 415, 422})


def api_error(request: ConsoleRequest, error: ApiError) -> HttpResponse:
    """What happened, what to do, the request's id; what was typed can be sent again."""
    status = status_of(error)
    at_limit = is_limit(error)
    advice = "The account's limits do not allow it now." if at_limit else error.advice
    if wants_part(request):
        response = HttpResponse(status=status)
        response["HX-Reswap"] = "none"
        return toast(response, f"{error.sentence} {advice}", tone="error")
    context = {
        "error": error,
        "advice": advice,
        "at_limit": at_limit,
        "kept": posted(request),
        "is_post": request.method == "POST",
        "section": section_of(request.path),
    }
    return render(request, "errors/api.html", context, status=status)


def is_limit(error: ApiError) -> bool:
    """A month that is spent is told with 403, as a token that may not is."""
    return isinstance(error, Refused) and (
        error.status == HTTPStatus.PAYMENT_REQUIRED or error.kind == "platform-feature-disabled"
    )


def section_of(path: str) -> Link | None:
    """Where else there is more of what was looked for; None on the section's own page."""
    found = next((link for link in links(current_section(path)) if link.current), None)
    return found if found and found.url != path else None


def status_of(error: ApiError) -> int:
    """A refusal keeps the API's status; the rest says that something behind the Console failed."""
    if isinstance(error, Refused) and not error.maybe_done and error.status in SHOWN:
        return error.status
    if isinstance(error, Unreachable | Limited):
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.GATEWAY_TIMEOUT if isinstance(error, TooSlow) else HTTPStatus.BAD_GATEWAY


def no_workspace(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/no_workspace.html", status=403)


def refuse_cross_site(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/403.html", {"cross_site": True}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 400)


def denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return page(request, 403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return page(request, 403, stale=True)


def not_found(plain: HttpRequest, exception: Exception) -> HttpResponse:
    """An address that matches nothing has passed no `process_view`, so nobody has a seat yet."""
    request = cast(ConsoleRequest, plain)
    if request.resolver_match is None and request.user.is_authenticated:
        keep_zone(request)
        take_seat(request)
    return page(request, 404)


def only_actions(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """A page for an empty 405, for which a browser shows nothing of its own: as after a refused
    form is opened again by its address."""
    if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or request.method != "GET":
        return response
    shown = page(request, 405, section=section_of(request.path))
    shown["Allow"] = response.get("Allow", "")
    return shown


def crashed(request: HttpRequest) -> HttpResponse:
    """In plain text when the templates are what fails."""
    try:
        return page(request, 500)
    except Exception:
        logger.exception("The page for errors failed too")
        return HttpResponse(SHORT[500], status=500, content_type="text/plain")


SHORT = {
    400: "This request cannot be understood.",
    403: "You may not do this.",
    404: "There is nothing at this address.",
    405: "There is nothing to see at this address.",
    500: "Callboard failed. Try again; the log has the details.",
}


def page(plain: HttpRequest, status: int, **context: Any) -> HttpResponse:
    request = cast(ConsoleRequest, plain)
    if getattr(request, "htmx", None) and wants_part(request):
        response = HttpResponse(status=status)
        response["HX-Reswap"] = "none"
        text = "This page is out of date. Load it again." if "stale" in context else SHORT[status]
        return toast(response, text, tone="error")
    if hasattr(request, "workspace") and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        context["layout"] = "layouts/page.html"  # so that the person can go on
    return render(request, f"errors/{status}.html", context, status=status)
