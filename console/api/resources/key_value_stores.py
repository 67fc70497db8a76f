"""Key-value stores: /v2/key-value-stores (endpoints 59-67)."""

import msgspec

from console.api.calls import JSON, Answer, Call, params, path
from console.api.models.base import Page
from console.api.models.storages import KeyPage, KeyValueStore
from console.api.reading import data, nothing, whole


def list_stores(
    *, offset: int = 0, limit: int = 100, desc: bool = True, unnamed: bool | None = None
) -> Call[Page[KeyValueStore]]:
    return Call(
        "GET",
        "/v2/key-value-stores",
        data(Page[KeyValueStore]),
        params(offset=offset, limit=limit, desc=desc, unnamed=unnamed),
    )


def create_store(name: str | None = None) -> Call[KeyValueStore]:
    """The store of that name, made if there is none; without a name always a new one."""
    return Call("POST", "/v2/key-value-stores", data(KeyValueStore), params(name=name))


def get_store(store_id: str) -> Call[KeyValueStore]:
    return Call("GET", path("/v2/key-value-stores/{}", store_id), data(KeyValueStore))


def rename_store(store_id: str, name: str) -> Call[KeyValueStore]:
    return Call(
        "PUT",
        path("/v2/key-value-stores/{}", store_id),
        data(KeyValueStore),
        body=msgspec.json.encode({"name": name}),
        content_type=JSON,
    )


def delete_store(store_id: str) -> Call[None]:
    return Call("DELETE", path("/v2/key-value-stores/{}", store_id), nothing)


def list_keys(
    store_id: str,
    *,
    limit: int = 100,
    exclusive_start_key: str | None = None,
    prefix: str | None = None,
) -> Call[KeyPage]:
    return Call(
        "GET",
        path("/v2/key-value-stores/{}/keys", store_id),
        data(KeyPage),
        params(limit=limit, exclusive_start_key=exclusive_start_key, prefix=prefix),
    )


def get_record(store_id: str, key: str) -> Call[Answer]:
    """The record as it is stored; its type is in `content-type` (rules 154-157)."""
    return Call("GET", path("/v2/key-value-stores/{}/records/{}", store_id, key), whole)


def get_archive(store_id: str, *, prefix: str | None = None) -> Call[Answer]:
    """All records as a zip archive, for `AsyncApi.stream`; newer APIs have it."""
    url = path("/v2/key-value-stores/{}/records", store_id)
    return Call("GET", url, whole, params(prefix=prefix))


def put_record(store_id: str, key: str, body: bytes, *, content_type: str) -> Call[None]:
    return Call(
        "PUT",
        path("/v2/key-value-stores/{}/records/{}", store_id, key),
        nothing,
        body=body,
        content_type=content_type,
    )


def delete_record(store_id: str, key: str) -> Call[None]:
    return Call("DELETE", path("/v2/key-value-stores/{}/records/{}", store_id, key), nothing)
