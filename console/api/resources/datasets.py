"""Datasets: /v2/datasets (endpoints 68-74)."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from console.api.calls import JSON, Answer, Call, Param, params, path
from console.api.decode import Mismatch
from console.api.models.base import Page
from console.api.models.storages import Dataset, DatasetStatistics, FieldStatistics
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


def create_dataset(name: str | None = None) -> Call[Dataset]:
    """The dataset of that name, made if there is none; without a name always a new one."""
    return Call("POST", "/v2/datasets", data(Dataset), params(name=name))


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


def get_statistics(dataset_id: str) -> Call[dict[str, FieldStatistics]]:
    """Per field of all items; newer APIs have it, and some refuse large datasets."""
    url = path("/v2/datasets/{}/statistics", dataset_id)
    return Call("GET", url, data(DatasetStatistics)).mapped(lambda told: told.field_statistics)


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
    unwind: str | None = None,
    flatten: str | None = None,
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
            unwind=unwind,
            flatten=flatten,
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
