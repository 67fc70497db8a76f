"""Pages of schedules, told by the tests of those pages."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from tests.apps.schedules.made import schedule_json
from tests.apps.schedules.test_pages import PAGE, tell, tell_list
from tests.fakes import FakeApi, page


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


def silent(api: FakeApi) -> None:
    """The page asks for nothing of its own."""


SCHEDULE_PAGES: dict[str, tuple[str, str, Callable[[FakeApi], None]]] = {
    "schedules": ("olga", "/schedules/", several),
    "no schedules": ("olga", "/schedules/", nothing),
    "schedule": ("olga", PAGE, tell),
    "schedule as cron": ("vera", f"{PAGE}?mode=cron", tell),
    "schedule log": ("vera", f"{PAGE}log/", tell),
    "new schedule": ("olga", "/schedules/create/", silent),
    "firings": ("vera", "/schedules/preview/", silent),
    "week": ("vera", "/schedules/week/", several),
}
