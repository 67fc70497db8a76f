"""The storage pages and what the API must answer for them."""

import json
from collections.abc import Callable
from typing import Any

from tests.apps.datasets.test_compare import tell as compared
from tests.fakes import (
    BUILD_ID,
    DATASET_ID,
    QUEUE_ID,
    RUN_ID,
    STORE_ID,
    FakeApi,
    build_json,
    dataset_json,
    page,
    queue_json,
    run_json,
    store_json,
)

DATASET = f"/storage/datasets/{DATASET_ID}/"
STORE = f"/storage/key-value-stores/{STORE_ID}/"
QUEUE = f"/storage/request-queues/{QUEUE_ID}/"
OVERVIEW = {
    "title": "Overview",
    "transformation": {"fields": ["title", "price"]},
    "display": {"component": "table", "properties": {"title": {"label": "Product"}}},
}
DEFINITION = {"storages": {"dataset": {"views": {"overview": OVERVIEW}}}}
HANDLED = "2026-11-24T12:00:00.000Z"


SIGNED = {"urlSigningSecretKey": "a key"}


def item(number: int) -> dict[str, Any]:
    return {
        "url": f"https://shop.example/p/{88120 + number}",
        "title": "Angle grinder 230 mm, soft start",
        "price": {"amount": 129.5, "currency": "EUR"} if number % 3 else None,
        "images": [f"https://img.example/{number}/{n}.jpg" for n in range(number % 4)],
        "inStock": number % 2 == 0,
        "note": "" if number % 2 else None,
        "description": "A long text about it. " * 30,
        **{f"field{n}": n * 1.5 for n in range(12)},
    }


def dataset(api: FakeApi) -> None:
    tell_items(api, [item(number) for number in range(50)], total=3389, name="prices-de", **SIGNED)


def empty_dataset(api: FakeApi) -> None:
    tell_items(api, [], total=0, itemCount=0)


def tell_items(api: FakeApi, items: list[Any], *, total: int, **changes: Any) -> None:
    headers = {"x-apify-pagination-total": str(total)}
    api.data(
        "GET", f"/v2/datasets/{DATASET_ID}", dataset_json(generalAccess="RESTRICTED", **changes)
    )
    content = json.dumps(items).encode()
    api.raw("GET", f"/v2/datasets/{DATASET_ID}/items", content, headers=headers)
    api.data("GET", f"/v2/actor-runs/{RUN_ID}", run_json())
    api.data("GET", f"/v2/actor-builds/{BUILD_ID}", build_json(actorDefinition=DEFINITION))


def datasets(api: FakeApi) -> None:
    named = dataset_json(name="a-name-as-long-as-names-may-be-" + "x" * 32)
    api.data("GET", "/v2/datasets", page([named, dataset_json(id="Abc")], total=57))


def stores(api: FakeApi) -> None:
    api.data("GET", "/v2/key-value-stores", page([store_json(name="state")]))


def queues(api: FakeApi) -> None:
    api.data("GET", "/v2/request-queues", page([]))


def store(api: FakeApi) -> None:
    tell_keys(api, ["INPUT", "OUTPUT", "screenshot.png", "x" * 256])


def tell_keys(api: FakeApi, names: list[str]) -> None:
    link = f"http://api.test/v2/key-value-stores/{STORE_ID}/records/k?signature=s"
    items = [{"key": name, "size": 1234, "recordPublicUrl": link} for name in names]
    more = {"count": len(names), "limit": 100, "isTruncated": True, "nextExclusiveStartKey": "x"}
    api.data("GET", f"/v2/key-value-stores/{STORE_ID}", store_json())
    api.data("GET", f"/v2/key-value-stores/{STORE_ID}/keys", {"items": items, **more})


def record(api: FakeApi) -> None:
    tell_keys(api, ["INPUT"])
    content = json.dumps(item(1)).encode()
    api.raw("GET", f"/v2/key-value-stores/{STORE_ID}/records/INPUT", content)


def html_record(api: FakeApi) -> None:
    tell_keys(api, ["page.html"])
    url = f"/v2/key-value-stores/{STORE_ID}/records/page.html"
    api.raw("GET", url, b"<h1>Hello</h1>", content_type="text/html")


def request_json(number: int, **changes: Any) -> dict[str, Any]:
    url = f"https://shop.example/category/tools/p/{number}?variant=long&more=stuff"
    return {
        "id": f"sbJ7klsdf7ujN{number}",
        "uniqueKey": url,
        "url": url,
        "method": "GET",
        **changes,
    }


def queue(api: FakeApi) -> None:
    requests = [
        request_json(1),
        request_json(2, handledAt=HANDLED),
        request_json(3, handledAt=HANDLED, errorMessages=["Timeout"]),
        request_json(4, retryCount=2),
    ]
    api.data("GET", f"/v2/request-queues/{QUEUE_ID}", queue_json(name="pages"))
    api.data("GET", f"/v2/request-queues/{QUEUE_ID}/requests", {"items": requests, "limit": 100})


def request(api: FakeApi) -> None:
    told = request_json(3, handledAt=HANDLED, errorMessages=["Timeout\n    at page.goto"])
    api.data("GET", f"/v2/request-queues/{QUEUE_ID}/requests/{told['id']}", told)


STORAGE_PAGES: dict[str, tuple[str, str, Callable[[FakeApi], None]]] = {
    "datasets": ("vera", "/storage/datasets/", datasets),
    "key-value stores": ("vera", "/storage/key-value-stores/", stores),
    "no request queues": ("vera", "/storage/request-queues/", queues),
    "dataset": ("olga", DATASET, dataset),
    "datasets compared": ("vera", f"{DATASET}compare/", compared),
    "dataset as JSON": ("vera", f"{DATASET}?view=json", dataset),
    "dataset without items": ("vera", DATASET, empty_dataset),
    "export": ("vera", f"{DATASET}?dialog=export&format=csv&limit=x", dataset),
    "view of a definition": ("vera", f"{DATASET}?named=overview", dataset),
    "export as Excel": ("olga", f"{DATASET}?dialog=export&format=xlsx&unwind=images", dataset),
    "share": ("olga", f"{DATASET}?dialog=share", dataset),
    "new dataset": ("olga", "/storage/datasets/?dialog=create", datasets),
    "rename": ("olga", f"{DATASET}?dialog=rename", dataset),
    "key-value store": ("olga", STORE, store),
    "record": ("vera", f"{STORE}records/INPUT/", record),
    "record as a page": ("olga", f"{STORE}records/page.html/", html_record),
    "record to edit": ("olga", f"{STORE}records/INPUT/edit/", record),
    "new record": ("olga", f"{STORE}?dialog=add", store),
    "request queue": ("olga", QUEUE, queue),
    "new requests": ("olga", f"{QUEUE}?dialog=add", queue),
    "unlock": ("olga", f"{QUEUE}?dialog=unlock&state=pending", queue),
    "request to unlock": (
        "olga",
        f"{QUEUE}requests/sbJ7klsdf7ujN3/?dialog=unlock",
        request,
    ),
    "request to edit": ("olga", f"{QUEUE}requests/sbJ7klsdf7ujN3/edit/", request),
    "request": ("vera", f"{QUEUE}requests/sbJ7klsdf7ujN3/", request),
}
