"""Any call of any route with any body: an answer, never 500."""

import re
from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.platform.routes import ROUTES
from tests.platform.conftest import Account

KEYS = (
    "name title description isPublic versions versionNumber sourceType sourceFiles envVars value"
    " isSecret buildTag taggedBuilds categories defaultRunOptions exampleRunInput actorStandby"
    " statusMessage isStatusMessageTerminal generalAccess url uniqueKey method headers userData id"
    " handledAt retryCount payload build timeoutSecs memoryMbytes format content buildId folder"
    " actId options input cronExpression timezone isEnabled actions type actorTaskId runInput body"
)
PARAMETERS = (
    "limit offset desc status timeout memory maxItems build version tag fields omit unwind clean"
    " skipEmpty skipHidden delimiter exclusiveStartKey exclusiveStartId cursor filter prefix"
    " lockSecs clientKey forefront name unnamed signature targetActorId gracefully raw my sortBy"
)
WORDS = (
    "",
    "0",
    "-1",
    "1",
    "true",
    "9" * 25,
    "1e3",
    "2026-01-01",
    "~",
    "ada~b",
    "\0",
    "\U0001f600",
    "latest",
    "256",
    "csv",
    "[]",
    "a,b,,c",
    "RUNNING,FAILED",
)
plain = st.sampled_from(
    [None, True, False, 0, -1, 1.5, 2**63, 1e300, "", "x", "0.1", "GIT_REPO", "a\0b", "GET"]
)
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS.split()), inner)
    ),
    max_leaves=8,
)
LEAVES = ("{recordKey}", "{requestId}", "{envVarName}", "/lock", "/batch")
# run-sync waits for the run, and what the next call is about must stay
routes = [
    route
    for route in ROUTES
    if "run-sync" not in route.path and (route.method != "DELETE" or route.path.endswith(LEAVES))
]


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_call_answers_calmly(zoe: Account, ids: dict[str, str], data: st.DataObject) -> None:
    route = data.draw(st.sampled_from(routes))
    words = st.sampled_from([word for word in WORDS if word])

    def part(found: re.Match[str]) -> str:
        return quote(ids.get(found[1]) or data.draw(words), safe="~")

    params = data.draw(
        st.dictionaries(st.sampled_from(PARAMETERS.split()), st.sampled_from(WORDS), max_size=3)
    )
    body: Any = data.draw(st.dictionaries(st.sampled_from(KEYS.split()), values) | values)
    response = zoe.http.request(
        route.method,
        zoe.url + re.sub(r"\{(\w+)\}", part, route.path),
        params=params,
        json=body if route.method in {"POST", "PUT", "DELETE"} else None,
    )
    assert response.status_code < 500, response.text
