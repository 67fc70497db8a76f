"""Settings under which the Console does not start, each with a sentence that says what to do.

Django's `check` lists them; `refuse` ends every process of ours that would run with one.
"""

import sys
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

SHORTEST_KEY = 50
LEAST_VARIETY = 10
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})
PUBLISHED = ("django-insecure-", "changeme", "change-me", "change_me", "secret", "insecure")
SYNCHRONOUS = ("full", "normal")
ROLES = ("", "viewer", "launcher", "operator", "admin")


@register()
def check_settings(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    return [*_keys(), *_reach(), *_sign_in(), *_synchronous()]


def refuse() -> None:
    """Exits with the sentences when any of the errors is there."""
    errors = [each for each in check_settings() if isinstance(each, Error)]
    if errors:
        sys.exit("\n".join(f"Callboard does not start. {each.msg}" for each in errors))


def _keys() -> Sequence[CheckMessage]:
    key = settings.SECRET_KEY
    if len(key) < SHORTEST_KEY or len(set(key)) < LEAST_VARIETY:
        text = (
            "CALLBOARD_SECRET_KEY is too short or too plain: use at least "
            f"{SHORTEST_KEY} random characters, or leave it out."
        )
        return [Error(text, id="callboard.E001")]
    if key.lower().startswith(PUBLISHED):
        text = "CALLBOARD_SECRET_KEY is one that strangers know. Make a new one."
        return [Error(text, id="callboard.E002")]
    if not settings.FERNET_KEYS or not all(map(_is_fernet, settings.FERNET_KEYS)):
        text = (
            "CALLBOARD_FERNET_KEYS must hold keys of 32 bytes in URL-safe base64, newest first, "
            "with commas between them."
        )
        return [Error(text, id="callboard.E003")]
    return []


def _is_fernet(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


def _reach() -> Sequence[CheckMessage]:
    hosts = set(settings.ALLOWED_HOSTS)
    found: list[CheckMessage] = []
    if "*" in hosts:
        text = "CALLBOARD_ALLOWED_HOSTS must name the Console's host names, not *."
        found.append(Error(text, id="callboard.E004"))
    if settings.DEBUG and hosts - LOOPBACK:
        text = "CALLBOARD_DEBUG must be off where others can reach the Console: it shows settings."
        found.append(Error(text, id="callboard.E005"))
    if not settings.HTTPS and hosts - LOOPBACK:
        text = (
            "Others can reach the Console without HTTPS, so its cookies can be read on the way. "
            "Put a proxy with a certificate in front of it and set CALLBOARD_HTTPS=1."
        )
        found.append(Warning(text, id="callboard.W001"))
    return found


def _sign_in() -> Sequence[CheckMessage]:
    if settings.SIGN_IN_BY_TOKEN in ROLES:
        return []
    text = f"CALLBOARD_SIGN_IN_BY_TOKEN must be a role: {', '.join(ROLES[1:])}; or left out."
    return [Error(text, id="callboard.E006")]


def _synchronous() -> Sequence[CheckMessage]:
    if settings.SQLITE_SYNCHRONOUS in SYNCHRONOUS:
        return []
    text = f"CALLBOARD_SQLITE_SYNCHRONOUS must be one of: {', '.join(SYNCHRONOUS)}."
    return [Error(text, id="callboard.E007")]
