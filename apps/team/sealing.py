"""Tokens at rest: encrypted with keys from outside the database, each bound to its own row.

The newest key seals, all keys open, so that keys can be rotated.
"""

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unopened(Exception):
    """Sealed for another row, or with a key that is gone."""


def seal(row_id: int, token: str) -> str:
    return _box(tuple(settings.FERNET_KEYS)).encrypt(f"{row_id}:{token}".encode()).decode()


def unseal(row_id: int, sealed: str) -> str:
    """Raises `Unopened`, also when the ciphertext was copied from another row."""
    try:
        text = _box(tuple(settings.FERNET_KEYS)).decrypt(sealed).decode()
    except InvalidToken as problem:
        raise Unopened from problem
    owner, _, token = text.partition(":")
    if owner != str(row_id):
        raise Unopened
    return token


def reseal(row_id: int, sealed: str) -> str:
    """The same token under the newest key."""
    return seal(row_id, unseal(row_id, sealed))


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
