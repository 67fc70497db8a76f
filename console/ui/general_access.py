"""Who may read a run or storage without signing in: `generalAccess`, shown where the ids are."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.urls import reverse

from console import audit
from console.api.models.runs import Run
from console.api.models.storages import Storage
from console.api.resources.access import set_access
from console.request import ConsoleRequest
from console.ui.actions import act

# level -> what a person reads, and what it means
LEVELS: Final = {
    "FOLLOW_USER_SETTING": ("account setting", "What the account is set to decides."),
    "RESTRICTED": ("restricted", "Only this account, and whoever has a signed link."),
    "ANYONE_WITH_ID_CAN_READ": (
        "anyone with its ID",
        "Whoever knows the ID reads it without a token. IDs cannot be guessed.",
    ),
    "ANYONE_WITH_NAME_CAN_READ": (
        "anyone with its ID or name",
        "Names can be guessed: this is as good as public.",
    ),
}


@dataclass(frozen=True, slots=True)
class Access:
    """For `ui/access.html`; `level` is empty where the API tells none."""

    level: str
    url: str
    is_open: bool

    @property
    def word(self) -> str:
        return LEVELS.get(self.level, (self.level,))[0]

    @property
    def is_public(self) -> bool:
        return self.level.startswith("ANYONE")

    @property
    def levels(self) -> list[tuple[str, str, str]]:
        return [(level, *said) for level, said in LEVELS.items()]


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
        after = {"access": level, "of": f"{kind}/{its_id}"}
        audit.record(request, permission, before={}, after=after)

    return act(
        request,
        perform=perform,
        then=lambda _: then,
        said=lambda _: f"Who can read it: {LEVELS.get(level, (level,))[0]}.",
    )
