"""Key-value stores (endpoints 59-67; semantics.md rules 47-50, 149-162)."""

import re
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, Any
from urllib.parse import quote

import brotli
from starlette.responses import Response

from apps.platform.api import storages
from apps.platform.domain import archives, signing
from apps.platform.domain.errors import ApiError, not_found
from apps.platform.http import bodies, envelope
from apps.platform.http.mounts import MountedRoute
from apps.platform.http.request import ApiRequest
from apps.platform.models import KeyValueStore, Record
from apps.platform.storage import reading, records

KEY = re.compile(r"[a-zA-Z0-9!\-_.'()]{1,256}\Z")
CONTENT_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(?:\s*;[\x20-\x7e]*)?\Z", re.ASCII)
BINARY = "application/octet-stream"
MOST_KEYS = 1000
LARGEST_RECORD = 1 << 30
ENCODINGS = frozenset({"gzip", "deflate", "br"})
# a record must never act as a page of this address
SAFE = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def _shape(row: KeyValueStore) -> dict[str, Any]:
    return {
        "stats": {
            "readCount": row.read_count,
            "writeCount": row.write_count,
            "deleteCount": row.delete_count,
            "listCount": row.list_count,
            "s3StorageBytes": row.storage_bytes,
            "storageBytes": row.storage_bytes,
        },
    }


KIND = storages.Kind(
    "keyValueStore", "key-value store", "key-value-stores", "key-value-stores", _shape
)
find = partial(storages.find, KIND)


def list_keys(request: ApiRequest, row: KeyValueStore) -> Response:
    """Keys in UTF-8 binary order with a cursor (rules 47-50)."""
    query = request.query
    limit = query.integer("limit", MOST_KEYS, maximum=MOST_KEYS) or MOST_KEYS
    after = query.text("exclusiveStartKey")
    found = records.keys(
        row.id, after=after or "", prefix=query.text("prefix") or "", most=limit + 1
    )
    _note(row.id, list_count=1)
    more = len(found) > limit
    secret = storages.secret_of(row)
    items = [
        {"key": key, "size": size, "recordPublicUrl": _public_url(request, row, key, secret)}
        for key, size in found[:limit]
    ]
    return envelope.data(
        {
            "limit": limit,
            "count": len(items),
            "isTruncated": more,
            "exclusiveStartKey": after,
            "nextExclusiveStartKey": items[-1]["key"] if more else None,
            "items": items,
        }
    )


def _public_url(request: ApiRequest, row: KeyValueStore, key: str, secret: str) -> str:
    """Signed for the owner, so that the link opens for whoever gets it."""
    url = _url(request, row, key)
    identity = request.identity
    if identity and identity.user_id == row.user_id:
        return f"{url}?signature={signing.record_signature(secret, key)}"
    return url


def _note(store_id: str, **counts: int) -> None:
    reading.note(KeyValueStore.objects.filter(id=store_id), **counts)


def _url(request: ApiRequest, row: KeyValueStore, key: str) -> str:
    return f"{request.base_url}/v2/key-value-stores/{row.id}/records/{quote(key, safe='')}"


def get_record(request: ApiRequest, row: KeyValueStore) -> Response:
    """The value with its content type, encoded as stored if the caller can read that."""
    record = _record(request, row)
    _note(row.id, read_count=1)
    headers = _headers(request, record)
    file = records.open_file(record)
    encoding = record.content_encoding
    if encoding and encoding not in request.headers.get("accept-encoding", ""):
        return envelope.stream(_decoded(file, encoding), record.content_type, headers)
    if encoding:
        headers["Content-Encoding"] = encoding
    headers["Content-Length"] = str(record.size)
    return envelope.stream(records.parts(file), record.content_type, headers)


def download_records(request: ApiRequest, row: KeyValueStore) -> Response:
    """All records, or those whose keys begin with `prefix`, decoded, as one archive."""
    _note(row.id, list_count=1)
    found = _contents(row.id, request.query.text("prefix") or "")
    headers = {**SAFE, "Content-Disposition": f'attachment; filename="{row.id}.zip"'}
    return envelope.stream(archives.zipped(found), "application/zip", headers)


def _contents(store_id: str, prefix: str) -> Iterator[tuple[str, Iterator[bytes]]]:
    after = ""
    while found := records.keys(store_id, after=after, prefix=prefix, most=MOST_KEYS):
        for key, _ in found:
            record = records.get(store_id, key)
            if record is not None:  # it may have been deleted meanwhile
                file, encoding = records.open_file(record), record.content_encoding
                yield key, _decoded(file, encoding) if encoding else records.parts(file)
        after = found[-1][0]
        _note(store_id, read_count=len(found))


def head_record(request: ApiRequest, row: KeyValueStore) -> Response:
    record = _record(request, row)
    headers = {**_headers(request, record), "Content-Length": str(record.size)}
    return envelope.raw(b"", record.content_type, headers)


def _record(request: ApiRequest, row: KeyValueStore) -> Record:
    record = records.get(row.id, request.params["recordKey"])
    if record is None:
        raise not_found("Record")
    return record


def _headers(request: ApiRequest, record: Record) -> dict[str, str]:
    headers = {**SAFE, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if request.query.boolean("attachment"):
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(record.key)}"
    return headers


def put_record(request: ApiRequest, row: KeyValueStore) -> Response:
    """Stores the body with its type and encoding (rules 154, 155, 161)."""
    key = request.params["recordKey"]
    if not KEY.match(key):
        raise ApiError(
            400,
            "invalid-record-key",
            "Record key contains invalid character. Letters, digits and !-_.'() are allowed, "
            "at most 256 of them",
        )
    content_type = request.content_type.strip() or BINARY
    if not CONTENT_TYPE.match(content_type):
        raise ApiError(400, "invalid-content-type", "Content-Type is not a valid media type")
    encoding = request.headers.get("content-encoding", "").strip().lower()
    encoding = "" if encoding == "identity" else encoding
    if encoding and encoding not in ENCODINGS:
        raise ApiError(
            415,
            "unsupported-content-encoding",
            f"Content-Encoding {encoding[:40]} is not supported",
        )
    with request.file as file:
        if encoding:
            _check_encoded(file, encoding)
        records.put(row.id, key, file, content_type=content_type, content_encoding=encoding)
    return envelope.bare({}, 201, {"Location": _url(request, row, key)})


def _check_encoded(file: IO[bytes], encoding: str) -> None:
    """A record that could not be read back is refused now."""
    try:
        for _ in _decoded(file, encoding, close=False):
            pass
    except (zlib.error, brotli.error, EOFError):
        raise ApiError(
            400, "invalid-content-encoding", f"The body is not valid {encoding} data"
        ) from None
    file.seek(0)


def _decoded(file: IO[bytes], encoding: str, *, close: bool = True) -> Iterator[bytes]:
    """In parts and under a cap: a few bytes can unfold into gigabytes."""
    size = 0
    try:
        for part in _UNFOLD[encoding](file):
            size += len(part)
            if size > LARGEST_RECORD:
                raise bodies.too_large(LARGEST_RECORD)
            yield part
    finally:
        if close:
            file.close()


def _inflate(file: IO[bytes], bits: int) -> Iterator[bytes]:
    inflater = zlib.decompressobj(bits)
    while data := file.read(bodies.STEP):
        while data:
            yield inflater.decompress(data, bodies.STEP)
            data = inflater.unconsumed_tail
    if not inflater.eof or inflater.unused_data:
        raise EOFError


def _unbrotli(file: IO[bytes]) -> Iterator[bytes]:
    decompressor = brotli.Decompressor()
    while data := file.read(bodies.STEP):
        yield decompressor.process(data, output_buffer_limit=bodies.STEP)
        while not decompressor.can_accept_more_data():
            yield decompressor.process(b"", output_buffer_limit=bodies.STEP)
    if not decompressor.is_finished():
        raise EOFError


def _deflate(file: IO[bytes]) -> Iterator[bytes]:
    """With or without the header of zlib: clients do both."""
    start = file.read(2)
    file.seek(0)
    with_header = len(start) == 2 and start[0] & 15 == 8 and (start[0] << 8 | start[1]) % 31 == 0  # noqa: PLR2004 - the two bytes that RFC 1950 begins with
    yield from _inflate(file, 15 if with_header else -15)


_UNFOLD: dict[str, Callable[[IO[bytes]], Iterator[bytes]]] = {
    "gzip": partial(_inflate, bits=31),
    "deflate": _deflate,
    "br": _unbrotli,
}


def delete_record(request: ApiRequest, row: KeyValueStore) -> Response:
    records.delete(row.id, request.params["recordKey"])
    return envelope.empty()


ROUTES = storages.routes(KIND)
MOUNTED = [
    *storages.mounted(KIND),
    MountedRoute("GET", "/keys", list_keys, auth="id"),
    MountedRoute("GET", "/records", download_records, auth="id"),
    MountedRoute("GET", "/records/{recordKey}", get_record, auth="id", rate=100),
    MountedRoute("HEAD", "/records/{recordKey}", head_record, auth="id", rate=100),
    MountedRoute("PUT", "/records/{recordKey}", put_record, rate=100, body="raw"),
    MountedRoute("POST", "/records/{recordKey}", put_record, rate=100, body="raw"),
    MountedRoute("DELETE", "/records/{recordKey}", delete_record, rate=100),
]
