"""What errors of the API say to people."""

from console.api.errors import ApiError, TooSlow, Unreachable
from console.outcomes import VERBS


def test_every_error_says_what_happened_and_what_to_do() -> None:
    errors: list[ApiError] = [
        TooSlow("GET /x", seconds=10),
        Unreachable("GET /x", host="h", cause="c"),
    ]
    assert all(error.sentence.endswith(".") and error.advice.endswith(".") for error in errors)
    assert all(verb[:1].isupper() and not verb.endswith(".") for verb in VERBS.values())
