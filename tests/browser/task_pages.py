"""Pages of saved tasks for the accessibility walk."""

from collections.abc import Callable

from tests.apps.tasks.told import PAGE, tell, tell_actor
from tests.fakes import ACTOR_ID, FakeApi, page


def tasks(api: FakeApi) -> None:
    tell(api, title="Prices of every shop, each morning", actName="site-crawler")


def no_tasks(api: FakeApi) -> None:
    api.data("GET", "/v2/actor-tasks", page([]))
    api.data("GET", "/v2/actor-runs", page([]))


TASK_PAGES: dict[str, tuple[str, str, Callable[[FakeApi], None]]] = {
    "tasks": ("olga", "/tasks/", tasks),
    "no tasks": ("olga", "/tasks/", no_tasks),
    "new task": ("olga", f"/tasks/create/?actor={ACTOR_ID}", tell_actor),
    "task": ("olga", PAGE, tasks),
    "task to take along": ("olga", f"{PAGE}?dialog=copy", tasks),
    "task runs": ("vera", f"{PAGE}runs/", tasks),
    "task monitoring": ("vera", f"{PAGE}monitoring/", tasks),
    "task settings": ("olga", f"{PAGE}settings/", tasks),
}
