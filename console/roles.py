"""Roles and what they may do. Kept apart and small: models and every process load it."""

from enum import IntEnum


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
    "runs.reboot": Role.OPERATOR,
    "runs.metamorph": Role.OPERATOR,
    "runs.share": Role.OPERATOR,
    "builds.start": Role.OPERATOR,
    "builds.abort": Role.OPERATOR,
    "builds.delete": Role.OPERATOR,
    "schedules.edit": Role.OPERATOR,
    "storages.edit": Role.OPERATOR,
    "tasks.edit": Role.OPERATOR,
    "webhooks.edit": Role.OPERATOR,
    "actors.edit": Role.ADMIN,
    "limits.edit": Role.ADMIN,
    "team.manage": Role.ADMIN,
}


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
