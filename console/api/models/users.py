"""The account behind a token (semantics.md rules 266-269, 272)."""

from typing import Any

from console.api.models.base import Id, Model


class Profile(Model, frozen=True):
    name: str | None = None
    bio: str | None = None
    picture_url: str | None = None


class Me(Model, frozen=True):
    id: Id
    username: str = ""
    email: str | None = None
    profile: Profile | None = None
    plan: dict[str, Any] | None = None
    proxy: dict[str, Any] | None = None


class Limits(Model, frozen=True):
    """Each of the two holds figures by name, `maxActorMemoryGbytes` and the like."""

    limits: dict[str, float | None] = {}
    current: dict[str, float | None] = {}
