"""Theme and density also go into cookies: the first paint and the sign-in page need them."""

from django.http import HttpResponseBase

from apps.team.models import User

YEAR = 365 * 24 * 60 * 60


def remember_look(response: HttpResponseBase, user: User) -> None:
    for name in ("theme", "density"):
        response.set_cookie(name, getattr(user, name), max_age=YEAR, samesite="Lax")
