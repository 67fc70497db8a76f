"""Between calls and httpx: what is sent, what an answer or a failure of httpx means."""

import socket
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode

import httpx
import msgspec

from console.api.calls import Answer, Call, figure
from console.api.decode import Mismatch, decode
from console.api.errors import (
    ApiError,
    Limited,
    Refused,
    TooSlow,
    Truncated,
    Unreachable,
    Unreadable,
)

T = TypeVar("T")

CONNECT_SECONDS = 5.0
ORIGIN = "WEB"  # what runs and builds that are started here say of it
LARGEST = 64 * 1024 * 1024
LONGEST_MESSAGE = 2000


@dataclass(frozen=True, slots=True)
class Target:
    """One API: its address without `/v2`, a token, and who we say we are."""

    base_url: str
    token: str
    user_agent: str = "Callboard"


class _Error(msgspec.Struct):
    type: str = ""
    message: str = ""


class _ErrorBody(msgspec.Struct):
    error: _Error


def build(target: Target, call: Call[T], *, seconds: float) -> httpx.Request:
    """The credential travels in this header alone, and compressed bodies are not asked for:
    httpx takes a compressed body that broke off for a whole one.

    Raises `Unreachable` when no request can be made of the address or the token.
    """
    try:
        return _request(target, call, seconds=seconds)
    except (httpx.InvalidURL, ValueError) as problem:
        cause = "its address or its token is not valid"
        raise Unreachable(call.label, host="The API", cause=cause) from problem


def _request(target: Target, call: Call[T], *, seconds: float) -> httpx.Request:
    query = f"?{urlencode(call.params)}" if call.params else ""
    url = httpx.URL(f"{target.base_url.rstrip('/')}{call.path}{query}")
    mark = f" {call.user_agent_suffix}" if call.user_agent_suffix else ""
    headers = {
        "Host": url.netloc.decode("ascii"),
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "User-Agent": target.user_agent + mark,
        "X-Apify-Request-Origin": ORIGIN,
    }
    if target.token:
        headers["Authorization"] = f"Bearer {target.token}"
    if call.content_type:
        headers["Content-Type"] = call.content_type
    timeout = {
        "connect": min(CONNECT_SECONDS, seconds),
        "read": seconds,
        "write": seconds,
        "pool": seconds,
    }
    return httpx.Request(
        call.method,
        url,
        headers=headers,
        content=call.body if call.method != "GET" else None,
        extensions={"timeout": timeout},
    )


def headers_of(response: httpx.Response) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): value.decode("latin-1")
        for name, value in response.headers.raw
    }


def length_of(headers: Mapping[str, str]) -> int | None:
    return figure(headers.get("content-length", ""))


def complete(call: Call[T], status: int, headers: Mapping[str, str], content: bytes) -> Answer:
    """A whole answer that `call` can read, or the error that the answer is."""
    length = length_of(headers)
    if length is not None and call.method != "HEAD" and length != len(content):
        raise Truncated(call.label)
    content = _decoded(call.label, headers.get("content-encoding", ""), content)
    is_gone = call.may_be_gone and status == HTTPStatus.NOT_FOUND
    if not is_success(status) and not is_gone:
        raise refusal(call.label, status, content)
    return Answer(status, headers, content)


def is_success(status: int) -> bool:
    return HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES


def read(call: Call[T], answer: Answer) -> T:
    try:
        return call.read(answer)
    except Mismatch as problem:
        raise Unreadable(call.label) from problem


def refusal(label: str, status: int, content: bytes) -> ApiError:
    """The API's own words where it has some (rule 6); never its HTML."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Limited(label, tries=1, retry_in=1)
    try:
        error = decode(content, _ErrorBody).error
    except Mismatch:
        error = _Error()
    message = error.message.strip()[:LONGEST_MESSAGE] or _MESSAGES.get(
        status, f"The API answered {status}."
    )
    return Refused(label, status=status, kind=error.type, message=message)


_MESSAGES = {
    301: "The API sent a redirect, which is not followed with a token.",
    302: "The API sent a redirect, which is not followed with a token.",
    307: "The API sent a redirect, which is not followed with a token.",
    308: "The API sent a redirect, which is not followed with a token.",
    404: "The API does not know this.",
}


def failure(
    label: str, host: str, problem: httpx.TransportError, *, seconds: float, answered: bool = False
) -> ApiError:
    """What a failure below HTTP means for the person who waits."""
    match problem:
        case httpx.ConnectTimeout():
            return Unreachable(label, host=host, cause="it does not answer")
        case httpx.PoolTimeout():
            return TooSlow(label, seconds=seconds, sent=False)
        case httpx.TimeoutException():
            return TooSlow(label, seconds=seconds)
        case httpx.ConnectError() | httpx.UnsupportedProtocol() | httpx.ProxyError():
            return Unreachable(label, host=host, cause=_cause(problem))
        case httpx.LocalProtocolError():
            return Unreachable(label, host=host, cause="the request cannot be sent as it is")
        case _:
            return Truncated(label, answered=answered)


def _cause(problem: BaseException) -> str:
    inner: BaseException | None = problem
    while inner is not None:
        match inner:
            case ssl.SSLCertVerificationError():
                return f"its certificate is not trusted ({inner.verify_message})"
            case ssl.SSLError():
                return "no secure connection could be made"
            case socket.gaierror():
                return "its name is not known"
            case ConnectionRefusedError():
                return "it refuses connections"
        inner = inner.__cause__ or inner.__context__
    if isinstance(problem, httpx.UnsupportedProtocol):
        return "its address is neither http nor https"
    return "no connection could be made"


def _decoded(label: str, encoding: str, content: bytes) -> bytes:
    if encoding in ("", "identity"):
        return content
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Unreadable(label)
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        unpacked = unpacker.decompress(content, LARGEST + 1)
    except zlib.error as problem:
        raise Unreadable(label) from problem
    if len(unpacked) > LARGEST:
        raise Unreadable(label)
    if not unpacker.eof:
        raise Truncated(label)
    return unpacked


@cache
def trust() -> ssl.SSLContext:
    """Made once: it takes longer than many calls."""
    return httpx.create_ssl_context()
