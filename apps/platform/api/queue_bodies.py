"""Requests of a queue as clients send them (semantics.md rules 208, 211, 224)."""

from typing import Any

from apps.platform.domain.errors import invalid_request, invalid_value

MOST_IN_BATCH = 25
# a tuple: a client may send a list or object, which cannot be looked up in a set
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH")


def request_of(body: Any) -> dict[str, Any]:
    """The request with its defaults; ApiError 400 naming the field that is wrong."""
    problem = _problem(body)
    if problem:
        raise invalid_value(problem)
    made = {key: value for key, value in body.items() if value is not None or key == "payload"}
    made.setdefault("uniqueKey", made["url"])
    made.setdefault("method", "GET")
    made.setdefault("retryCount", 0)
    return made


def _problem(body: Any) -> str:
    if not isinstance(body, dict):
        return "a request must be an object"
    if not isinstance(body.get("url"), str) or not body["url"]:
        return "url must be a text"
    for name in ("uniqueKey", "id"):
        if name in body and body[name] is not None and not isinstance(body[name], str):
            return f"{name} must be a text"
    if body.get("method", "GET") not in METHODS:
        return f"method must be one of {', '.join(sorted(METHODS))}"
    count = body.get("retryCount", 0)
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        return "retryCount must be an integer of at least 0"
    return ""


def batch_of(value: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(requests to add, those that are wrong, as they came)."""
    if not isinstance(value, list):
        raise invalid_request("The body must be an array of requests")
    if not 1 <= len(value) <= MOST_IN_BATCH:
        raise invalid_value(f"send 1 to {MOST_IN_BATCH} requests at once")
    good, bad = [], []
    for each in value:
        if _problem(each):
            shown = each if isinstance(each, dict) else {}
            bad.append({name: shown.get(name) for name in ("uniqueKey", "url", "method")})
        else:
            good.append(request_of(each))
    return good, bad
