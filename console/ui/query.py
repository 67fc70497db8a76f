"""Addresses with some parameters changed: filters, sorting and pages are links."""

from urllib.parse import urlencode

from django.http import HttpRequest

Value = str | int | bool | None


def with_params(request: HttpRequest, page: str = "", /, **changes: Value) -> str:
    """This page's address, or `page` with this one's parameters, with `changes` made; None takes a
    parameter away, order is kept."""
    page = page or request.path
    added = [(name, text(value)) for name, value in changes.items() if value is not None]
    query = urlencode(without(request, *changes) + added)
    return f"{page}?{query}" if query else page


def without(request: HttpRequest, *names: str) -> list[tuple[str, str]]:
    """What a GET form must carry on as hidden fields beside its own inputs."""
    return [(name, value) for name, value in pairs(request) if name not in names]


def pairs(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, value) for name, values in request.GET.lists() for value in values]


def text(value: Value) -> str:
    return ("1" if value else "0") if isinstance(value, bool) else str(value)


def posted(request: HttpRequest, *without: str) -> list[tuple[str, str]]:
    """What was typed, to be sent again by hidden fields; never a password."""
    left_out = {"csrfmiddlewaretoken", "password", *without}
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in left_out
        for value in values
    ]
