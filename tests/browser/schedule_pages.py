"""Pages of schedules, told by the tests of those pages."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from tests.apps.schedules.made import schedule_json, task_json
from tests.apps.schedules.test_pages import API, PAGE, tell, tell_list
from tests.apps.schedules.test_targets import ADD, TASK
from tests.apps.schedules.test_targets import tell as tell_target
from tests.fakes import ACTOR_ID, FakeApi, actor_json, page


def several(api: FakeApi) -> None:
    soon = (timezone.now() + timedelta(hours=5)).isoformat()
    tell_list(
        api,
        schedule_json(nextRunAt=soon),
        schedule_json(id="hourly123", name="n" * 63, cronExpression="*/10 * * * *"),
        schedule_json(id="off123", name="off", isEnabled=False, actions=[], nextRunAt=None),
    )


def nothing(api: FakeApi) -> None:
    api.data("GET", "/v2/schedules", page([]))


def choice(api: FakeApi) -> None:
    api.data("GET", API, schedule_json())
    api.data("GET", "/v2/acts", page([actor_json()]))
    api.data("GET", "/v2/actor-tasks", page([task_json()]))


def silent(api: FakeApi) -> None:
    """The page asks for nothing of its own."""


SCHEDULE_PAGES: dict[str, tuple[str, str, Callable[[FakeApi], None]]] = {
    "schedules": ("olga", "/schedules/", several),
    "no schedules": ("olga", "/schedules/", nothing),
    "schedule": ("olga", PAGE, tell),
    "schedule as cron": ("vera", f"{PAGE}?mode=cron", tell),
    "schedule log": ("vera", f"{PAGE}log/", tell),
    "choice of targets": ("olga", ADD, choice),
    "new target": ("olga", f"{ADD}?actor={ACTOR_ID}", tell_target),
    "target": ("olga", TASK, tell_target),
    "new schedule": ("olga", "/schedules/create/", silent),
    "firings": ("vera", "/schedules/preview/", silent),
    "week": ("vera", "/schedules/week/", several),
}
