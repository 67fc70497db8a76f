"""Identifiers: 17 characters of [0-9a-zA-Z], about 101 bits of randomness."""

import base64
import hashlib
import re
import secrets
import string

ALPHABET = string.digits + string.ascii_letters
LENGTH = 17
ID = re.compile(r"[0-9a-zA-Z]{17}\Z")


def new_id() -> str:
    number, letters = secrets.randbelow(len(ALPHABET) ** LENGTH), []
    for _ in range(LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[digit])
    return "".join(letters)


def request_id(unique_key: str) -> str:
    """The id of a queue request, the same as clients compute (runtime-contract.md section 4)."""
    digest = base64.b64encode(hashlib.sha256(unique_key.encode()).digest()).decode()
    return re.sub(r"[+/=]", "", digest)[:15]
