"""One page of every type, each with what the API must answer for it."""

from collections.abc import Callable

from tests.apps.actors.test_source import SOURCE
from tests.apps.actors.test_source import tell as source
from tests.apps.home.made import tell_all, tell_nothing
from tests.apps.schedules.made import task_json
from tests.browser.actor_pages import ACTOR_PAGES
from tests.browser.hook_pages import HOOK_PAGES
from tests.browser.money_pages import MONEY_PAGES
from tests.browser.schedule_pages import SCHEDULE_PAGES
from tests.browser.storage_pages import DATASET, STORAGE_PAGES, dataset
from tests.browser.task_pages import TASK_PAGES
from tests.browser.work_pages import WORK_PAGES, earlier, run_rows
from tests.fakes import ACTOR_ID, RUN_ID, FakeApi, actor_json, page

Tell = Callable[[FakeApi], None]


def shell(api: FakeApi) -> None:
    """What every page's frame asks for."""
    figures = {
        "limits": {"maxActorMemoryGbytes": 16, "maxMonthlyUsageUsd": 60},
        "current": {"actorMemoryGbytes": 9, "monthlyUsageUsd": 58.12},
    }
    api.data("GET", "/v2/users/me/limits", figures)


def home(api: FakeApi) -> None:
    shell(api)
    actors = [actor_json(), actor_json(id=f"{ACTOR_ID[:-1]}2", title="A" * 60)]
    api.data("GET", "/v2/acts", page(actors))
    api.data("GET", "/v2/actor-runs", page(run_rows()))
    tell_all(api, task_json())


def empty_home(api: FakeApi) -> None:
    shell(api)
    api.data("GET", "/v2/acts", page([]))
    api.data("GET", "/v2/actor-runs", page([]))
    tell_nothing(api)


def gone(api: FakeApi) -> None:
    shell(api)
    for part in ("", "/dataset"):
        api.error("GET", f"/v2/actor-runs/{RUN_ID}{part}", 404, "record-not-found", "No such run")


PAGES: dict[str, tuple[str, str, Tell]] = {
    "home": ("ada", "/", home),
    "home of an empty workspace": ("luke", "/", empty_home),
    "styleguide": ("ada", "/styleguide/", shell),
    "styleguide with its dialog": ("ada", "/styleguide/?dialog=sample", shell),
    "sign in": ("", "/sign-in/", shell),
    "used link": ("", "/sign-in/link/used/", shell),
    "workspaces": ("vera", "/workspaces/", shell),
    "team": ("ada", "/team/", shell),
    "team of a viewer": ("vera", "/team/", shell),
    "workspace": ("ada", "/settings/workspace/", shell),
    "settings": ("vera", "/settings/", shell),
    "operations": ("vera", "/operations/", shell),
    "nothing there": ("vera", "/no-such-page/", shell),
    "not allowed": ("vera", "/actors/create/", shell),
    "run that is gone": ("vera", f"/runs/{RUN_ID}/", gone),
}


def framed(tell: Tell) -> Tell:
    def both(api: FakeApi) -> None:
        shell(api)
        tell(api)

    return both


PAGES |= {name: (who, at, framed(tell)) for name, (who, at, tell) in STORAGE_PAGES.items()}
PAGES |= {name: (who, at, framed(tell)) for name, (who, at, tell) in WORK_PAGES.items()}
PAGES |= {name: (who, at, framed(tell)) for name, (who, at, tell) in HOOK_PAGES.items()}
PAGES |= {name: (who, at, framed(tell)) for name, (who, at, tell) in SCHEDULE_PAGES.items()}
PAGES |= {name: (who, at, framed(tell)) for name, (who, at, tell) in MONEY_PAGES.items()}
PAGES |= {name: (who, at, framed(tell)) for name, (who, at, tell) in TASK_PAGES.items()}
PAGES |= {name: (who, at, framed(tell)) for name, (who, at, tell) in ACTOR_PAGES.items()}

# What htmx asks for beside the page: no page of its own, so it is counted and not walked with axe.
PARTS: dict[str, tuple[str, str, Tell]] = {
    "meters": ("vera", "/meters/", shell),
    "bell": ("vera", "/operations/bell/", shell),
    "usual figures of a run": ("vera", f"/runs/{RUN_ID}/usual/?actor={ACTOR_ID}", earlier),
    "last build and run": ("vera", f"{SOURCE}beside/", source),
    "address of an export": ("vera", f"{DATASET}export/address/?format=csv", dataset),
}
