"""Who calls: a token from the header or the `token` parameter (semantics.md rules 20-22)."""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from apps.platform.domain.errors import ApiError
from apps.platform.domain.identity import Identity, digest_of
from apps.platform.http.params import Query

FRESH = 5.0  # seconds in which a token that was taken back may still be believed
MOST = 10_000

Resolver = Callable[[str], Identity | None]


def token_of(headers: Mapping[str, str], query: Query) -> str:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and value.strip():
        return value.strip()
    return query.text("token") or ""


class Tokens:
    """Identities by the digest of their token; `resolver` looks a digest up and may block."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._known: OrderedDict[str, tuple[Identity, float]] = OrderedDict()

    def recall(self, token: str) -> Identity | None:
        """Who was found a moment ago, without asking anyone."""
        found = self._known.get(digest_of(token))
        return found[0] if found and found[1] > time.monotonic() else None

    def identify(self, token: str) -> Identity:
        """ApiError 401 when nobody has this token."""
        digest = digest_of(token)
        identity = self._resolver(digest)
        if identity is None:
            self._known.pop(digest, None)
            raise ApiError(
                401,
                "user-or-token-not-found",
                "User was not found or authentication token is not valid",
            )
        self._known[digest] = (identity, time.monotonic() + FRESH)
        while len(self._known) > MOST:
            self._known.popitem(last=False)
        return identity
