"""Workspaces as values, and who sits where."""

from functools import lru_cache

from django.db import transaction
from django.http import HttpRequest

from apps.team import sealing
from apps.team.models import Membership, User, Workspace
from console import request as shared
from console.request import Role, Seat

Place = tuple[int, int, str, str, str]  # role, and the workspace's id, name, address, sealed token


def seat_of(request: HttpRequest) -> Seat | None:
    """The workspace that the person chose last, else the first by name; None without any."""
    user = request.user
    if not user.is_authenticated:
        return None
    places: list[Place] = user.places if hasattr(user, "places") else places_of(user.pk)
    chosen = [place for place in places if place[1] == user.workspace_id]
    for place in chosen or places:
        return Seat(workspace_of(*place[1:]), Role(place[0]))
    return None


def places_of(user_id: int) -> list[Place]:
    columns = ("workspace_id", "workspace__name", "workspace__api_url", "workspace__sealed_token")
    found = Membership.objects.filter(user_id=user_id).order_by("workspace__name")
    return list(found.values_list("role", *columns))


def seats_of(user_id: int) -> list[Membership]:
    found = Membership.objects.filter(user_id=user_id).select_related("workspace")
    return list(found.order_by("workspace__name"))


def as_value(row: Workspace) -> shared.Workspace:
    return workspace_of(row.pk, row.name, row.api_url, row.sealed_token)


def workspace_of(row_id: int, name: str, api_url: str, sealed_token: str) -> shared.Workspace:
    """Without a token that opens, the API itself says that it wants one."""
    token = opened(row_id, sealed_token) if sealed_token else ""
    return shared.Workspace(row_id, name, api_url, token)


def all_workspaces() -> list[shared.Workspace]:
    return [as_value(row) for row in Workspace.objects.order_by("pk")]


@lru_cache(maxsize=256)
def opened(row_id: int, sealed: str) -> str:
    try:
        return sealing.unseal(row_id, sealed)
    except sealing.Unopened:
        return ""


def set_role(user: User, workspace: Workspace, role: Role | None) -> None:
    """None takes the seat away. A change ends the person's sessions; a first seat here changes
    nothing that they have elsewhere, so it ends none."""
    held = Membership.objects.filter(user=user, workspace=workspace)
    before = held.first()
    if (before.role if before else None) == role:
        return
    with transaction.atomic():
        if role is None:
            held.delete()
        else:
            Membership.objects.update_or_create(
                user=user, workspace=workspace, defaults={"role": role}
            )
        if before is not None:
            end_sessions(user)


def end_sessions(user: User) -> None:
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
