"""Values encrypted at rest with the keys of the data folder, newest key first."""

from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


def _sealer() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FERNET_KEYS])


def seal(text: str) -> str:
    return _sealer().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What `seal` was given; ValueError when no key opens it."""
    try:
        return _sealer().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise ValueError("the key that sealed this is not among CALLBOARD_FERNET_KEYS") from None


def seal_env_var(env_var: dict[str, Any]) -> dict[str, Any]:
    """As kept in `Version.env_vars`: a secret has `sealed` in place of `value`."""
    if not env_var.get("isSecret") or "value" not in env_var:
        return env_var
    kept = {name: value for name, value in env_var.items() if name != "value"}
    return kept | {"sealed": seal(env_var["value"])}
