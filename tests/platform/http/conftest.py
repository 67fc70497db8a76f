"""An account with something of each kind, for calls of any route."""

import pytest

from tests.platform.conftest import Account, Platform


@pytest.fixture(scope="session")
def ids(platform: Platform) -> dict[str, str]:
    """Parameters of paths that name something real."""
    zoe = platform.account("zoe")
    version = {"versionNumber": "0.1", "sourceType": "SOURCE_FILES", "sourceFiles": []}
    actor = zoe.data("POST", "acts", json={"name": "any", "versions": [version]})
    build = zoe.data("POST", f"acts/{actor['id']}/builds?version=0.1")
    run = zoe.data("POST", f"acts/{actor['id']}/runs?memory=128")
    task = zoe.data("POST", "actor-tasks", json={"actId": actor["id"], "name": "any"})
    schedule = zoe.data("POST", "schedules", json={"cronExpression": "@daily"})
    return {
        "actorId": actor["id"],
        "scheduleId": schedule["id"],
        "actorTaskId": task["id"],
        "runId": run["id"],
        "buildId": build["id"],
        "buildOrRunId": run["id"],
        "versionNumber": "0.1",
        "datasetId": run["defaultDatasetId"],
        "storeId": run["defaultKeyValueStoreId"],
        "queueId": run["defaultRequestQueueId"],
    }


@pytest.fixture(scope="session")
def zoe(platform: Platform, ids: dict[str, str]) -> Account:
    assert ids
    return platform.account("zoe")
