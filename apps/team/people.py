"""Who asks, and where they sit: the question of every request, so it is one query in plain SQL.

Compiling a query takes Django 0.2 ms and answering it takes the database 0.02. This path only says
yes; at any doubt Django's own `get_user` decides, which also ends a session that does not hold.
"""

from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.db import connection
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject

from apps.team.models import User
from apps.team.workspaces import Place

NEEDED = {
    "id",
    "password",
    "username",
    "is_superuser",
    "is_staff",
    "is_active",
    "time_zone",
    "theme",
    "density",
    "workspace_id",
    "session_epoch",
}
FIELDS = [field.attname for field in User._meta.concrete_fields if field.attname in NEEDED]
# The names are ours, not a visitor's. An inactive person is not found.
SQL = f"""
SELECT {", ".join(f"u.{name}" for name in FIELDS)},
  m.role, w.id, w.name, w.api_url, w.sealed_token
FROM team_user u
LEFT JOIN team_membership m ON m.user_id = u.id
LEFT JOIN team_workspace w ON w.id = m.workspace_id
WHERE u.id = %s AND u.is_active
ORDER BY w.name
"""  # noqa: S608 - made of the constants above, the id is a parameter


class SignedIn(AuthenticationMiddleware):
    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: user_of(request))  # type: ignore[assignment] # Django's own is lazy too


def user_of(request: HttpRequest) -> Any:
    session = request.session
    if session.get(auth.BACKEND_SESSION_KEY) in settings.AUTHENTICATION_BACKENDS:
        user = person(session.get(auth.SESSION_KEY, ""))
        known = session.get(auth.HASH_SESSION_KEY, "")
        if user is not None and constant_time_compare(known, user.get_session_auth_hash()):
            return user
    return auth.get_user(request)


def person(user_id: str) -> User | None:
    """With `places`, by name of the workspace. Columns that no page needs load when asked for."""
    if not user_id.isdecimal():
        return None
    with connection.cursor() as cursor:
        cursor.execute(SQL, [int(user_id)])
        rows = cursor.fetchall()
    if not rows:
        return None
    user = User.from_db("default", FIELDS, rows[0][: len(FIELDS)])
    found: list[Place] = [row[len(FIELDS) :] for row in rows]
    user.places = [place for place in found if place[0] is not None]  # type: ignore[attr-defined] # known for this request alone
    return user
