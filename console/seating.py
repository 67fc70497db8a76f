"""Where the person of a request sits. No call of the API: what the database here knows."""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.module_loading import import_string

from console.http import api_for
from console.request import ConsoleRequest, May, Seat, zone_of


@cache
def finder() -> Callable[[HttpRequest], Seat | None]:
    """What `settings.SEAT_OF` names: it finds a person's seat."""
    found: Callable[[HttpRequest], Seat | None] = import_string(settings.SEAT_OF)
    return found


def take_seat(request: ConsoleRequest) -> Seat | None:
    """The request has its workspace, role and API from here on, if the person has a seat."""
    seat = finder()(request)
    if seat is not None:
        request.workspace, request.role = seat.workspace, seat.role
        request.may = May(seat.role)
        request.api = api_for(seat.workspace.api_url, seat.workspace.token)
    return seat


def keep_zone(request: ConsoleRequest) -> None:
    """Times of this request are the person's."""
    request.zone = zone_of(request.user)
    timezone.activate(request.zone)
