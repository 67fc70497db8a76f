"""Fields of request bodies, each read by one function; ApiError 400 when it is something else."""

from typing import Any

from apps.platform.domain.errors import invalid_request, invalid_value
from apps.platform.http import json
from apps.platform.http.request import ApiRequest

LONGEST_TEXT = 100_000
BIGGEST = 2**31 - 1


def body_of(request: ApiRequest) -> dict[str, Any]:
    """The body as an object without NUL characters, which PostgreSQL cannot keep."""
    if json.holds_nul(request.body):
        raise invalid_request("The body must not hold NUL characters")
    return request.json_object()


def given(body: dict[str, Any], name: str) -> Any:
    """What the body has there; ApiError 400 names what is missing."""
    if name not in body:
        raise invalid_value(f"{name} is required")
    return body[name]


def text(body: dict[str, Any], name: str, *, most: int = LONGEST_TEXT) -> str:
    value = given(body, name)
    if not isinstance(value, str) or len(value) > most:
        raise invalid_value(f"{name} must be a string of at most {most} characters")
    return value


def text_or_null(body: dict[str, Any], name: str, *, most: int = LONGEST_TEXT) -> str | None:
    return None if body.get(name) is None else text(body, name, most=most)


def boolean(body: dict[str, Any], name: str) -> bool:
    value = given(body, name)
    if not isinstance(value, bool):
        raise invalid_value(f"{name} must be true or false")
    return value


def integer(body: dict[str, Any], name: str, *, minimum: int = 0, maximum: int = BIGGEST) -> int:
    value = given(body, name)
    if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
        raise invalid_value(f"{name} must be an integer between {minimum} and {maximum}")
    return value


def amount(body: dict[str, Any], name: str) -> float:
    """A number from 0, of dollars."""
    value = given(body, name)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= BIGGEST:
        raise invalid_value(f"{name} must be a number between 0 and {BIGGEST}")
    return value


def mapping(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = given(body, name)
    if not isinstance(value, dict):
        raise invalid_value(f"{name} must be an object")
    return value


def objects(body: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = given(body, name)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise invalid_value(f"{name} must be an array of objects")
    return value


def texts(body: dict[str, Any], name: str, *, most: int = 100) -> list[str]:
    value = given(body, name)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise invalid_value(f"{name} must be an array of strings")
    return value[:most]
