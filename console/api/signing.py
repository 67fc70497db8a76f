"""Signatures of public addresses, as the API's official clients compute them."""

import base64
import hashlib
import hmac
import string
from typing import Final

LETTERS: Final = string.digits + string.ascii_letters
DIGEST: Final = 30  # hexadecimal digits of the digest that are used


def storage_signature(secret: str, storage_id: str, *, expires_at: int | None) -> str:
    """For `?signature=`: opens reading of one storage until `expires_at` (milliseconds since 1970),
    for ever with None. `secret` is the storage's `urlSigningSecretKey`."""
    until = expires_at or 0
    inner = _short(secret, f"0.{until}.{storage_id}")
    return base64.urlsafe_b64encode(f"0.{until}.{inner}".encode()).decode().rstrip("=")


def _short(secret: str, message: str) -> str:
    digest = hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
    number = int(digest[:DIGEST], 16)
    text = ""
    while number:
        number, rest = divmod(number, len(LETTERS))
        text = LETTERS[rest] + text
    return text or LETTERS[0]
