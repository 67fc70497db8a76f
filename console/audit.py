"""Who changed what that others rely on: written beside the change, never edited."""

from collections.abc import Sequence
from typing import Any

from django.apps import apps

from console.request import ConsoleRequest

SHOWN = 20


def record(request: ConsoleRequest, action: str, *, before: Any, after: Any) -> None:
    """`action` is a permission's name, `before` and `after` are values as JSON."""
    _entries().create(
        workspace_id=request.workspace.id,
        user_id=request.user.pk,
        username=request.user.get_username(),
        action=action,
        before=before,
        after=after,
    )


def recent(request: ConsoleRequest, action: str = "") -> Sequence[Any]:
    """The newest entries in this workspace, of one kind or all: username, at, action, before,
    after."""
    found = _entries().filter(workspace_id=request.workspace.id)
    found = found.filter(action=action) if action else found
    return list(found.order_by("-id")[:SHOWN])


def _entries() -> Any:
    return apps.get_model("team", "AuditEntry")._default_manager
