"""What views and templates get, and who may do what.

Views name what they need: `@needs("runs.start")`. Templates ask `{% if request.may.runs_start %}`
(dots become underscores) before showing a button. The table is in `console.roles`; roles rise from
viewer to admin. `@needs("self")` is for what every signed-in person may do, even without a seat.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from console.http import Api
from console.roles import PERMISSIONS, SELF, May, Role

__all__ = [
    "PERMISSIONS",
    "SELF",
    "ConsoleRequest",
    "May",
    "Role",
    "Seat",
    "Workspace",
    "needs",
]

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Workspace:
    """An API address (without `/v2`) and the token for it."""

    id: int
    name: str
    api_url: str
    token: str

    @property
    def last_four(self) -> str:
        return self.token[-4:]


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's place in a workspace."""

    workspace: Workspace
    role: Role


class ConsoleRequest(HttpRequest):
    """After `console.middleware`; `workspace`, `role` and `api` only where a seat is needed."""

    htmx: HtmxDetails
    api: Api
    workspace: Workspace
    role: Role
    may: May
    zone: ZoneInfo
    request_id: str


def needs(permission: str) -> Callable[[V], V]:
    """Names the permission of a view; without it the middleware refuses the view to everyone."""
    if permission != SELF:  # a name that is not in the table fails when the module loads
        PERMISSIONS[permission]

    def named(view: V) -> V:
        view.needs = permission  # type: ignore[attr-defined] # functions carry attributes
        return view

    return named


def zone_of(user: Any) -> ZoneInfo:
    """The person's time zone; UTC while none is chosen, or when its name is not known."""
    try:
        return ZoneInfo(user.time_zone)
    except (KeyError, OSError, ValueError):
        return ZoneInfo("UTC")
