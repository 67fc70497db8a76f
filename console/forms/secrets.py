"""Secret values travel through a form sealed: the browser gets nothing that it could read."""

from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from console.forms import jsontext
from console.forms.schema import MISSING

KEPT_SECONDS = 7 * 86_400


@cache
def _sealer() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FERNET_KEYS])


def seal(value: Any, context: str) -> str:
    """`context` names workspace and field: a seal opens nowhere else."""
    return _sealer().encrypt(jsontext.compact([context, value]).encode()).decode()


def unseal(sealed: str, context: str) -> Any:
    """MISSING when it is too old, foreign or broken."""
    try:
        text = _sealer().decrypt(sealed.encode(errors="replace"), ttl=KEPT_SECONDS).decode()
    except InvalidToken:
        return MISSING
    found, value = jsontext.loads(text)
    return value if found == context else MISSING
