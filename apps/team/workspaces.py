"""Workspaces as values, and who sits where."""

from functools import lru_cache

from django.db import transaction
from django.http import HttpRequest

from apps.team import sealing
from apps.team.models import Membership, User, Workspace
from console import request as shared
from console.request import Role, Seat


def seat_of(request: HttpRequest) -> Seat | None:
    """The workspace that the person chose last, else the first by name; None without any."""
    user = request.user
    if not user.is_authenticated:
        return None
    seats = seats_of(user.pk)
    chosen = [seat for seat in seats if seat.workspace_id == user.workspace_id]
    membership = next(iter(chosen or seats), None)
    return None if membership is None else as_seat(membership)


def seats_of(user_id: int) -> list[Membership]:
    found = Membership.objects.filter(user_id=user_id).select_related("workspace")
    return list(found.order_by("workspace__name"))


def as_seat(membership: Membership) -> Seat:
    return Seat(as_value(membership.workspace), Role(membership.role))


def as_value(row: Workspace) -> shared.Workspace:
    """Without a token that opens, the API itself says that it wants one."""
    token = opened(row.pk, row.sealed_token) if row.sealed_token else ""
    return shared.Workspace(row.pk, row.name, row.api_url, token)


def all_workspaces() -> list[shared.Workspace]:
    return [as_value(row) for row in Workspace.objects.order_by("pk")]


@lru_cache(maxsize=256)
def opened(row_id: int, sealed: str) -> str:
    try:
        return sealing.unseal(row_id, sealed)
    except sealing.Unopened:
        return ""


def set_role(user: User, workspace: Workspace, role: Role | None) -> None:
    """None takes the seat away. A change ends the person's sessions."""
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
        end_sessions(user)


def end_sessions(user: User) -> None:
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
