"""Request bodies: read under caps, decoded under caps (runtime-contract.md section 4)."""

import tempfile
import zlib
from collections.abc import Callable
from typing import IO

import brotli
from starlette.requests import Request

from apps.platform.domain.errors import ApiError

SPOOL = 1 << 20
STEP = 1 << 20


def too_large(most: int) -> ApiError:
    return ApiError(
        413, "request-too-large", f"The request body is larger than the maximum of {most} bytes"
    )


async def read(request: Request, most: int) -> bytes:
    """The body as sent, at most `most` bytes."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise too_large(most)
        parts.append(part)
    return b"".join(parts)


async def spool(request: Request, most: int) -> IO[bytes]:
    """The body as sent in a file that stays in memory while it is small."""
    file = tempfile.SpooledTemporaryFile(SPOOL)  # noqa: SIM115 - the handler closes it
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            file.close()
            raise too_large(most)
        file.write(part)
    file.seek(0)
    return file


def decoded(body: bytes, encoding: str, most: int) -> bytes:
    """`body` without its Content-Encoding; ApiError 400 broken, 413 too large, 415 unknown."""
    for name in reversed([part.strip().lower() for part in encoding.split(",")]):
        if name in {"", "identity"}:
            continue
        if name not in DECODERS:
            raise ApiError(
                415, "unsupported-content-encoding", f"Content-Encoding {name} is not supported"
            )
        try:
            body = DECODERS[name](body, most)
        except (zlib.error, brotli.error, EOFError):
            raise ApiError(
                400, "invalid-content-encoding", f"The body is not valid {name} data"
            ) from None
    return body


def _inflate(body: bytes, most: int, bits: int) -> bytes:
    inflater = zlib.decompressobj(bits)
    out = inflater.decompress(body, most + 1)
    if len(out) > most:
        raise too_large(most)
    if not inflater.eof or inflater.unused_data:
        raise EOFError
    return out


def _gzip(body: bytes, most: int) -> bytes:
    return _inflate(body, most, 31)


def _deflate(body: bytes, most: int) -> bytes:
    try:
        return _inflate(body, most, 15)
    except zlib.error:
        return _inflate(body, most, -15)  # some clients send it without its header


def _brotli(body: bytes, most: int) -> bytes:
    decompressor = brotli.Decompressor()
    parts = [decompressor.process(body, output_buffer_limit=STEP)]
    size = len(parts[0])
    while size <= most and not decompressor.can_accept_more_data():
        part = decompressor.process(b"", output_buffer_limit=STEP)
        if not part:
            break
        parts.append(part)
        size += len(part)
    if size > most:
        raise too_large(most)
    if not decompressor.is_finished():
        raise EOFError
    return b"".join(parts)


DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
}
