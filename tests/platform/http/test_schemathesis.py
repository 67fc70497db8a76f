"""Schemathesis walks every route: no 5xx, and every 4xx says what is wrong in the error shape."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from apps.platform.routes import ROUTES
from tests.platform.conftest import Account
from tests.platform.http.openapi import document
from tests.platform.http.test_any_call import LEAVES

# run-sync waits for a runner, and what the next call is about must stay
WALKED = [
    route
    for route in ROUTES
    if "run-sync" not in route.path
    and not route.path.startswith("/v2/actors")
    and (route.method != "DELETE" or route.path.endswith(LEAVES))
]
schema = schemathesis.openapi.from_dict(document(WALKED))


@schema.parametrize()
@settings(
    max_examples=5,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_call_is_answered_in_shape(
    case: Case[Any], zoe: Account, ids: dict[str, str]
) -> None:
    case.path_parameters = {name: ids.get(name, v) for name, v in case.path_parameters.items()}
    case.call_and_validate(
        base_url=zoe.url,
        headers={"Authorization": f"Bearer {zoe.token}"},
        checks=[not_a_server_error, response_schema_conformance],
    )


def test_the_walk_sees_all_routes() -> None:
    assert len(list(schema.get_all_operations())) == len(WALKED) > 100
