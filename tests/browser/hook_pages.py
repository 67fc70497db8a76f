"""Pages of webhooks and dispatches, told by the tests of those pages."""

from collections.abc import Callable

from tests.apps.runs.test_pages import tell as tell_run
from tests.apps.schedules.made import TASK_ID, schedule_json
from tests.apps.tasks.told import API as TASK
from tests.apps.tasks.told import PAGE as TASK_PAGE
from tests.apps.tasks.told import tell as tell_task
from tests.apps.webhooks.made import HOOKS, PAGE, SENT, tell, webhook_json
from tests.fakes import ACTOR_ID, RUN_ID, FakeApi, page


def of_actor(api: FakeApi) -> None:
    tell(api)
    api.data("GET", "/v2/schedules", page([schedule_json()]))


def of_task(api: FakeApi) -> None:
    tell_task(api)
    api.data("GET", f"{TASK}/webhooks", page([webhook_json(condition={"actorTaskId": TASK_ID})]))
    api.data("GET", "/v2/schedules", page([schedule_json()]))


def of_run(api: FakeApi) -> None:
    tell(api)
    tell_run(api)


def none_yet(api: FakeApi) -> None:
    api.data("GET", HOOKS, page([]))
    api.data("GET", "/v2/acts", page([]))


HOOK_PAGES: dict[str, tuple[str, str, Callable[[FakeApi], None]]] = {
    "actor integrations": ("olga", f"/actors/{ACTOR_ID}/integrations/", of_actor),
    "task integrations": ("olga", f"{TASK_PAGE}integrations/", of_task),
    "run integrations": ("olga", f"/runs/{RUN_ID}/integrations/", of_run),
    "webhooks": ("olga", "/webhooks/", tell),
    "no webhooks": ("olga", "/webhooks/", none_yet),
    "new webhook": ("olga", f"/webhooks/new/?actor={ACTOR_ID}", tell),
    "webhook": ("olga", PAGE, tell),
    "facts of a webhook": ("vera", PAGE, tell),
    "dispatches of a webhook": ("vera", f"{PAGE}dispatches/", tell),
    "dispatches": ("vera", "/webhooks/dispatches/", tell),
    "webhooks of a run": ("olga", f"/webhooks/runs/{RUN_ID}/", tell),
    "dispatch": ("olga", SENT, tell),
}
