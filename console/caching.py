"""How the keys of Django's cache are stored: some hold what an API calls an id."""

from hashlib import sha256


def short_key(key: str, prefix: str, version: int) -> str:
    """Whatever text `key` is: of one length, and of letters and digits alone."""
    return sha256(f"{prefix}:{version}:{key}".encode("utf-8", "surrogatepass")).hexdigest()
