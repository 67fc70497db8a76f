"""Accounts and their tokens. A token is kept as its SHA-256 and, sealed, for printing it again."""

import secrets

from apps.platform.domain.identity import Identity, digest_of
from apps.platform.models import Run, Token, User
from apps.platform.storage.secrets import seal, unseal


def identify(digest: str) -> Identity | None:
    """Who holds the token with this digest; a run's token names the run and its Actor."""
    found = (
        Token.objects.filter(digest=digest)
        .values_list("user_id", "user__username", "user__general_access", "run_id")
        .first()
    )
    if found is None:
        return None
    user_id, username, access, run_id = found
    actor_id = ""
    if run_id:
        actor_id = Run.objects.filter(id=run_id).values_list("actor_id", flat=True).first() or ""
    return Identity(user_id, username, access, run_id, actor_id)


def add_token(user: User, token: str = "", *, run_id: str = "") -> str:
    """The token's text, made up when not given."""
    token = token or f"apify_api_{secrets.token_urlsafe(27)}"
    sealed = "" if run_id else seal(token)
    Token.objects.update_or_create(
        digest=digest_of(token), defaults={"user": user, "run_id": run_id, "sealed": sealed}
    )
    return token


def is_of_another(user: User, token: str) -> bool:
    return Token.objects.filter(digest=digest_of(token)).exclude(user=user).exists()


def token_of(user: User) -> str:
    """A token of the account that can be printed, made when there is none."""
    for sealed in Token.objects.filter(user=user, run_id="").order_by("created_at"):
        try:
            return unseal(sealed.sealed)
        except ValueError:
            continue
    return add_token(user)
