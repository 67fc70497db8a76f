"""Who may open a stream, and whose stream must end: the rules of `console.middleware` for the
asynchronous side.

Both questions go to the database from two threads of their own. Between them a stream holds no
thread and no connection.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user, get_user_model
from django.contrib.sessions.models import Session
from django.db import close_old_connections
from django.http import HttpRequest, parse_cookie
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string

from console.request import Seat, Workspace, zone_of
from console.roles import May, Role

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Visitor:
    """A signed-in person at the moment of opening a stream."""

    user_id: int
    session_key: str
    workspace: Workspace
    role: Role
    zone: ZoneInfo

    def may(self, permission: str) -> bool:
        return May(self.role)(permission)


@cache
def threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(2, thread_name_prefix="door")


async def admit(headers: Iterable[tuple[bytes, bytes]], permission: str) -> Visitor | None:
    """The visitor, if there is one who may do this in their workspace."""
    found = dict(headers)
    if found.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
        return None
    cookies = parse_cookie(found.get(b"cookie", b"").decode("latin-1"))
    key = cookies.get(settings.SESSION_COOKIE_NAME)
    if not key:
        return None
    visitor = await in_thread(lambda: visitor_of(key))
    return visitor if visitor is not None and visitor.may(permission) else None


async def in_thread(ask: Callable[[], Any]) -> Any:
    def asked() -> Any:
        close_old_connections()
        return ask()

    return await asyncio.get_running_loop().run_in_executor(threads(), asked)


def visitor_of(key: str) -> Visitor | None:
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    request.user = get_user(request)
    if not request.user.is_authenticated:
        return None
    seat: Seat | None = import_string(settings.SEAT_OF)(request)
    if seat is None:
        return None
    return Visitor(request.user.pk, key, seat.workspace, seat.role, zone_of(request.user))


async def still_welcome(visitors: Collection[Visitor]) -> set[Visitor]:
    """Those whose session lives, who are active, and who sit where they sat: a few queries."""
    if not visitors:
        return set()
    welcome: set[Visitor] = await in_thread(lambda: _still_welcome(list(visitors)))
    return welcome


def _still_welcome(visitors: list[Visitor]) -> set[Visitor]:
    welcome: set[Visitor] = set()
    for first in range(0, len(visitors), AT_ONCE):
        some = visitors[first : first + AT_ONCE]
        signed_in = sessions({visitor.session_key for visitor in some})
        ids = {visitor.user_id for visitor in some}
        users = get_user_model()._default_manager.in_bulk(ids)
        seats = set(
            apps.get_model("team", "Membership")
            ._default_manager.filter(user_id__in=ids)
            .values_list("user_id", "workspace_id", "role")
        )
        for visitor in some:
            user: Any = users.get(visitor.user_id)
            known = signed_in.get(visitor.session_key)
            seat = (visitor.user_id, visitor.workspace.id, visitor.role.value)
            if user is None or known is None or not user.is_active or seat not in seats:
                continue
            is_same = constant_time_compare(known[1], user.get_session_auth_hash())
            if known[0] == str(visitor.user_id) and is_same:
                welcome.add(visitor)
    return welcome


def sessions(keys: set[str]) -> dict[str, tuple[str, str]]:
    """User id and hash of each session that has not ended."""
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    return {key: opened(data) for key, data in rows.values_list("session_key", "session_data")}


@lru_cache(maxsize=4096)
def opened(data: str) -> tuple[str, str]:
    held = import_module(settings.SESSION_ENGINE).SessionStore().decode(data)
    return str(held.get(SESSION_KEY, "")), str(held.get(HASH_SESSION_KEY, ""))
