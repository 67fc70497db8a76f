"""A person's own operations in the workspace they look at."""

from django.db.models import Q, QuerySet

from apps.operations.models import Intent
from console.outcomes import ASKED
from console.request import ConsoleRequest

IN_BELL = 8


def mine(request: ConsoleRequest) -> QuerySet[Intent]:
    """Newest first; a foreign one is not there."""
    return Intent.objects.filter(
        user_id=request.user.pk or 0, workspace_id=request.workspace.id
    ).order_by("-id")


SHOWN = {
    "": ("All", Q()),
    "on": ("On now", Q(is_over=False) & ~Q(state=ASKED)),
    "asks": ("Asks you", Q(state=ASKED)),
    "ended": ("Ended", Q(is_over=True)),
}


def unseen(request: ConsoleRequest) -> int:
    return mine(request).filter(is_seen=False).count()
