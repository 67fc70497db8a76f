"""The account of the token: /v2/users/me (endpoints 109, 111)."""

from console.api.calls import Call
from console.api.models.users import Limits, Me
from console.api.reading import data


def get_me() -> Call[Me]:
    return Call("GET", "/v2/users/me", data(Me))


def get_limits() -> Call[Limits]:
    return Call("GET", "/v2/users/me/limits", data(Limits))
