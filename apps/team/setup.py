"""What commands need to make a Console usable; each can be repeated."""

from django.db import transaction

from apps.team.models import User, Workspace
from apps.team.workspaces import set_role
from console.request import Role


@transaction.atomic
def ensure_admin(username: str) -> User:
    """An account that is admin of every workspace there is and of those made later by
    `ensure_workspace`."""
    user = ensure_user(username)
    if not user.is_superuser:
        user.is_superuser = True
        user.save(update_fields=["is_superuser"])
    for workspace in Workspace.objects.all():
        set_role(user, workspace, Role.ADMIN)
    return user


def ensure_user(username: str) -> User:
    user, made = User.objects.get_or_create(username=username)
    if made:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    return user


@transaction.atomic
def ensure_workspace(name: str, api_url: str, token: str) -> Workspace:
    """Connects the workspace to this address and token; superusers become its admins."""
    row = Workspace.objects.filter(name=name).first() or Workspace(name=name)
    row.connect(api_url=api_url.rstrip("/").removesuffix("/v2"), token=token)
    for user in User.objects.filter(is_superuser=True):
        set_role(user, row, Role.ADMIN)
    return row
