"""Keys made on the first start and kept beside the data, never in the database or the code."""

import base64
import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path


def read_secret_key(home: Path) -> str:
    """Django's signing key from `home/keys/secret`, made if it is not there."""
    return _read_or_make(home / "keys" / "secret", lambda: secrets.token_urlsafe(64))


def read_keys(home: Path) -> list[str]:
    """Fernet keys, newest first, one a line in `home/keys/fernet`, made if not there."""
    text = _read_or_make(home / "keys" / "fernet", _new_fernet_key)
    return [line for line in text.splitlines() if line]


def _new_fernet_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def _read_or_make(path: Path, make: Callable[[], str]) -> str:
    if path.exists():
        return path.read_text().strip()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    staged = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(make())
    with contextlib.suppress(FileExistsError):
        os.link(staged, path)  # the first of two processes that start together wins
    staged.unlink()
    return path.read_text().strip()
