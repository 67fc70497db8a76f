"""What can go wrong between the Console and an API.

ApiError
├── Unreachable      nothing was sent: name, connection or TLS failed
├── TooSlow          no complete answer within the deadline
├── Limited          429, also after the retries
├── Refused          the API answered with another error
├── Unreadable       the answer is not what the reference describes
└── Truncated        the answer broke off
"""

from http import HTTPStatus


class ApiError(Exception):
    """`sentence` says what happened, `advice` what to do; both are plain text for people.

    `maybe_done` is true when a request that changes things may have been carried out.
    """

    sentence = "The API could not be used."
    advice = "Try again in a moment."
    maybe_done = True

    def __init__(self, label: str) -> None:
        self.label = label
        super().__init__(f"{label}: {self.sentence}")


class Unreachable(ApiError):
    maybe_done = False

    def __init__(self, label: str, *, host: str, cause: str) -> None:
        self.host = host
        self.cause = cause
        self.sentence = f"{host} cannot be reached: {cause}."
        self.advice = "Nothing was sent. Check that the API is up, then try again."
        super().__init__(label)


class TooSlow(ApiError):
    def __init__(self, label: str, *, seconds: float, sent: bool = True) -> None:
        self.seconds = seconds
        self.maybe_done = sent
        self.sentence = f"The API did not answer within {seconds:g} seconds."
        self.advice = "It may be busy. Try again in a moment."
        super().__init__(label)


class Limited(ApiError):
    """`retry_in` is the number of seconds after which another try makes sense."""

    maybe_done = False

    def __init__(self, label: str, *, tries: int, retry_in: float) -> None:
        self.tries = tries
        self.retry_in = retry_in
        self.sentence = f"The API is limiting requests; it refused {tries} tries."
        self.advice = f"Nothing was done. Try again in {max(1, round(retry_in))} seconds."
        super().__init__(label)


class Refused(ApiError):
    """`status` of HTTP; `kind` and `message` from the error object, or made up by us."""

    def __init__(self, label: str, *, status: int, kind: str, message: str) -> None:
        self.status = status
        self.kind = kind
        self.message = message
        self.maybe_done = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        self.sentence = message
        self.advice = _ADVICE.get(status, _advice(status))
        super().__init__(label)


class Unreadable(ApiError):
    sentence = "The API answered in a way that cannot be read."
    advice = "Check that the address of the workspace is that of an API v2, then try again."


class Truncated(ApiError):
    """`answered` is false when the connection broke before the first byte of an answer."""

    advice = "Try again. If it happens again, something between here and the API cuts connections."

    def __init__(self, label: str, *, answered: bool = True) -> None:
        self.answered = answered
        end = "The answer broke off before its end."
        self.sentence = end if answered else "The connection broke before there was an answer."
        super().__init__(label)


_ADVICE = {
    401: "The token of this workspace is not accepted. An admin can set another one.",
    402: "The account's limits do not allow this.",
    403: "The token of this workspace may not do this.",
    404: "It may have been deleted, or it belongs to someone else.",
    409: "Someone changed it meanwhile. Load the page again.",
    413: "Send less at once.",
}


def _advice(status: int) -> str:
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return "Change what is refused, then try again."
    return "The API has a problem of its own. Try again in a moment."
