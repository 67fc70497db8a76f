"""Signatures of public URLs, the same as the official clients compute (endpoints.md, B row 7)."""

import base64
import hashlib
import hmac
import string

BASE62 = string.digits + string.ascii_letters


def record_signature(secret: str, key: str) -> str:
    """For `?signature=` of one record."""
    return _base62(secret, key)


def storage_signature(secret: str, storage_id: str, expires_at_ms: int = 0) -> str:
    """For `?signature=` of a whole storage; 0 never expires."""
    inner = _base62(secret, f"0.{expires_at_ms}.{storage_id}")
    text = f"0.{expires_at_ms}.{inner}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def opens_storage(secret: str, storage_id: str, signature: str, now_ms: int) -> bool:
    """Whether `signature` was made for this storage and is not over."""
    try:
        padded = signature + "=" * (-len(signature) % 4)
        version, expires, inner = base64.urlsafe_b64decode(padded).decode().split(".")
        ends = int(expires)
    except (ValueError, UnicodeDecodeError):
        return False
    expected = _base62(secret, f"{version}.{expires}.{storage_id}")
    return hmac.compare_digest(inner.encode(), expected.encode()) and (ends == 0 or ends > now_ms)


def opens_record(secret: str, key: str, signature: str) -> bool:
    return hmac.compare_digest(signature.encode(), record_signature(secret, key).encode())


def _base62(secret: str, message: str) -> str:
    digest = hmac.new(secret.encode(), message.encode(), hashlib.sha256).hexdigest()
    number = int(digest[:30], 16)
    letters = ""
    while number:
        number, rest = divmod(number, len(BASE62))
        letters = BASE62[rest] + letters
    return letters or "0"
