"""Who may read a run or storage without signing in: the levels of `generalAccess`, in words."""

from dataclasses import dataclass
from typing import Final

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
