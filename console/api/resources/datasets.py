"""Datasets: /v2/datasets (endpoints 68-74)."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from console.api.calls import JSON, Answer, Call, Param, params, path
from console.api.decode import Mismatch
from console.api.models.base import Page
from console.api.models.storages import Dataset
from console.api.reading import data, nothing, whole


@dataclass(frozen=True, slots=True)
class Items:
    """Raw items; `total` of the dataset, None where the API does not say it."""

    items: list[msgspec.Raw]
    total: int | None
    offset: int
    limit: int


def list_datasets(
    *, offset: int = 0, limit: int = 100, desc: bool = True, unnamed: bool | None = None
) -> Call[Page[Dataset]]:
    return Call(
        "GET",
        "/v2/datasets",
        data(Page[Dataset]),
        params(offset=offset, limit=limit, desc=desc, unnamed=unnamed),
    )


def get_dataset(dataset_id: str) -> Call[Dataset]:
    return Call("GET", path("/v2/datasets/{}", dataset_id), data(Dataset))


def rename_dataset(dataset_id: str, name: str) -> Call[Dataset]:
    return Call(
        "PUT",
        path("/v2/datasets/{}", dataset_id),
        data(Dataset),
        body=msgspec.json.encode({"name": name}),
        content_type=JSON,
    )


def delete_dataset(dataset_id: str) -> Call[None]:
    return Call("DELETE", path("/v2/datasets/{}", dataset_id), nothing)


def list_items(
    dataset_id: str,
    *,
    offset: int = 0,
    limit: int = 100,
    desc: bool = False,
    clean: bool | None = None,
    fields: str | None = None,
    omit: str | None = None,
) -> Call[Items]:
    """One page of items; the total comes in a header (rule 202)."""
    return Call(
        "GET",
        path("/v2/datasets/{}/items", dataset_id),
        _items,
        params(
            format="json",
            offset=offset,
            limit=limit,
            desc=desc,
            clean=clean,
            fields=fields,
            omit=omit,
        ),
    )


def export_items(dataset_id: str, options: Mapping[str, Param]) -> Call[Answer]:
    """For `AsyncApi.stream`; `options` are those of Get items, in the API's spelling."""
    return Call("GET", path("/v2/datasets/{}/items", dataset_id), whole, params(**options))


_raw_items = msgspec.json.Decoder(list[msgspec.Raw])


def _items(answer: Answer) -> Items:
    try:
        items = _raw_items.decode(answer.content)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as problem:
        raise Mismatch(str(problem)) from problem
    return Items(
        items,
        answer.figure("x-apify-pagination-total"),
        answer.figure("x-apify-pagination-offset") or 0,
        answer.figure("x-apify-pagination-limit") or len(items),
    )
