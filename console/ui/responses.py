"""A page or its part, and what a person is told after an action."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

Tone = Literal["success", "info", "warning", "error"]
LEVELS = {
    "success": messages.SUCCESS,
    "info": messages.INFO,
    "warning": messages.WARNING,
    "error": messages.ERROR,
}


def wants_part(request: HttpRequest) -> bool:
    """True when htmx asks for a region of the page that it already shows.

    A boosted link, a swap of the whole body and Back ask for the whole page.
    """
    htmx: HtmxDetails = request.htmx  # type: ignore[attr-defined] # set by HtmxMiddleware
    whole = htmx.boosted or htmx.history_restore_request or htmx.request_type == "full"
    return bool(htmx) and not whole


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    partial: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole template, or its named `partial` when `wants_part`."""
    name = f"{template}#{partial}" if partial and wants_part(request) else template
    response = render(request, name, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Request-Type"])
    return response


def toast(response: HttpResponse, text: str, *, tone: Tone = "success") -> HttpResponse:
    """Tells it on the page that htmx is updating; static/js/toast.js shows it."""
    response["HX-Trigger"] = json.dumps({"toast": {"text": text, "tone": tone}})
    return response


def tell(request: HttpRequest, text: str, *, tone: Tone = "success") -> None:
    """Tells it on the next whole page."""
    messages.add_message(request, LEVELS[tone], text)
