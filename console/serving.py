"""Serves the assets before any other middleware works: no session, no database."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseNotFound
from django.http.response import HttpResponseBase

from console.compression import codings
from console.ui.assets import CODINGS, PREFIX, SOURCES, Asset, asset, packed

FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=60"


class AssetsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path.startswith(PREFIX):
            return serve(request)
        if settings.DEBUG:
            asset.cache_clear()
        return self.get_response(request)


def serve(request: HttpRequest) -> HttpResponse:
    """An outdated digest gets today's content, kept briefly: pages opened before an update work."""
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    parts = request.path.removeprefix(PREFIX).split(".")
    name = f"{parts[0]}.{parts[-1]}"
    if name not in SOURCES:
        return HttpResponseNotFound("There is no such file.", content_type="text/plain")
    found = asset(name)
    response = HttpResponse(content_type=found.content_type)
    response.content, encoding = encoded(found, request.headers.get("Accept-Encoding", ""))
    if encoding:
        response["Content-Encoding"] = encoding
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = FOREVER if request.path == found.url else BRIEFLY
    response["X-Content-Type-Options"] = "nosniff"
    return response


def encoded(found: Asset, accepted: str) -> tuple[bytes, str]:
    wanted = codings(accepted)
    for coding in CODINGS:
        if coding in wanted:
            return packed(found, coding), coding
    return found.plain, ""
