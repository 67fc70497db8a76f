"""The one error of the Platform, raised anywhere and turned into the envelope by `http`.

Source: semantics.md rules 6-13; the types are those of the public API.
"""

from collections.abc import Mapping


class ApiError(Exception):
    """`status` (4xx, or 5xx for trouble of our own), `type` (the API's word) and `message` (a
    sentence for a person)."""

    def __init__(
        self, status: int, type: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.type = type
        self.message = message
        self.headers = dict(headers or {})


def invalid_value(message: str) -> ApiError:
    return ApiError(400, "invalid-value", f"Invalid value provided: {message}")


def invalid_request(message: str) -> ApiError:
    return ApiError(400, "invalid-request", message)


def not_found(what: str) -> ApiError:
    return ApiError(404, "record-not-found", f"{what} was not found")


def token_missing() -> ApiError:
    return ApiError(401, "token-not-provided", "Authentication token was not provided")


def insufficient_permissions(what: str) -> ApiError:
    return ApiError(
        403,
        "insufficient-permissions",
        f"Insufficient permissions for the {what}. Make sure you're passing a "
        "correct API token and that it has the required permissions.",
    )
