"""Addresses with some parameters changed: filters, sorting and pages are links."""

from urllib.parse import urlencode

from django.http import HttpRequest

Value = str | int | bool | None


def with_params(request: HttpRequest, **changes: Value) -> str:
    """This page's address with `changes` made; None takes a parameter away, order is kept."""
    kept = [(name, value) for name, value in pairs(request) if name not in changes]
    added = [(name, text(value)) for name, value in changes.items() if value is not None]
    query = urlencode(kept + added)
    return f"{request.path}?{query}" if query else request.path


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
