"""The one JSON decoder and encoder of the protocol (reliability-security.md fact 12).

Refused with 400 `invalid-request`: bad UTF-8, NaN and Infinity, lone surrogates, nesting deeper
than 100, numbers longer than 4,300 digits.
"""

import re
from datetime import datetime
from typing import Any

import msgspec

from apps.platform.domain.clock import iso
from apps.platform.domain.errors import invalid_request

DEEPEST = 100
LONGEST_NUMBER = 4300
_DIGITS = re.compile(rb"[0-9]{%d}" % LONGEST_NUMBER)
_BRACKETS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    raise TypeError(type(value).__name__)


encode = msgspec.json.Encoder(enc_hook=_plain).encode
_decode = msgspec.json.Decoder().decode


def decode(body: bytes) -> Any:
    """Any JSON value; ApiError 400 when `body` is not one."""
    check(body)
    try:
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as problem:
        raise invalid_request(f"The body is not valid JSON: {problem}") from None


def check(body: bytes) -> None:
    """Depth and length of numbers, without building anything."""
    if _DIGITS.search(body):
        raise invalid_request("A number in the body has too many digits")
    if body.count(b"[") + body.count(b"{") <= DEEPEST:
        return
    depth = 0
    for found in _BRACKETS.finditer(body):
        mark = found[0]
        if mark in b"[{":
            depth += 1
            if depth > DEEPEST:
                raise invalid_request(f"The body is nested deeper than {DEEPEST} levels")
        elif mark in b"]}":
            depth -= 1
