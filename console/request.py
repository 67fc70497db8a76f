"""What views and templates get, and who may do what.

Views name what they need: `@needs("runs.start")`. Templates ask `{% if request.may.runs_start %}`
(dots become underscores) before showing a button. The table is PERMISSIONS, roles rise from viewer
to admin. `@needs("self")` is for what every signed-in person may do, also without a workspace.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from console.http import Api

V = TypeVar("V", bound=Callable[..., Any])


class Role(IntEnum):
    VIEWER = 1
    LAUNCHER = 2
    OPERATOR = 3
    ADMIN = 4

    @property
    def word(self) -> str:
        return self.name.lower()


SELF = "self"
PERMISSIONS = {
    "read": Role.VIEWER,
    "runs.start": Role.LAUNCHER,
    "runs.abort_own": Role.LAUNCHER,
    "runs.abort": Role.OPERATOR,
    "runs.delete": Role.OPERATOR,
    "runs.resurrect": Role.OPERATOR,
    "builds.start": Role.OPERATOR,
    "builds.abort": Role.OPERATOR,
    "builds.delete": Role.OPERATOR,
    "storages.edit": Role.OPERATOR,
    "actors.edit": Role.ADMIN,
    "team.manage": Role.ADMIN,
}


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


class May:
    """`may.runs_start`, for templates; `may("runs.start")`, for code."""

    def __init__(self, role: Role | None) -> None:
        self._role = role

    def __call__(self, permission: str) -> bool:
        if permission == SELF:
            return True
        return self._role is not None and self._role >= PERMISSIONS[permission]

    def __getattr__(self, name: str) -> bool:
        permission = name.replace("_", ".", 1)
        if permission not in PERMISSIONS:
            raise AttributeError(name)
        return self(permission)

    # Django's templates call what they can; this object is only looked into.
    do_not_call_in_templates = True


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
