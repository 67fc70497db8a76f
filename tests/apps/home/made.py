"""What the API tells Home beside runs and Actors."""

from typing import Any

from tests.apps.schedules.made import schedule_json
from tests.apps.usage.made import month
from tests.fakes import FakeApi, dataset_json, page

TASKS = "/v2/actor-tasks"
SCHEDULES = "/v2/schedules"
DATASETS = "/v2/datasets"
USAGE = "/v2/users/me/usage/monthly"
BESIDE = (TASKS, SCHEDULES, DATASETS, USAGE)


def tell_nothing(api: FakeApi) -> None:
    for path in BESIDE[:3]:
        api.data("GET", path, page([]))
    api.data("GET", USAGE, month("2026-11-01T00:00:00.000Z", "2026-11-30T23:59:59.999Z"))


def tell_all(api: FakeApi, *tasks: dict[str, Any]) -> None:
    api.data("GET", TASKS, page(list(tasks)))
    api.data("GET", SCHEDULES, page([schedule_json(nextRunAt="2999-01-01T12:00:00.000Z")]))
    api.data("GET", DATASETS, page([dataset_json(name=None, itemCount=1234)]))
    api.data("GET", USAGE, month("2026-11-01T00:00:00.000Z", "2026-11-30T23:59:59.999Z"))
