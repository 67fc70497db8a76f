"""`generalAccess` is shown where the ids are and changed from there."""

from django.http import HttpResponse
from django.urls import reverse

from console import audit
from console.api.models.runs import Run
from console.api.models.storages import Storage
from console.api.resources.access import set_access
from console.readers import LEVELS, Access
from console.request import ConsoleRequest
from console.ui.actions import act


def shown(request: ConsoleRequest, found: Storage | Run, *, url_name: str) -> Access:
    """`url_name` is that of the action."""
    return Access(
        found.general_access or "",
        reverse(url_name, args=[found.id]),
        request.GET.get("dialog") == "access",
    )


def change(
    request: ConsoleRequest, *, kind: str, its_id: str, permission: str, then: str
) -> HttpResponse:
    """POST `level`. The API's PUT changes nothing else; who opened what is written down."""
    level = request.POST.get("level", "")

    def perform() -> None:
        request.api.run(set_access(kind, its_id, level))
        after = {"access": level, "of": f"{kind}/{its_id}", "page": then}
        audit.record(request, permission, before={}, after=after)

    return act(
        request,
        perform=perform,
        then=lambda _: then,
        said=lambda _: f"Who can read it: {LEVELS.get(level, (level,))[0]}.",
    )
