from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError

from apps.platform.domain.errors import ApiError


@contextmanager
def unique_name(word: str, noun: str, name: object) -> Iterator[None]:
    """ApiError 409 `{word}-name-not-unique` when the account has another `noun` of this name."""
    try:
        yield
    except IntegrityError:
        raise ApiError(
            409, f"{word}-name-not-unique", f"You already have {noun} named {name}"
        ) from None
