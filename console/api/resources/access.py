"""`generalAccess` of runs and storages (endpoints 53, 62, 71, 78)."""

import msgspec

from console.api.calls import JSON, Call, path
from console.api.reading import nothing


def set_access(kind: str, its_id: str, level: str) -> Call[None]:
    """`kind` as in the address: actor-runs, datasets, key-value-stores, request-queues."""
    return Call(
        "PUT",
        path("/v2/{}/{}", kind, its_id),
        nothing,
        body=msgspec.json.encode({"generalAccess": level}),
        content_type=JSON,
    )
