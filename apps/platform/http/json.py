"""The one JSON decoder and encoder of the protocol (reliability-security.md fact 12).

Refused with 400 `invalid-request`: bad UTF-8, NaN and Infinity, lone surrogates, nesting deeper
than 100, numbers of 1,000 digits or out of range.
"""

import math
import re
from typing import Any

import msgspec

from apps.platform.domain.errors import ApiError, invalid_request

DEEPEST = 100
LONGEST_NUMBER = 1000
_MANY_DIGITS = re.compile(rb"[0-9]{%d}" % LONGEST_NUMBER)
_EXPONENT = re.compile(rb"[0-9][eE]\+?[0-9]{3}")
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]|[0-9][0-9.eE+-]*', re.DOTALL)


# times must come as text made by `domain.clock.iso`: the encoder would write microseconds
encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder().decode
_split = msgspec.json.Decoder(list[msgspec.Raw]).decode


def decode(body: bytes) -> Any:
    """Any JSON value; ApiError 400 when `body` is not one."""
    try:
        check(body)
        return _decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as problem:
        raise _invalid(problem) from None


def holds_nul(body: bytes) -> bool:
    """Whether a string of this JSON has a NUL character; a backslash before `u0000` has none."""
    return b"\\u0000" in body and _NUL.search(body) is not None


def raw(text: bytes) -> msgspec.Raw:
    """JSON that is already text, to be put into an answer as it is."""
    return msgspec.Raw(text)


def split(body: bytes) -> list[bytes]:
    """The elements of a JSON array as the bytes that came in, each one valid; ApiError 400."""
    try:
        body.decode()
        elements = [bytes(element) for element in _split(body)]
        for element in elements:
            check(element)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as problem:
        raise _invalid(problem) from None
    return elements


def check(value: bytes) -> None:
    """Depth and numbers of one JSON value, without building anything; ApiError 400."""
    if (
        value.count(b"[") + value.count(b"{") <= DEEPEST
        and not _MANY_DIGITS.search(value)
        and not _EXPONENT.search(value)
    ):
        return
    depth = 0
    for found in _TOKEN.finditer(value):
        mark = found[0]
        if mark in b"[{":
            depth += 1
        elif mark in b"]}":
            depth -= 1
        elif mark[:1] != b'"' and (len(mark) >= LONGEST_NUMBER or math.isinf(float(mark))):
            raise invalid_request("A number in the body is out of range")
        if depth > DEEPEST:
            raise invalid_request(f"The body is nested deeper than {DEEPEST} levels")


def _invalid(problem: Exception) -> ApiError:
    return invalid_request(f"The body is not valid JSON: {problem}")
