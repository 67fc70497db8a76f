"""Signing in with a token of the account behind a workspace, where a setting allows it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from apps.team.models import User, Workspace
from apps.team.setup import ensure_user
from apps.team.workspaces import as_value, set_role
from console.api.errors import ApiError
from console.api.resources.users import get_me
from console.http import api_for
from console.request import Role

NAME = "api-token"  # by which failed tries are counted


class TokenBackend(BaseBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        token: str = "",
        **others: Any,
    ) -> User | None:
        """The account's own Console user. A token of another account opens nothing."""
        if not settings.SIGN_IN_BY_TOKEN or username != NAME or not token.isascii():
            return None
        for row in Workspace.objects.order_by("pk"):
            name = account(row.api_url, token)
            if name and name == account(row.api_url, as_value(row).token):
                user = ensure_user(f"{NAME}-{row.pk}")
                set_role(user, row, Role[settings.SIGN_IN_BY_TOKEN.upper()])
                return user if user.is_active else None
        return None

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()


def account(api_url: str, token: str) -> str:
    """The id of the account that a token belongs to; empty when the API does not take it."""
    if not token:
        return ""
    try:
        return api_for(api_url, token).run(get_me()).id
    except ApiError:
        return ""
